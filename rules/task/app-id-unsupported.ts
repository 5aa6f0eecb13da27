import { appIdToSidebar } from '../../src/coder/migration-app-id.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/app-id-unsupported',
  summary: 'Finds app_id on a template for Coder 2.27 or older, which knows only sidebar_app.',
  messages: {
    tooNew: ({ address }: { address: string }) => ({
      problem: `${address} sets app_id, and Coder up to 2.27 refuses the template with "coder_ai_task has no sidebar_app defined".`,
      advice: 'Use sidebar_app { id = … } for these releases; Coder 2.28 to 2.36 take it too.',
      effects: since({ '2.24': 'import-fails', '2.28': null }),
    }),
  },
  check(template, { report, target }) {
    for (const task of template.aiTasks) {
      const { address, appId, hasAppId, hasSidebarApp, planned } = task;
      // An instance that is not planned is not looked at.
      if (appId === null || !hasAppId || hasSidebarApp || planned.count === 0) continue;
      const mended = appIdToSidebar(task, target);
      report({ message: 'tooNew', data: { address }, at: appId.nameSpan, address, ...mended });
    }
  },
});
