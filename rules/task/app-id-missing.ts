import { setApp } from '../../src/coder/migration-app-id.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/app-id-missing',
  summary: 'Finds a coder_ai_task that names no app.',
  messages: {
    missing: ({ address }: { address: string }) => ({
      problem: `${address} sets neither app_id nor sidebar_app, so that creating it fails with "'app_id' must be set".`,
      advice: 'Set app_id to the id of the app that shows the agent.',
      // Up to 2.27 the provisioner itself refuses a task without sidebar_app.
      effects: since({ '2.24': 'import-fails', '2.28': 'build-fails', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    for (const task of template.aiTasks) {
      const { address, source, hasAppId, hasSidebarApp, at } = task;
      if (source !== null && !hasAppId && !hasSidebarApp) {
        report({ message: 'missing', data: { address }, at, address, ...setApp(template, task, target) });
      }
    }
  },
});
