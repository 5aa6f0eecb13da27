import { fullAddress } from '../../src/coder/import-world.ts';
import { readTaskData } from '../../src/coder/migration-app-id.ts';
import type { AiTask, Template } from '../../src/coder/template.ts';
import type { Step } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { attributeRead, type Sink } from '../../src/terraform/references.ts';

const COMPUTED = ['prompt', 'enabled', 'id'];

export default defineRule({
  id: 'task/computed-in-count',
  summary:
    'Finds coder_ai_task attributes that are read before the task exists: in count or for_each, or by the module that it needs itself.',
  messages: {
    inCount: ({ text, owner }: { text: string; owner: string }) => ({
      problem: `${owner} counts by ${text}, which is known only after the task is created, so that the plan fails.`,
      advice: 'Read data.coder_task instead, which is known in every plan.',
      effects: since({ '2.24': 'import-fails', '2.37': null }),
    }),
    cycle: ({ text, owner }: { text: string; owner: string }) => ({
      problem: `${owner} reads ${text}, and that task takes its app from ${owner}: with a count, Terraform reports a cycle.`,
      advice: 'Read data.coder_task.<name>.prompt instead.',
      effects: since({ '2.24': 'import-fails', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const task of template.aiTasks) {
      if (task.source === null) continue;
      for (const sink of COMPUTED.flatMap((name) => readersOf(template, task, name))) {
        const { owner, traversal } = sink.reference;
        const address = fullAddress(sink.node, owner.address);
        const data = { text: sink.reference.address, owner: address };
        const first = owner.path[0];
        const mended = readTaskData(template, sink.node, sink.reference);
        if (first === 'count' || first === 'for_each') {
          report({ message: 'inCount', data, at: traversal.span, address, ...mended });
        } else if (feedsOwnApp(template, task, sink)) {
          report({ message: 'cycle', data, at: traversal.span, address, ...mended });
        }
      }
    }
  },
});

function readersOf(template: Template, task: AiTask, attribute: string): Sink[] {
  if (task.source === null) return [];
  return template.sinksOf(task.source, attribute).filter((sink) => {
    const read = attributeRead(sink.reference);
    return read === null || !COMPUTED.includes(read) || read === attribute;
  });
}

/**
 * The prompt goes into the counted module whose app the task names, both through `count.index` or `each.key`.
 * With a literal index, or without a count, Terraform finds no cycle (tried with Terraform 1.11.4).
 */
function feedsOwnApp(template: Template, task: AiTask, sink: Sink): boolean {
  const { owner } = sink.reference;
  if (owner.block.type !== 'module') return false;
  const call = sink.node.module.calls.get(owner.block.labels[0]?.text ?? '');
  if (call === undefined || (call.count === undefined && call.forEach === undefined)) return false;
  if (!hasComputedIndex(sink.reference)) return false;
  return template
    .taskTargets(task)
    .some(
      (target) =>
        target.kind === 'module-output' &&
        target.address === fullAddress(sink.node, call.address) &&
        target.expression.kind === 'traversal' &&
        hasComputedIndex(target.expression),
    );
}

function hasComputedIndex({ steps }: { readonly steps: readonly Step[] }): boolean {
  return steps.some((step) => step.kind === 'index' && step.key.kind === 'traversal');
}
