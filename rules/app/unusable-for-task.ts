import { faultOfTaskApp, taskAppsOf } from '../../src/coder/task-apps.ts';
import { argumentNamed } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

const effects = since({ '2.24': 'degraded', '2.37': null });
const advice = 'Give the app a url of the form "http://localhost:3284".';

export default defineRule({
  id: 'app/unusable-for-task',
  summary: 'Finds apps of tasks that Coder cannot talk to, so that no message reaches a running task.',
  messages: {
    command: ({ address, task }: Named) => ({
      problem: `${address}, the app of ${task}, opens a terminal: Coder can neither show it nor send it messages.`,
      advice,
      effects,
    }),
    external: ({ address, task }: Named) => ({
      problem: `${address}, the app of ${task}, is external: Coder does not reach it through the agent.`,
      advice,
      effects,
    }),
    noUrl: ({ address, task }: Named) => ({
      problem: `${address}, the app of ${task}, has no url: sending to the task fails with "Task app URL is not configured".`,
      advice,
      effects,
    }),
    scheme: ({ address, task }: Named) => ({
      problem: `${address}, the app of ${task}, has a url that is not http: Coder dials the agent directly and takes no other scheme.`,
      advice,
      effects,
    }),
  },
  check(template, { report }) {
    for (const found of taskAppsOf(template)) {
      const { app, task } = found;
      const message = faultOfTaskApp(found);
      if (message === null) continue;
      const name = message === 'scheme' ? 'url' : message;
      const at = argumentNamed(app.block.body, name)?.span ?? app.block.headerSpan;
      const data = { address: app.address, task: task.address };
      report({
        message,
        data,
        at,
        address: app.address,
        related: [{ span: task.at, text: 'shows the app' }],
      });
    }
  },
});

interface Named {
  readonly address: string;
  readonly task: string;
}
