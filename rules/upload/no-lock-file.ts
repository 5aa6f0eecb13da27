import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'upload/no-lock-file',
  summary: 'Finds templates without a lock file, for which every import takes the newest providers.',
  messages: {
    missing: () => ({
      problem:
        'The template has no .terraform.lock.hcl: each import takes the newest providers that its constraints admit.',
      advice: 'Run `terraform init` and commit .terraform.lock.hcl.',
      effects: since({ '2.24': 'advice' }),
    }),
  },
  check(template, { report }) {
    const { tree, root } = template;
    const providers = [...root.module.requiredProviders.values()];
    const [first] = providers;
    // A provider whose version is exact needs no lock to stay what it is.
    const areAllExact = providers.every(({ version }) => /^=?\s*\d+\.\d+\.\d+$/.test(version ?? ''));
    if (tree.hasLockFile || first === undefined || areAllExact) return;
    report({ message: 'missing', data: undefined, at: first.argument.nameSpan, address: 'terraform' });
  },
});
