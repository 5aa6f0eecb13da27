import { defineRule, linesFrom, since } from '../../src/rule.ts';

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
    unverified: ({ detail }: { detail: string }) => ({
      problem: `It is not known whether Terraform can read this file. ${detail}`,
      advice: 'Make the file smaller and simpler, so that it can be checked.',
      effects: since({ '2.24': 'advice' }),
      leavesOpen: linesFrom('2.24', '2.37'),
      levelAtLeast: 'error',
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
    for (const { span, summary, detail, unverified } of problems) {
      const at = { at: span, address: null };
      if (unverified) report({ message: 'unverified', data: { detail }, ...at });
      else report({ message: 'invalid', data: { summary, detail }, ...at });
    }
    for (const { file, detail, isTooLarge } of template.tree.unreadable) {
      const message = isTooLarge ? 'unverified' : 'unreadable';
      report({ message, data: { detail }, at: { file, start: 0, end: 0 }, address: null });
    }
  },
});

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
