import { buildFix } from '../../src/coder/migration-fix.ts';
import { faultOfTaskApp, hasHealthcheck, type TaskApp, taskAppsOf } from '../../src/coder/task-apps.ts';
import { argumentNamed } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { textOf } from '../../src/source/source-file.ts';

export default defineRule({
  id: 'app/no-healthcheck',
  summary: 'Finds apps of tasks without a healthcheck, which Coder takes for ready before they are.',
  messages: {
    none: ({ address, task }: { address: string; task: string }) => ({
      problem: `${address}, the app of ${task}, has no healthcheck, so the task counts as ready before the agent listens.`,
      advice: 'Add a healthcheck with the url of the app.',
      effects: since({ '2.24': 'advice', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const found of taskAppsOf(template)) {
      if (hasHealthcheck(found) || faultOfTaskApp(found) !== null) continue;
      const { app, task } = found;
      const data = { address: app.address, task: task.address };
      report({ message: 'none', data, at: app.block.headerSpan, address: app.address, ...addCheck(found) });
    }
  },
});

function addCheck({ app: { block } }: TaskApp) {
  const url = argumentNamed(block.body, 'url');
  if (url === undefined) return {};
  return buildFix('Add a healthcheck', 'review', (fix) =>
    fix
      .inBlock(block)
      .insertBlock(
        `healthcheck {\n  url       = ${textOf(url.value.span)}\n  interval  = 5\n  threshold = 6\n}`,
        { inside: block },
      ),
  );
}
