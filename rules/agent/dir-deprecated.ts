import { buildFix } from '../../src/coder/migration-fix.ts';
import { providerRangeOf } from '../../src/coder/provider-range.ts';
import { argumentNamed } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { attributeRead } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'agent/dir-deprecated',
  summary: 'Finds agents of Task templates that set dir, which the provider deprecates.',
  messages: {
    set: ({ address }: { address: string }) => ({
      problem: `${address} sets dir, which the coder provider deprecates from 2.17 on.`,
      advice: 'Leave dir out: terminals then open in $HOME.',
      effects: since({ '2.24': 'advice', '2.34': 'deprecated' }),
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    if (providerRangeOf(template).has('2.17.0', undefined) !== 'yes') return;
    for (const agent of template.agents) {
      const { address, node, block } = agent;
      const dir = argumentNamed(block.body, 'dir');
      if (dir === undefined || node.remote) continue;
      const readers = template.referencesTo(agent).filter((read) => attributeRead(read) === 'dir');
      const mended = buildFix(`Remove dir from ${address}`, 'review', (fix) => {
        const [reader] = readers;
        if (reader !== undefined) fix.stop(`${reader.owner.address} reads it`);
        fix.inBlock(block).remove(dir);
      });
      report({ message: 'set', data: { address }, at: dir.span, address, ...mended });
    }
  },
});
