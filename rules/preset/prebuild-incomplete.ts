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
    const wanted = template.parameters.flatMap(({ name, required, planned, block }) =>
      name !== null && required === true && (planned.count ?? 0) > 0 ? [{ name, block }] : [],
    );
    for (const { address, block, parameters, prebuildInstances } of template.presets) {
      if (prebuildInstances === null || prebuildInstances === 0 || parameters === null) continue;
      const unset = wanted.filter(({ name }) => !parameters.has(name)).slice(0, MAX_UNSET);
      for (const { name, block: parameter } of unset) {
        const related = [{ span: parameter.headerSpan, text: 'is required' }];
        report({ message: 'unset', data: { address, name }, at: block.headerSpan, address, related });
      }
    }
  },
});
