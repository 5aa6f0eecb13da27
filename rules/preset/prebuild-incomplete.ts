import { PresetPlans } from '../../src/coder/preset-plan.ts';
import { defineRule, since } from '../../src/rule.ts';

/** Of so many at one preset, each further one tells nobody anything. */
const MAX_UNSET = 20;

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
    const required = template.parameters.filter(({ name, required }) => name !== null && required === true);
    const plans = new PresetPlans(template);
    for (const preset of template.presets) {
      const { address, block, parameters, prebuildInstances } = preset;
      if (prebuildInstances === null || prebuildInstances === 0 || parameters === null) continue;
      let unset = 0;
      for (const parameter of required) {
        const name = parameter.name ?? '';
        if (parameters.has(name) || !plans.shows(preset, parameter)) continue;
        const related = [{ span: parameter.block.headerSpan, text: 'is required' }];
        report({ message: 'unset', data: { address, name }, at: block.headerSpan, address, related });
        if (++unset === MAX_UNSET) break;
      }
    }
  },
});
