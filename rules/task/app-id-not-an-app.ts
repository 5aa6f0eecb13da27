import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/app-id-not-an-app',
  summary: 'Finds a task whose app id is the id of something that is no coder_app.',
  messages: {
    notApp: ({ address, target }: { address: string; target: string }) => ({
      problem: `The app id of ${address} comes from ${target} and is not the id of a coder_app, so that Coder finds no app for the task.`,
      advice: 'Set it to the id of the coder_app that shows the agent.',
      effects: since({ '2.24': 'build-fails', '2.28': 'task-creation-fails', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const task of template.aiTasks) {
      const { address } = task;
      const targets = template.taskTargets(task);
      if (!targets.every((target) => target.kind === 'other')) continue;
      for (const target of targets) {
        const data = { address, target: target.address };
        report({ message: 'notApp', data, at: target.expression.span, address });
      }
    }
  },
});
