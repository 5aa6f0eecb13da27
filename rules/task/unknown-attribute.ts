import { buildFix } from '../../src/coder/migration-fix.ts';
import { META_ARGUMENTS, META_BLOCKS, TASK_SCHEMA } from '../../src/coder/provider-schema.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/unknown-attribute',
  summary: 'Finds arguments and blocks that coder_ai_task and coder_task do not have.',
  messages: {
    unknown: ({ address, name, what }: { address: string; name: string; what: 'argument' | 'block' }) => ({
      problem: `${address} has the ${what} "${name}", which its type does not know.`,
      advice: `Remove the ${what}.`,
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    const tasks = template.blocks('managed', 'coder_ai_task');
    for (const { address, block, resource } of [...tasks, ...template.taskData]) {
      const schema = TASK_SCHEMA[resource.type as keyof typeof TASK_SCHEMA];
      for (const item of block.body.items) {
        const isArgument = item.kind === 'argument';
        const name = isArgument ? item.name : item.type;
        const isKnown = isArgument
          ? schema.arguments.has(name) || META_ARGUMENTS.has(name)
          : schema.blocks.has(name) || META_BLOCKS.has(name);
        // In JSON a nested block looks like an argument.
        const isJsonBlock =
          block.body.json && (schema.blocks.has(name) || META_BLOCKS.has(name) || name === '//');
        if (isKnown || isJsonBlock) continue;
        const at = isArgument ? item.nameSpan : item.headerSpan;
        report({
          message: 'unknown',
          data: { address, name, what: isArgument ? 'argument' : 'block' },
          at,
          address,
          ...buildFix(`Remove ${name}`, 'review', (builder) => builder.inBlock(block).remove(item)),
        });
      }
    }
  },
});
