import { fullAddress } from '../../src/coder/import-world.ts';
import { readTaskData, renameTaskData } from '../../src/coder/migration-app-id.ts';
import { DATA_TYPES, RESOURCE_TYPES } from '../../src/coder/provider-schema.ts';
import { defineRule, since } from '../../src/rule.ts';
import { referencesIn } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'task/unknown-coder-type',
  summary: 'Finds coder_* types that the coder provider never had, such as data "coder_ai_task".',
  messages: {
    unknownType: ({ address, type, what }: { address: string; type: string; what: string }) => ({
      problem: `${address} is of the type ${type}, and the coder provider has no such ${what}.`,
      advice:
        type === 'coder_ai_task'
          ? 'Use data "coder_task", which holds the prompt.'
          : 'Remove the block, or correct its type.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    noDataSource: ({ text }: { text: string }) => ({
      problem: `${text} reads a data source that does not exist: coder_ai_task is a resource.`,
      advice: 'Read the prompt from data.coder_task.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    for (const node of template.tree.nodes) {
      for (const resource of node.module.resources.values()) {
        const { type, mode, block } = resource;
        if (!type.startsWith('coder_')) continue;
        if (Object.hasOwn(mode === 'data' ? DATA_TYPES : RESOURCE_TYPES, type)) continue;
        const address = fullAddress(node, resource.address);
        const what = mode === 'data' ? 'data source' : 'resource';
        report({
          message: 'unknownType',
          data: { address, type, what },
          at: block.labels[0]?.span ?? block.headerSpan,
          address,
          ...renameTaskData(template, node, resource),
        });
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
