import { countByStart } from '../../src/coder/migration-app-id.ts';
import { type LineId, rangeCovering } from '../../src/coder/releases.ts';
import { linesWithoutPlannedTask } from '../../src/coder/task-instances.ts';
import type { AiTask, Template } from '../../src/coder/template.ts';
import { isListed } from '../../src/coder/verdict.ts';
import { defineRule, linesFrom, since } from '../../src/rule.ts';
import type { Span } from '../../src/source/source-file.ts';

export default defineRule({
  id: 'task/conditional-ai-task',
  summary:
    'Finds tasks that are not planned when the template is imported, so that Coder 2.34 and later do not see them.',
  messages: {
    notPlanned: ({ address, open, isLast }: NotPlanned) => ({
      problem: `${address} has no instance when Coder imports the template: there is no task then, and every parameter has its default.${open.length === 0 ? '' : ` On Coder ${rangeCovering(new Set(open))} a task may have none either.`}`,
      advice: 'Count it by data.coder_workspace.me.start_count, or not at all.',
      effects: since({
        '2.24': 'advice',
        '2.30': 'degraded',
        '2.34': isLast ? 'not-capable' : 'degraded',
        '2.37': null,
      }),
      leavesOpen: open,
    }),
    undecided: ({ address, reason, open }: { address: string; reason: string; open: readonly LineId[] }) => ({
      problem: `Whether ${address} is planned when Coder imports the template cannot be known: ${reason}.`,
      advice: 'Make its count depend only on values that are known at import.',
      effects: since({ '2.24': 'advice', '2.34': 'degraded', '2.37': null }),
      leavesOpen: [...open, ...linesFrom('2.34', '2.37')],
    }),
  },
  check(template, { report }) {
    // What a module counts by its variables is up to the template that calls it.
    if (template.isModule) return;
    const listed = isListed(template, { detection: 'planned-at-import' });
    if (listed === true) return;
    const open = linesWithoutPlannedTask(template);
    for (const task of template.aiTasks) {
      const { address, planned } = task;
      const at = placeOfCount(template, task);
      if (planned.count === null) {
        report({ message: 'undecided', data: { address, reason: planned.reason.text, open }, at, address });
        continue;
      }
      report({
        message: 'notPlanned',
        data: { address, open, isLast: listed === false },
        at,
        address,
        ...countByStart(template, task),
      });
    }
  },
});

interface NotPlanned {
  readonly address: string;
  /** Lines before 2.34 on which a task may plan none either. */
  readonly open: readonly LineId[];
  /** False when another task, or one in a module of which nothing is known, may be planned. */
  readonly isLast: boolean;
}

/** The count or for_each that is not one, on the task or on a module call around it. */
function placeOfCount(template: Template, task: AiTask): Span {
  const place = task.source ?? task.call;
  if (place === null) return task.at;
  const own = 'resource' in place ? place.resource : place.call;
  const isOpen = (node: typeof place.node, repeated: typeof own) =>
    template.atImport.instancesOf(node, repeated).count !== 1;
  if (isOpen(place.node, own)) return (own.count ?? own.forEach)?.span ?? task.at;
  for (let node = place.node; node.parent !== null && node.call !== null; node = node.parent) {
    if (isOpen(node.parent, node.call)) return (node.call.count ?? node.call.forEach)?.span ?? task.at;
  }
  return task.at;
}
