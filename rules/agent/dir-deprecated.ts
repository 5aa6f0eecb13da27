import { buildFix } from '../../src/coder/migration-fix.ts';
import { DIR_DEPRECATED_SINCE } from '../../src/coder/provider-schema.ts';
import { argumentNamed, isNull } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'agent/dir-deprecated',
  summary: 'Finds agents of Task templates that set dir, which the provider has deprecated.',
  messages: {
    deprecated: ({ address }: { address: string }) => ({
      problem: `${address} sets dir, which the coder provider deprecates from ${DIR_DEPRECATED_SINCE} on and will remove.`,
      advice: 'Remove dir, so that sessions start in the home directory.',
      effects: since({ '2.24': 'advice', '2.34': 'deprecated' }),
    }),
  },
  check(template, { report }) {
    const { required } = template.provider;
    const isReached = required.every(
      ({ constraint }) => constraint === null || constraint.admitsFrom(DIR_DEPRECATED_SINCE),
    );
    if (!template.isAboutTasks || !isReached) return;
    for (const { address, node, block } of template.agents) {
      const dir = argumentNamed(block.body, 'dir');
      if (node.remote || dir === undefined || isNull(dir.value)) continue;
      const mended = buildFix('Remove dir', 'review', (fix) => fix.inBlock(block).remove(dir));
      report({ message: 'deprecated', data: { address }, at: dir.span, address, ...mended });
    }
  },
});
