import { promptParameterFix } from '../../src/coder/migration-prompt.ts';
import {
  type Parameter,
  PROMPT_PARAMETER_NAME,
  type PromptParameter,
  type Template,
} from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'legacy/ai-prompt-parameter',
  summary:
    'Finds the "AI Prompt" parameter, which Coder fills up to 2.29 and treats like any other from 2.30.',
  messages: {
    required: ({ address }: { address: string }) => ({
      problem: `${address} is required, and Coder no longer fills it from 2.30 on, so that every task is refused.`,
      advice: 'Read the prompt from data.coder_task and remove the parameter.',
      effects: since({ '2.28': 'advice', '2.30': 'task-creation-fails', '2.37': 'deprecated' }),
    }),
    feedsAgent: ({ address }: { address: string }) => ({
      problem: `${address} is where the agent gets its prompt, and Coder no longer fills it from 2.30 on: the agent gets the default.`,
      advice: 'Read the prompt from data.coder_task and remove the parameter.',
      effects: since({ '2.28': 'advice', '2.30': 'prompt-lost', '2.37': 'deprecated' }),
    }),
    leftover: ({ address }: { address: string }) => ({
      problem: `${address} is named "AI Prompt", which means nothing from Coder 2.30 on: users see one more form field.`,
      advice: 'Remove the parameter.',
      effects: since({ '2.28': 'advice', '2.30': 'deprecated' }),
    }),
    unread: ({ address }: { address: string }) => ({
      problem: `${address} is where Coder up to 2.27 puts the prompt, and nothing reads it: there the agent starts without one, and from 2.30 on it is one more form field.`,
      advice: 'Remove the parameter, or fall back to it when Coder 2.27 and older matter.',
      effects: since({ '2.24': 'prompt-lost', '2.28': 'advice', '2.30': 'deprecated' }),
    }),
  },
  check(template, { report, target }) {
    const isRead = isPromptRead(template);
    for (const prompt of template.promptParameters) {
      const { parameter, address, at } = prompt;
      if (parameter === null) continue;
      const mended = promptParameterFix(template, prompt, target);
      const message = messageFor(template, prompt, parameter, isRead);
      report({ message, data: { address }, at, address, ...mended });
    }
  },
});

function messageFor(
  template: Template,
  prompt: PromptParameter,
  parameter: Parameter,
  isRead: boolean,
): 'required' | 'feedsAgent' | 'leftover' | 'unread' {
  const { fromTask, fromParameter } = template.promptWiring;
  // Without a task there is no prompt to lose and no task to refuse.
  if (template.aiTasks.length === 0) return 'leftover';
  if (parameter.required === true && parameter.planned.count !== 0 && !isSetByEveryPreset(template))
    return 'required';
  const feeds = (fromParameter.get(prompt) ?? []).length > 0;
  if (feeds) return fromTask.length === 0 ? 'feedsAgent' : 'leftover';
  return isRead ? 'leftover' : 'unread';
}

/** Whether anything takes the prompt from a parameter, this one or another of that name. */
function isPromptRead({ promptParameters, promptWiring: { fromParameter } }: Template): boolean {
  return promptParameters.some(
    (prompt) => prompt.parameter === null || (fromParameter.get(prompt) ?? []).length > 0,
  );
}

function isSetByEveryPreset(template: Template): boolean {
  const { presets } = template;
  return (
    presets.length > 0 && presets.every((preset) => preset.parameters?.has(PROMPT_PARAMETER_NAME) ?? false)
  );
}
