import { sidebarToAppId } from '../../src/coder/migration-app-id.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'task/sidebar-app-deprecated',
  summary: 'Finds sidebar_app, which app_id has replaced in Coder 2.28.',
  messages: {
    deprecated: ({ address }: { address: string }) => ({
      problem: `${address} names its app by sidebar_app, which is deprecated; the server still falls back to it.`,
      advice: 'Replace the block by app_id.',
      effects: since({ '2.28': 'deprecated', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    for (const task of template.aiTasks) {
      const { address, sidebarApp } = task;
      if (sidebarApp === null) continue;
      const mended = sidebarToAppId(template, task, target);
      report({ message: 'deprecated', data: { address }, at: sidebarApp.headerSpan, address, ...mended });
    }
  },
});
