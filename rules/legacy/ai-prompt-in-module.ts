import { moduleFix } from '../../src/coder/migration-module.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'legacy/ai-prompt-in-module',
  summary:
    'Finds module releases that declare the "AI Prompt" parameter themselves and read the prompt from it.',
  messages: {
    inside: ({ address, module, version }: { address: string; module: string; version: string }) => ({
      problem: `${address} (${module} ${version}) declares the "AI Prompt" parameter inside, which Coder no longer fills from 2.30 on: the agent gets no prompt.`,
      advice: 'Move to a release that takes the prompt as an input.',
      effects: since({ '2.24': 'advice', '2.28': 'deprecated', '2.30': 'prompt-lost', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    for (const { parameter, call, at } of template.promptParameters) {
      if (parameter !== null || call === null) continue;
      const { address, id: module, resolved } = call;
      const data = { address, module, version: resolved ?? '' };
      report({ message: 'inside', data, at, address, ...moduleFix(template, call, target) });
    }
  },
});
