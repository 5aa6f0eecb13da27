import { buildFix } from '../../src/coder/migration-fix.ts';
import type { CoderBlock, Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'agents/leftover-tasks',
  summary: 'Finds the parts of Tasks that Coder 2.37 ignores, and that 2.36 leaves switched off.',
  messages: {
    ignored: ({ address }: { address: string }) => ({
      problem: `${address} is part of Tasks, which Coder 2.37 no longer has: it is ignored.`,
      advice: 'Remove it once no server below 2.37 uses the template; Coder Agents need nothing of it.',
      effects: since({ '2.36': 'advice', '2.37': 'degraded' }),
    }),
  },
  check(template, { report, target }) {
    const isOnlyLater = target.every((line) => line === '>=2.37');
    const tasks = template.aiTasks.flatMap(({ source }) => source ?? []);
    for (const source of [...tasks, ...template.taskData]) {
      const { address, node, block } = source;
      if (node.remote) continue;
      // On older lines the template may still be used for tasks.
      const mended = isOnlyLater ? removal(template, source) : {};
      report({ message: 'ignored', data: { address }, at: block.headerSpan, address, ...mended });
    }
  },
});

function removal(template: Template, source: CoderBlock) {
  if (template.referencesTo(source).length > 0) return {};
  return buildFix(`Remove ${source.resource.address}`, 'review', (fix) =>
    fix.inBlock(source.block).remove(source.block),
  );
}
