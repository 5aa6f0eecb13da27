import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'upload/no-lock-file',
  summary: 'Finds Task templates without a lock file, whose providers change from import to import.',
  messages: {
    missing: ({ file }: { file: string }) => ({
      problem: `The template has no ${file}, so each import takes the newest providers that fit.`,
      advice: 'Run `terraform init` and commit the lock file.',
      effects: since({ '2.24': 'advice' }),
    }),
  },
  check(template, { report }) {
    const { tree, place: at } = template;
    // Of a module Terraform reads no lock file.
    if (
      !template.isAboutTasks ||
      template.isModule ||
      tree.hasLockFile ||
      !tree.source.isWhole ||
      at === undefined
    )
      return;
    report({ message: 'missing', data: { file: '.terraform.lock.hcl' }, at, address: null });
  },
});
