import { fullAddress } from '../../src/coder/import-world.ts';
import { buildFix } from '../../src/coder/migration-fix.ts';
import { PROVIDER_VERSIONS } from '../../src/coder/provider-schema.ts';
import { minorOf } from '../../src/coder/versions.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'provider/unbounded',
  summary:
    'Finds Task templates that name no version of the coder provider, or pin one that knows no prompt.',
  messages: {
    none: ({ address }: { address: string }) => ({
      problem: `${address} names no version of the coder provider, so that Terraform takes the newest.`,
      advice: `Add version = ">= ${minorOf(PROVIDER_VERSIONS.taskData)}" to the coder entry of required_providers.`,
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
    pinned: ({ constraint }: { constraint: string }) => ({
      problem: `The constraint "${constraint}" pins the coder provider below ${PROVIDER_VERSIONS.taskData}, the first that hands a task its prompt.`,
      advice: `Admit version ${PROVIDER_VERSIONS.taskData} and later.`,
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    const { required, needs } = template.provider;
    const own = required.filter(({ node }) => node.parent === null);
    const [first] = own;
    const address = fullAddress(template.root, 'terraform');
    if (first === undefined) {
      const at = template.root.module.terraformBlocks[0]?.headerSpan ?? needs[0]?.at;
      if (at !== undefined) report({ message: 'none', data: { address }, at, address });
    } else if (own.every(({ entry }) => entry.versionExpression === undefined)) {
      const { argument } = first.entry;
      const mended = buildFix('Ask for a provider version', 'review', (fix) => {
        if (argument.value.kind !== 'object') fix.stop('the entry is no object');
        else
          fix
            .in(argument)
            .insertEntry(argument.value, 'version', `">= ${minorOf(PROVIDER_VERSIONS.taskData)}"`);
      });
      report({ message: 'none', data: { address }, at: argument.nameSpan, address, ...mended });
    }
    for (const { entry, constraint } of own) {
      // What the template already uses is the matter of provider/too-old.
      if (constraint?.pinned == null || constraint.admitsFrom(PROVIDER_VERSIONS.taskData)) continue;
      if (needs.some(({ version }) => !constraint.admitsFrom(version))) continue;
      const at = entry.versionExpression?.span ?? entry.argument.span;
      report({ message: 'pinned', data: { constraint: constraint.text }, at, address });
    }
  },
});
