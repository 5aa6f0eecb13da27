import { buildFix } from '../../src/coder/migration-fix.ts';
import { META_ARGUMENTS, META_BLOCKS, TASK_SCHEMA } from '../../src/coder/provider-schema.ts';
import type { BodyItem, Expression } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { textOf } from '../../src/source/source-file.ts';

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
      const unknown = block.body.items.filter((item) => !isKnown(item, schema, block.body.json));
      const title = `Remove what ${address} does not know`;
      // One fix for all of them, since they stand close together.
      const mended = buildFix(title, 'review', (builder) => {
        for (const item of unknown) {
          const id = item.kind === 'argument' && item.name === 'sidebar_app' ? idIn(item.value) : undefined;
          // A block written as an argument still names the app.
          if (id === undefined || item.kind === 'block') builder.inBlock(block).remove(item);
          else builder.inBlock(block).rename(item, 'app_id').replace(item.value, textOf(id.span));
        }
      });
      for (const item of unknown) {
        const isArgument = item.kind === 'argument';
        const name = isArgument ? item.name : item.type;
        const at = isArgument ? item.nameSpan : item.headerSpan;
        const data = { address, name, what: isArgument ? ('argument' as const) : ('block' as const) };
        report({ message: 'unknown', data, at, address, ...mended });
      }
    }
  },
});

function idIn(value: Expression): Expression | undefined {
  return value.kind === 'object' ? value.entries.find(({ name }) => name === 'id')?.value : undefined;
}

type Schema = (typeof TASK_SCHEMA)[keyof typeof TASK_SCHEMA];

function isKnown(item: BodyItem, schema: Schema, isJson: boolean): boolean {
  if (item.kind === 'block') return schema.blocks.has(item.type) || META_BLOCKS.has(item.type);
  const { name } = item;
  if (schema.arguments.has(name) || META_ARGUMENTS.has(name)) return true;
  // In JSON a nested block looks like an argument.
  return isJson && (schema.blocks.has(name) || META_BLOCKS.has(name) || name === '//');
}
