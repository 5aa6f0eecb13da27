import type { ProviderRange } from '../../src/coder/block-check.ts';
import { fullAddress } from '../../src/coder/import-world.ts';
import { readTaskData, renameTaskData } from '../../src/coder/migration-app-id.ts';
import { providerRangeOf } from '../../src/coder/provider-range.ts';
import {
  DATA_TYPES,
  FIRST_UNKNOWN_VERSION,
  INVENTED_TYPES,
  RESOURCE_TYPES,
} from '../../src/coder/provider-schema.ts';
import { defineRule, linesFrom, since } from '../../src/rule.ts';
import type { Resource } from '../../src/terraform/module.ts';
import { referencesIn } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'task/unknown-coder-type',
  summary: 'Finds coder_* types that the coder provider does not have, such as data "coder_ai_task".',
  messages: {
    unknownType: ({ address, type, what }: { address: string; type: string; what: string }) => ({
      problem: `${address} is of the type ${type}, and the coder provider has no such ${what}.`,
      advice:
        type === 'coder_ai_task'
          ? 'Use data "coder_task", which holds the prompt.'
          : 'Remove the block, or correct its type.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    removed: ({ address, type, version }: { address: string; type: string; version: string }) => ({
      problem: `${address} is of the type ${type}, which version ${version} of the coder provider removed.`,
      advice:
        type === 'coder_git_auth' ? 'Use data "coder_external_auth", its successor.' : 'Remove the block.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    perhapsNewer: ({ address, type, what }: { address: string; type: string; what: string }) => ({
      problem: `${address} is of the type ${type}, and no version of the coder provider before ${FIRST_UNKNOWN_VERSION} has such a ${what}.`,
      advice: 'Correct the type, or admit only versions of the provider that have it.',
      effects: since({ '2.24': 'degraded' }),
      leavesOpen: linesFrom('2.24'),
    }),
    noDataSource: ({ text }: { text: string }) => ({
      problem: `${text} reads a data source that does not exist: coder_ai_task is a resource.`,
      advice: 'Read the prompt from data.coder_task.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    const range = providerRangeOf(template);
    for (const node of template.tree.nodes) {
      for (const resource of node.module.resources.values()) {
        const { type, mode, block } = resource;
        if (!type.startsWith('coder_')) continue;
        const address = fullAddress(node, resource.address);
        const what = mode === 'data' ? 'data source' : 'resource';
        const at = block.labels[0]?.span ?? block.headerSpan;
        const types = mode === 'data' ? DATA_TYPES : RESOURCE_TYPES;
        const until = Object.hasOwn(types, type) ? types[type]?.until : undefined;
        if (until !== undefined && range.has(undefined, until) === 'no-longer') {
          report({ message: 'removed', data: { address, type, version: until }, at, address });
        }
        if (Object.hasOwn(types, type)) continue;
        const message = mayBeNewer(resource, range) ? 'perhapsNewer' : 'unknownType';
        const data = { address, type, what };
        report({ message, data, at, address, ...renameTaskData(template, node, resource) });
      }
      for (const reference of referencesIn(node.module)) {
        const { address, traversal, owner } = reference;
        if (!address.startsWith('data.coder_ai_task.') || node.module.resources.has(address)) continue;
        const at = { ...traversal.span, end: traversal.steps[1]?.span.end ?? traversal.span.end };
        report({
          message: 'noDataSource',
          data: { text: address },
          at,
          address: fullAddress(node, owner.address),
          ...readTaskData(template, node, reference),
        });
      }
    }
  },
});

/** Whether a provider that came later may have the type. What is a resource is no data source, nor the other way round. */
function mayBeNewer({ type, mode }: Resource, range: ProviderRange): boolean {
  const others = mode === 'data' ? RESOURCE_TYPES : DATA_TYPES;
  if (Object.hasOwn(others, type) || INVENTED_TYPES.has(type)) return false;
  // Tasks leave Coder; no provider will bring more of them.
  if (/^coder_(ai_)?task/.test(type)) return false;
  return range.has(FIRST_UNKNOWN_VERSION, undefined) === 'yes';
}
