import { TASK_APP_OUTPUT } from '../../src/coder/catalog/catalog.ts';
import { fullAddress } from '../../src/coder/import-world.ts';
import { NO_FIX } from '../../src/coder/migration-fix.ts';
import { moduleFix } from '../../src/coder/migration-module.ts';
import { defineRule, since } from '../../src/rule.ts';
import { attributeRead, referencesTo } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'module/output-missing',
  summary: 'Finds references to an output that the resolved release of a registry module does not have.',
  messages: {
    missing: ({
      address,
      output,
      module,
      version,
    }: {
      address: string;
      output: string;
      module: string;
      version: string;
    }) => ({
      problem: `${address} is ${module} ${version}, which has no output "${output}".`,
      advice:
        output === TASK_APP_OUTPUT
          ? 'Pin a release that exports task_app_id, or let the module bring its own task.'
          : 'Read an output that this release has.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report, target }) {
    for (const known of template.catalogCalls) {
      const { address, node, call, facts, id, resolved } = known;
      if (facts === null || resolved === null || node.children.has(call.name)) continue;
      for (const reference of referencesTo(node.module, call.address)) {
        const output = attributeRead(reference);
        if (output === null || reference.guarded || facts.outputs.includes(output)) continue;
        report({
          message: 'missing',
          data: { address, output, module: id, version: resolved },
          at: reference.traversal.span,
          address: fullAddress(node, reference.owner.address),
          ...(output === TASK_APP_OUTPUT ? moduleFix(template, known, target) : NO_FIX),
        });
      }
    }
  },
});
