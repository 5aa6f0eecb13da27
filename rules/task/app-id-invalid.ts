import { replaceConstantApp } from '../../src/coder/migration-app-id.ts';
import type { CoderBlock, Template } from '../../src/coder/template.ts';
import type { Expression } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export default defineRule({
  id: 'task/app-id-invalid',
  summary: 'Finds a task whose app id is a constant: no UUID, an empty text, or an id that no app can have.',
  messages: {
    notUuid: ({ address, value }: { address: string; value: string }) => ({
      problem: `The app id of ${address} is the text "${value}", and the provider takes only UUIDs.`,
      advice: 'Set it to the id of a coder_app, or to task_app_id of the agent module.',
      effects: since({ '2.24': 'import-fails', '2.37': null }),
    }),
    constant: ({ address, value }: { address: string; value: string }) => ({
      problem: `The app id of ${address} is the constant "${value}", and Coder gives each app a new id.`,
      advice: 'Set it to the id of a coder_app, or to task_app_id of the agent module.',
      effects: since({ '2.24': 'build-fails', '2.28': 'task-creation-fails', '2.37': null }),
    }),
    fallback: ({ address, value }: { address: string; value: string }) => ({
      problem: `The app id of ${address} falls back to the constant "${value}", which names no app: the task then cannot be used, and nothing says why.`,
      advice: 'Give the task the same count as its agent, so that no fallback is needed.',
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
    atStop: ({ address, value }: { address: string; value: string }) => ({
      problem: `The app id of ${address} is "${value}" when the workspace stops, which Coder plans at import, and the provider takes only UUIDs.`,
      advice: 'Give the task the same count as its agent, so that no fallback is needed.',
      effects: since({ '2.24': 'import-fails', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const task of template.aiTasks) {
      const { address, source, appExpression } = task;
      if (source === null || appExpression === null) continue;
      const targets = template.appTargets(source.node, appExpression);
      const constants = targets.filter((target) => target.kind === 'literal');
      const isOnlyConstant = constants.length === targets.length;
      // Once for each value: three branches that end in "" are one mistake.
      for (const value of new Set(constants.map((constant) => constant.value))) {
        const [first, ...others] = constants.filter((constant) => constant.value === value);
        if (first === undefined) continue;
        const message = isOnlyConstant
          ? UUID.test(value)
            ? 'constant'
            : 'notUuid'
          : isUsedAtStop(template, source, appExpression, value)
            ? 'atStop'
            : 'fallback';
        const related = others.map(({ expression }) => ({
          span: expression.span,
          text: 'the same constant',
        }));
        const mended = replaceConstantApp(template, task);
        report({ message, data: { address, value }, at: first.expression.span, address, related, ...mended });
      }
    }
  },
});

/** A fallback that is no UUID, of a task that is still there when its app is gone. */
function isUsedAtStop(
  template: Template,
  { node, resource }: CoderBlock,
  app: Expression,
  value: string,
): boolean {
  if (UUID.test(value) || template.atStop.totalInstancesOf(node, resource).count === 0) return false;
  const stopped = template.atStop.valueOf(node, app);
  return stopped.kind === 'string' && stopped.value === value;
}
