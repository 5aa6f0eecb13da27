import { buildFix } from '../../src/coder/migration-fix.ts';
import { argumentNamed } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'preset/default',
  summary:
    'Finds Task templates with presets of which none is the default, and templates with more than one default.',
  messages: {
    none: ({ address }: { address: string }) => ({
      problem: `No preset is the default: the dashboard takes ${address}, the first one, and the CLI takes none.`,
      advice: 'Set default = true on one preset.',
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
    several: ({ address }: { address: string }) => ({
      problem: `${address} is a default preset, and so is another one: Coder refuses the import.`,
      advice: 'Keep default = true on one preset only.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    // Coder sees the presets that its import plans; their counts may exclude each other.
    const counted = template.presets.map((preset) => {
      const { count } = template.atImport.totalInstancesOf(preset.node, preset.resource);
      return { preset, count };
    });
    const presets = counted.filter(({ count }) => count !== 0).map(({ preset }) => preset);
    const [first] = presets;
    const [winner, ...others] = counted
      .filter(({ preset, count }) => preset.isDefault === true && count !== null && count > 0)
      .map(({ preset }) => preset);
    for (const { address, block } of others) {
      const related =
        winner === undefined ? [] : [{ span: winner.block.headerSpan, text: 'the other default' }];
      report({ message: 'several', data: { address }, at: block.headerSpan, address, related });
    }
    const mayHaveDefault = presets.some((preset) => preset.isDefault !== false);
    if (first === undefined || mayHaveDefault || template.aiTasks.length === 0) return;
    const name = argumentNamed(first.block.body, 'name');
    const place = name === undefined ? {} : { after: name };
    report({
      message: 'none',
      data: { address: first.address },
      at: first.block.headerSpan,
      address: first.address,
      ...buildFix(`Make ${first.address} the default`, 'review', (builder) =>
        builder.inBlock(first.block).setArgument(first.block, 'default', 'true', place),
      ),
    });
  },
});
