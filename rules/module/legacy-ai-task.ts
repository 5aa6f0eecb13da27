import { newestTasksVersion } from '../../src/coder/catalog/catalog.ts';
import { moduleFix } from '../../src/coder/migration-module.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'module/legacy-ai-task',
  summary: 'Finds agent modules of the old generation, which bring their own coder_ai_task.',
  messages: {
    legacy: ({
      address,
      module,
      version,
      newest,
    }: {
      address: string;
      module: string;
      version: string;
      newest: string;
    }) => ({
      problem: `${address} is ${module} ${version}, which brings its own coder_ai_task with sidebar_app; Coder from 2.28 on only falls back to it.`,
      advice: `Move to ${module} ${newest} and add a coder_ai_task with app_id = ${address}.task_app_id.`,
      effects: since({ '2.28': 'deprecated', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    for (const agent of template.agentModules) {
      const { address, id, module, resolved, tasks, at } = agent;
      const newest = newestTasksVersion(module);
      // Modules that have no newer Tasks release are the subject of module/no-tasks-release.
      if (tasks !== 'defines-task' || newest === null) continue;
      report({
        message: 'legacy',
        data: { address, module: id, version: resolved ?? '', newest },
        at,
        address,
        ...moduleFix(template, agent, target),
      });
    }
  },
});
