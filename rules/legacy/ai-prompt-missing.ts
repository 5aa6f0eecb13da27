import { addPromptParameter } from '../../src/coder/migration-prompt.ts';
import type { Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'legacy/ai-prompt-missing',
  summary: 'Finds Task templates for Coder 2.27 or older without a parameter named "AI Prompt".',
  messages: {
    missing: ({ address }: { address: string }) => ({
      problem: `${address} needs a coder_parameter named exactly "AI Prompt" up to Coder 2.27, and the template has none.`,
      advice: 'Add the parameter with an empty default when these releases matter.',
      effects: since({ '2.24': 'import-fails', '2.28': null }),
    }),
    // The provisioner looks for the name among the planned parameters (provisioner/terraform/resources.go at v2.27.0).
    notPlanned: ({
      address,
      parameter,
      when,
    }: {
      address: string;
      parameter: string;
      when: 'start' | 'stop';
    }) => ({
      problem: `${address} needs a coder_parameter named exactly "AI Prompt" up to Coder 2.27, and ${parameter} has no instance when Coder plans the ${when} at import.`,
      advice: 'Declare the parameter without a count.',
      effects: since({ '2.24': 'import-fails', '2.28': null }),
    }),
  },
  check(template, { report, target }) {
    const [task] = template.aiTasks;
    if (task === undefined) return;
    const { address, at } = task;
    const [prompt] = template.promptParameters;
    if (prompt === undefined) {
      report({ message: 'missing', data: { address }, at, address, ...addPromptParameter(template, target) });
      return;
    }
    const when = unplannedAt(template);
    if (when === null) return;
    const data = { address, parameter: prompt.address, when };
    report({ message: 'notPlanned', data, at: prompt.at, address: prompt.address });
  },
});

/** The first of the two plans at import that has none of the prompt parameters. */
function unplannedAt(template: Template): 'start' | 'stop' | null {
  const isGone = (evaluation: Template['atImport']) =>
    template.promptParameters.every(({ parameter, call }) => {
      const place = parameter ?? call;
      if (place === null) return false;
      const repeated = 'resource' in place ? place.resource : place.call;
      return evaluation.totalInstancesOf(place.node, repeated).count === 0;
    });
  if (isGone(template.atImport)) return 'start';
  return isGone(template.atStop) ? 'stop' : null;
}
