import { PROMPT_PARAMETER_NAME } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'param/required-without-preset',
  summary: 'Finds parameters of Task templates that must have a value and that a task cannot give.',
  messages: {
    noPreset: ({ address, name }: { address: string; name: string }) => ({
      problem: `${address} ("${name}") has no default, and tasks ask for no parameters: creating one fails with "Required parameter not provided".`,
      advice: 'Give it a default, or set it in every preset.',
      effects: since({ '2.24': 'degraded', '2.28': 'task-creation-fails', '2.37': null }),
    }),
    notEveryPreset: ({ address, name, preset }: { address: string; name: string; preset: string }) => ({
      problem: `${address} ("${name}") has no default, and ${preset} does not set it: a task with that preset, or with none, cannot be created.`,
      advice: 'Give it a default, or set it in every preset.',
      effects: since({ '2.24': 'degraded', '2.28': 'task-creation-fails', '2.37': null }),
    }),
  },
  check(template, { report }) {
    if (template.aiTasks.length === 0) return;
    for (const { address, name, required, planned, block, definedBy } of template.parameters) {
      // A parameter that may not be shown is not certain to be missed.
      const isShown = planned.count !== null && planned.count > 0;
      if (required !== true || !isShown || name === null || definedBy === 'registry-module') continue;
      // What Coder does about this one depends on the release: legacy/ai-prompt-parameter.
      if (name === PROMPT_PARAMETER_NAME) continue;
      const at = block.headerSpan;
      const lacking = template.presets.find(
        (preset) => preset.parameters !== null && !preset.parameters.has(name),
      );
      if (template.presets.length === 0) {
        report({ message: 'noPreset', data: { address, name }, at, address });
      } else if (lacking !== undefined) {
        const related = [{ span: lacking.block.headerSpan, text: 'does not set it' }];
        report({
          message: 'notEveryPreset',
          data: { address, name, preset: lacking.address },
          at,
          address,
          related,
        });
      }
    }
  },
});
