import { describe, expect, test } from 'vitest';
import {
  type AnalyzeOptions,
  analyzeTemplate,
  defineRule,
  type Effects,
  type Level,
  since,
} from '../src/index.ts';

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

test('a preset decides what is shown, and a level of a rule goes before it', async () => {
  const rules = [ruleOf(since({ '2.24': 'advice' }))];
  const shown = async (options: AnalyzeOptions) => {
    const { templates } = await analyzeTemplate({ 'main.tf': CAPABLE }, { rules, ...options });
    return templates[0]?.findings.map(({ level }) => level);
  };
  expect(await shown({ preset: 'migration' })).toEqual([]);
  expect(await shown({ preset: 'strict' })).toEqual(['warning']);
  expect(await shown({ preset: 'migration', levels: { 'acme/always': 'error' } })).toEqual(['error']);
});

describe('options of rules', () => {
  const strict = defineRule({
    id: 'acme/limited',
    summary: 'Finds more tasks than are allowed.',
    messages: {
      found: (_: object) => ({
        problem: 'Too many.',
        advice: 'Remove.',
        effects: since({ '2.24': 'advice' }),
      }),
    },
    options: {
      most: { type: 'integer', minimum: 0, maximum: 9, default: 1, description: 'How many.' },
      kind: { enum: ['all', 'some'], default: 'all', description: 'Which.' },
      quiet: { type: 'boolean', default: false, description: 'Whether to say nothing.' },
    },
    check(template, { report, options: { most, quiet } }) {
      const at = template.place;
      if (at !== undefined && !quiet && template.aiTasks.length > most)
        report({ message: 'found', data: {}, at, address: null });
    },
  });
  const analyzeWith = (ruleOptions: AnalyzeOptions['ruleOptions']) =>
    analyzeTemplate({ 'main.tf': CAPABLE }, { rules: [strict], ...(ruleOptions && { ruleOptions }) });

  test('take the place of the defaults', async () => {
    const found = async (ruleOptions?: AnalyzeOptions['ruleOptions']) =>
      (await analyzeWith(ruleOptions)).summary.infos;
    expect(await found()).toBe(0);
    expect(await found({ 'acme/limited': { most: 0 } })).toBe(1);
    expect(await found({ 'acme/limited': { most: 0, quiet: true } })).toBe(0);
  });

  test.each([
    [{ 'acme/limted': { most: 0 } }, 'unknown rule `acme/limted`; did you mean `acme/limited`?'],
    [{ 'acme/limited': { least: 0 } }, 'acme/limited has no option `least`'],
    [{ 'acme/limited': { toString: 0 } }, 'acme/limited has no option `toString`'],
    [{ 'acme/limited': { most: 10 } }, '`most` of acme/limited cannot be 10'],
    [{ 'acme/limited': { most: '1' } }, '`most` of acme/limited cannot be 1'],
    [{ 'acme/limited': { kind: 'none' } }, '`kind` of acme/limited cannot be none'],
    [{ 'acme/limited': { quiet: 1 } }, '`quiet` of acme/limited cannot be 1'],
  ])('%j is refused', async (ruleOptions, message) => {
    await expect(analyzeWith(ruleOptions)).rejects.toThrow(new RangeError(message));
  });
});

test('a preset that there is not is refused', async () => {
  const preset = 'recomended' as 'recommended';
  await expect(analyzeTemplate({}, { preset })).rejects.toThrow(
    new RangeError('unknown preset `recomended`'),
  );
});

test('no verdict hangs on the level that a message asks for', async () => {
  const rules = [ruleOf(since({ '2.24': 'degraded' }), 'error')];
  const { templates, summary } = await analyzeTemplate({ 'main.tf': CAPABLE }, { rules });
  expect(summary).toMatchObject({ capable: 1, errors: 1 });
  expect(templates[0]?.verdict.lines.flatMap(({ because }) => because)).toEqual([]);
});
