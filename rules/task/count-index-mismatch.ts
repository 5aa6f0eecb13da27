import { mendIndex } from '../../src/coder/migration-app-id.ts';
import type { AiTask, Template } from '../../src/coder/template.ts';
import type { Expression } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { callOrResourceAt } from '../../src/terraform/module.ts';
import { type Reference, referencesInBlock } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'task/count-index-mismatch',
  summary: 'Finds a task whose reference to its app does not fit the count of the module or app.',
  messages: {
    needsIndex: ({ target, owner, by }: Mismatch) => ({
      problem: `${owner} reads ${target} without an index, and ${target} has ${by === 'count' ? 'a count, which makes it a list' : 'for_each, which makes it a map'}.`,
      advice: `Give the task the same ${by} and write ${target}[${KEYS[by]}].`,
      effects: since({ '2.24': 'import-fails' }),
    }),
    noIndex: ({ target, owner }: Mismatch) => ({
      problem: `${owner} reads an instance of ${target}, which has neither count nor for_each.`,
      advice: `Write ${target} without the index.`,
      effects: since({ '2.24': 'import-fails' }),
    }),
    goneAtStop: ({ target, owner, by }: Mismatch) => ({
      problem: `${owner} exists when the workspace stops, and ${target}, which it reads by index, does not: Coder plans the stop when it imports a template.`,
      advice: `Give the task the same ${by} as ${target} and write ${target}[${KEYS[by]}].`,
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    for (const task of template.aiTasks) {
      for (const reference of appReferences(task)) {
        const found = mismatch(template, task, reference);
        if (found === null) continue;
        const { message, by } = found;
        const data = { target: reference.address, owner: task.address, by };
        const mended = mendIndex(task, reference, message);
        report({ message, data, at: reference.traversal.span, address: task.address, ...mended });
      }
    }
  },
});

interface Mismatch {
  readonly target: string;
  readonly owner: string;
  /** What repeats the target. */
  readonly by: 'count' | 'for_each';
}

/** What names the instance of a repeated block from inside another that is repeated alike. */
const KEYS = { count: 'count.index', for_each: 'each.key' };

/** References inside the expression that names the app. */
function appReferences({ source, appExpression }: AiTask): Reference[] {
  if (source === null || appExpression === null) return [];
  const isInside = ({ span }: Expression) =>
    span.file === appExpression.span.file &&
    span.start >= appExpression.span.start &&
    span.end <= appExpression.span.end;
  return referencesInBlock(source.node.module, source.block).filter(
    (reference) => !reference.guarded && isInside(reference.traversal),
  );
}

function mismatch(
  template: Template,
  task: AiTask,
  reference: Reference,
): { message: 'needsIndex' | 'noIndex' | 'goneAtStop'; by: Mismatch['by'] } | null {
  const node = task.source?.node;
  const target = node && callOrResourceAt(node.module, reference.address);
  if (node === undefined || target === undefined) return null;
  const isRepeated = target.count !== undefined || target.forEach !== undefined;
  const by = target.forEach === undefined ? 'count' : 'for_each';
  const [first] = reference.steps;
  if (first?.kind === 'attribute') return isRepeated ? { message: 'needsIndex', by } : null;
  if (first?.kind !== 'index') return null;
  if (!isRepeated) return { message: 'noIndex', by };
  const stopped = (repeated: Parameters<typeof template.atStop.totalInstancesOf>[1]) =>
    template.atStop.totalInstancesOf(node, repeated).count;
  const owner = task.source?.resource;
  if (owner === undefined) return null;
  return stopped(target) === 0 && (stopped(owner) ?? 0) > 0 && !isConditional(task.appExpression)
    ? { message: 'goneAtStop', by }
    : null;
}

/** A condition may keep the instance from being read; without evaluating it nothing is certain. */
function isConditional(expression: Expression | null): boolean {
  if (expression?.kind === 'parens') return isConditional(expression.inner);
  return expression?.kind === 'conditional' || expression?.kind === 'call';
}
