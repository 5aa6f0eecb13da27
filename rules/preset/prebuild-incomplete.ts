import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'preset/prebuild-incomplete',
  summary: 'Finds presets with prebuilds that leave a required parameter without a value.',
  messages: {
    unset: ({ address, name }: { address: string; name: string }) => ({
      problem: `${address} keeps prebuilt workspaces and does not set "${name}", which has no default: Coder from 2.32 on refuses the import.`,
      advice: 'Set the parameter in the preset, or give it a default.',
      effects: since({ '2.24': 'degraded', '2.32': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    for (const { address, block, parameters, prebuildInstances } of template.presets) {
      if (prebuildInstances === null || prebuildInstances === 0 || parameters === null) continue;
      for (const { name, required, planned, block: parameter } of template.parameters) {
        if (name === null || required !== true || (planned.count ?? 0) === 0 || parameters.has(name))
          continue;
        const related = [{ span: parameter.headerSpan, text: 'is required' }];
        report({ message: 'unset', data: { address, name }, at: block.headerSpan, address, related });
      }
    }
  },
});
