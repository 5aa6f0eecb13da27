import { presetKeyFix } from '../../src/coder/migration-prompt.ts';
import { PROMPT_PARAMETER_NAME, type Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'legacy/ai-prompt-in-preset',
  summary: 'Finds presets that set "AI Prompt", which no preset can do from Coder 2.30 on.',
  messages: {
    parameterGone: ({ address, prebuilt }: { address: string; prebuilt: boolean }) => ({
      problem: `${address} sets "AI Prompt", and the template has no such parameter: Coder 2.25 to 2.31 refuse the import${prebuilt ? ', and later releases too, as the preset has prebuilds' : ''}.`,
      advice: 'Remove the key from the preset.',
      effects: since({ '2.24': 'import-fails', '2.32': prebuilt ? 'import-fails' : 'degraded' }),
    }),
    fixedPrompt: ({ address }: { address: string }) => ({
      problem: `${address} sets "AI Prompt": up to Coder 2.29 that wins over what the user writes, later it changes nothing about the task.`,
      advice: 'Remove the key from the preset.',
      effects: since({ '2.24': 'advice', '2.28': 'degraded' }),
    }),
  },
  check(template, { report }) {
    const [prompt] = template.promptParameters;
    for (const preset of template.presets) {
      const { address, parameters, prebuildInstances } = preset;
      const key = parameters?.get(PROMPT_PARAMETER_NAME);
      if (key === undefined) continue;
      if (prompt === undefined) {
        if (mayHidePrompt(template)) continue;
        const prebuilt = (prebuildInstances ?? 0) > 0;
        const mended = presetKeyFix(preset, [PROMPT_PARAMETER_NAME]);
        report({ message: 'parameterGone', data: { address, prebuilt }, at: key.at, address, ...mended });
      } else {
        const related = [{ span: prompt.at, text: 'the parameter that it sets' }];
        report({ message: 'fixedPrompt', data: { address }, at: key.at, address, related });
      }
    }
  },
});

/** The parameter may have a computed name, or be part of a module of which nothing is known. */
function mayHidePrompt(template: Template): boolean {
  return (
    template.parameters.some((parameter) => parameter.name === null) ||
    template.opaqueCalls.some((call) => call.mayDefineTask)
  );
}
