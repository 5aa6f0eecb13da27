import { isListed } from '../../src/coder/verdict.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/unavailable-on-target',
  summary:
    'Says that Coder deprecates Tasks from 2.34, hides them by default from 2.36 and removes them in 2.37.',
  messages: {
    leaving: ({ address }: { address: string }) => ({
      problem: `${address} makes this a Task template, and Tasks leave Coder: deprecated from 2.34, off unless the server sets CODER_ENABLE_AI_TASKS from 2.36, gone from 2.37.`,
      advice: 'Stay on Coder 2.34 (ESR) for Tasks, and plan the move to Coder Agents.',
      effects: since({ '2.34': 'advice', '2.36': 'degraded' }),
    }),
  },
  check(template, { report }) {
    const [task] = template.aiTasks;
    if (task === undefined || isListed(template, { detection: 'any-in-graph' }) !== true) return;
    report({ message: 'leaving', data: { address: task.address }, at: task.at, address: task.address });
  },
});
