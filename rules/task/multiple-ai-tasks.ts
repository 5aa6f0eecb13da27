import { dropRootTask } from '../../src/coder/migration-app-id.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/multiple-ai-tasks',
  summary: 'Finds templates that can plan more than one coder_ai_task in a build, which Coder refuses.',
  messages: {
    several: ({ count, addresses, choices }: { count: number; addresses: string; choices: string }) => ({
      problem: `One build plans ${count} tasks (${addresses})${choices === '' ? '' : ` when ${choices}`}, and Coder takes only one.`,
      advice: 'Keep one of them, or make their counts exclude each other.',
      effects: since({ '2.24': 'build-fails', '2.37': null }),
    }),
  },
  check(template, { report }) {
    const { count, tasks, choices } = template.taskMaximum;
    const [first, ...others] = tasks;
    if (count < 2 || first === undefined) return;
    report({
      message: 'several',
      data: {
        count,
        addresses: tasks.map((task) => task.address).join(', '),
        choices: [...choices].map(([address, value]) => `${address} is "${value}"`).join(' and '),
      },
      at: first.at,
      address: first.address,
      ...dropRootTask(template),
      related: others.map((task) => ({ span: task.at, text: `${task.address} is planned too` })),
    });
  },
});
