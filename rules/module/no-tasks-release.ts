import { newestTasksVersion } from '../../src/coder/catalog/catalog.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'module/no-tasks-release',
  summary: 'Finds agent modules that never got a release for the Tasks of Coder 2.28 and later.',
  messages: {
    none: ({ address, module }: { address: string; module: string }) => ({
      problem: `${address} is ${module}, of which no release exports task_app_id; it brings its own coder_ai_task, to which Coder from 2.28 on only falls back.`,
      advice:
        'Choose another agent, or run this one through coder/agentapi 2.x. Do not add a second coder_ai_task.',
      effects: since({ '2.24': 'advice', '2.28': 'degraded', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const { address, id, module, tasks, at } of template.agentModules) {
      if (tasks !== 'defines-task' || newestTasksVersion(module) !== null) continue;
      report({ message: 'none', data: { address, module: id }, at, address });
    }
  },
});
