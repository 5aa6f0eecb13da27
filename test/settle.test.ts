import { expect, test } from 'vitest';
import { analyzeTemplate, defineRule, type Effects, type Level, since } from '../src/index.ts';

const CAPABLE = `
data "coder_task" "me" {}
resource "coder_app" "web" {
  agent_id = "a"
  slug     = "web"
  url      = "http://localhost"
}
resource "coder_ai_task" "task" {
  app_id = coder_app.web.id
}
`;

/** A rule that finds one thing in every template. */
function ruleOf(effects: Effects, levelAtLeast?: Level) {
  return defineRule({
    id: 'acme/always',
    summary: 'Finds something.',
    messages: {
      found: (_: object) => ({
        problem: 'It is there.',
        advice: 'Look.',
        effects,
        ...(levelAtLeast && { levelAtLeast }),
      }),
    },
    check(template, { report }) {
      const at = template.place;
      if (at !== undefined) report({ message: 'found', data: {}, at, address: null });
    },
  });
}

test.each<[effect: Effects, least: Level | undefined, shown: Level[]]>([
  [since({ '2.24': 'prompt-lost' }), undefined, ['error']],
  [since({ '2.24': 'degraded' }), undefined, ['warning']],
  [since({ '2.24': 'deprecated' }), undefined, ['warning']],
  [since({ '2.24': 'advice' }), undefined, ['info']],
  [since({ '2.24': 'advice', '2.34': 'import-fails' }), undefined, ['error']],
  [since({ '2.24': 'degraded' }), 'error', ['error']],
  [since({ '2.24': 'advice' }), 'warning', ['warning']],
  [since({ '2.24': 'import-fails' }), 'warning', ['error']],
  [since({ '2.24': 'degraded', '2.28': null }), 'error', []],
])('%j of a message that asks for at least %s is shown as %j', async (effects, least, shown) => {
  const { templates } = await analyzeTemplate({ 'main.tf': CAPABLE }, { rules: [ruleOf(effects, least)] });
  expect(templates[0]?.findings.map(({ level }) => level)).toEqual(shown);
});

test('no verdict hangs on the level that a message asks for', async () => {
  const rules = [ruleOf(since({ '2.24': 'degraded' }), 'error')];
  const { templates, summary } = await analyzeTemplate({ 'main.tf': CAPABLE }, { rules });
  expect(summary).toMatchObject({ capable: 1, errors: 1 });
  expect(templates[0]?.verdict.lines.flatMap(({ because }) => because)).toEqual([]);
});
