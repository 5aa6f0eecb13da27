import { addPromptParameter } from '../../src/coder/migration-prompt.ts';
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
  },
  check(template, { report, target }) {
    const [task] = template.aiTasks;
    if (task === undefined || template.promptParameters.length > 0) return;
    const { address, at } = task;
    report({ message: 'missing', data: { address }, at, address, ...addPromptParameter(template, target) });
  },
});
