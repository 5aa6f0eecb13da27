import { fullAddress } from '../../src/coder/import-world.ts';
import { providerFix } from '../../src/coder/migration-provider.ts';
import { isLockedBelow } from '../../src/coder/provider-needs.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'provider/too-old',
  summary:
    'Finds version constraints and lock files that keep the coder provider below what the template uses.',
  messages: {
    excluded: ({ constraint, version, reason }: { constraint: string; version: string; reason: string }) => ({
      problem: `The constraint "${constraint}" on the coder provider excludes version ${version}, which ${reason} needs.`,
      advice: `Admit version ${version}.`,
      effects: since({ '2.24': 'import-fails' }),
    }),
    locked: ({ locked, version, reason }: { locked: string; version: string; reason: string }) => ({
      problem: `The lock file pins the coder provider to ${locked}, and ${reason} needs ${version}.`,
      advice: 'Run `terraform init -upgrade` and commit the lock file.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    admitsOlder: ({
      constraint,
      version,
      reason,
    }: {
      constraint: string;
      version: string;
      reason: string;
    }) => ({
      problem: `The constraint "${constraint}" on the coder provider also admits versions below ${version}, which ${reason} needs.`,
      advice: `Raise the lower bound to ">= ${version}".`,
      effects: since({ '2.24': 'advice' }),
    }),
  },
  check(template, { report }) {
    const { required, locked, needs } = template.provider;
    const [need] = needs;
    if (need === undefined) return;
    const { version, reason } = need;
    const related = [{ span: need.at, text: `needs ${version}` }];
    const mended = providerFix(template, version);
    for (const { node, entry, constraint } of required) {
      if (constraint === null) continue;
      const at = entry.versionExpression?.span ?? entry.argument.span;
      const address = fullAddress(node, 'terraform');
      const data = { constraint: constraint.text, version, reason };
      if (!constraint.admitsFrom(version))
        report({ message: 'excluded', data, at, address, related, ...mended });
      // What a module admits is bounded by the template, where the advice belongs.
      else if (constraint.admitsBelow(version) && node.parent === null) {
        report({ message: 'admitsOlder', data, at, address, related, ...mended });
      }
    }
    if (locked !== null && isLockedBelow(template.provider, version)) {
      const data = { locked: locked.version, version, reason };
      report({ message: 'locked', data, at: locked.at, address: null, related });
    }
  },
});
