import { keepOneApp } from '../../src/coder/migration-app-id.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/app-id-conflict',
  summary: 'Finds a coder_ai_task that sets both app_id and sidebar_app.',
  messages: {
    both: ({ address }: { address: string }) => ({
      problem: `${address} sets both app_id and sidebar_app, which the provider refuses.`,
      advice: 'Keep app_id for Coder 2.28 and later, sidebar_app for older releases.',
      effects: since({ '2.24': 'import-fails', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    for (const task of template.aiTasks) {
      const { address, appId, sidebarApp, hasAppId } = task;
      if (!hasAppId || appId === null || sidebarApp === null) continue;
      report({
        message: 'both',
        data: { address },
        at: sidebarApp.headerSpan,
        address,
        related: [{ span: appId.nameSpan, text: 'app_id is set here' }],
        ...keepOneApp(task, target),
      });
    }
  },
});
