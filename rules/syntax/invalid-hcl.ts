import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'syntax/invalid-hcl',
  summary:
    'Finds configuration that Terraform cannot read: syntax errors, blocks declared twice, files that are no text.',
  ignorable: false,
  messages: {
    invalid: ({ summary, detail }: { summary: string; detail: string }) => ({
      problem: `Terraform cannot read this: ${sentence(summary)} ${detail}`.trim(),
      advice: 'Correct the syntax here.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    unreadable: ({ detail }: { detail: string }) => ({
      problem: `Terraform cannot read this file. ${detail}`,
      advice: 'Make it a file of UTF-8 text that can be read, or remove it.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    const modules = new Set(template.tree.nodes.map((node) => node.module));
    const problems = [...template.syntaxProblems, ...[...modules].flatMap((module) => module.problems)];
    for (const { span, summary, detail } of problems) {
      report({ message: 'invalid', data: { summary, detail }, at: span, address: null });
    }
    for (const { file, detail } of template.tree.unreadable) {
      report({ message: 'unreadable', data: { detail }, at: { file, start: 0, end: 0 }, address: null });
    }
  },
});

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
