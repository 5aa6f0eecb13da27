import { addPromptParameter } from '../../src/coder/migration-prompt.ts';
import type { PromptParameter, Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';
import type { ModuleNode } from '../../src/terraform/load.ts';
import type { Evaluation } from '../../src/terraform/scope.ts';

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
      counted,
    }: {
      address: string;
      parameter: string;
      when: 'start' | 'stop';
      counted: string;
    }) => ({
      problem: `${address} needs a coder_parameter named exactly "AI Prompt" up to Coder 2.27, and ${parameter} has no instance when Coder plans the ${when} at import.`,
      advice: `Declare ${counted} without a count.`,
      effects: since({ '2.24': 'import-fails', '2.28': null }),
    }),
  },
  check(template, { report, target }) {
    const [task] = template.aiTasks;
    // The template that calls a module declares the parameter.
    if (task === undefined || template.isModule) return;
    const { address, at } = task;
    const [prompt] = template.promptParameters;
    if (prompt === undefined) {
      report({ message: 'missing', data: { address }, at, address, ...addPromptParameter(template, target) });
      return;
    }
    const unplanned = unplannedAt(template);
    if (unplanned === null) return;
    const data = { address, parameter: prompt.address, ...unplanned };
    report({ message: 'notPlanned', data, at: prompt.at, address: prompt.address });
  },
});

/** The first of the two plans at import that has none of the prompt parameters, and what of the first is counted away. */
function unplannedAt(template: Template): { when: 'start' | 'stop'; counted: string } | null {
  for (const when of ['start', 'stop'] as const) {
    const evaluation = when === 'start' ? template.atImport : template.atStop;
    const counted = template.promptParameters.map((prompt) => countedAway(prompt, evaluation));
    if (counted[0] != null && !counted.includes(null)) return { when, counted: counted[0] };
  }
  return null;
}

/** The address of what a plan has no instance of, the parameter or a module around it; null when it is planned. */
function countedAway({ parameter, call }: PromptParameter, evaluation: Evaluation): string | null {
  const place = parameter ?? call;
  if (place === null) return null;
  const repeated = 'resource' in place ? place.resource : place.call;
  if (evaluation.instancesOf(place.node, repeated).count === 0) return place.address;
  for (let at: ModuleNode = place.node; at.parent !== null && at.call !== null; at = at.parent) {
    if (evaluation.instancesOf(at.parent, at.call).count === 0) return at.address;
  }
  return null;
}
