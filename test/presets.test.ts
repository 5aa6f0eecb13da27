import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { DEFAULT_TARGET, linesIn } from '../src/coder/releases.ts';
import { type ConfigSource, mergeConfigs, NO_CONFIG, PRESETS } from '../src/engine/config.ts';
import { type Analysis, analyze, worstEffect } from '../src/engine/lint.ts';
import { type SettledFinding, settle } from '../src/engine/settle.ts';
import { openDirectory } from '../src/input/directory.ts';
import { memoryFiles } from '../src/input/memory.ts';
import { migrateAnalysis } from '../src/migrate/migrate.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import { lintFiles, type RuleCase, readRuleCases } from './support/rule-cases.ts';
import { TEMPLATES_FOLDER } from './support/templates.ts';

const target = linesIn(DEFAULT_TARGET);

let services: NodeServices;
beforeAll(async () => {
  services = await createServices({ rules, judge: 'none' });
});
afterAll(() => services.close());

const WARNING = { level: 'warning', options: {} } as const;

function analyzeFixture(name: string): Promise<Analysis> {
  return analyze(openDirectory(`${TEMPLATES_FOLDER}${name}`), services, target);
}

/** Level and rule of findings, worst first. */
function linesOf(findings: readonly SettledFinding[]): string[] {
  return findings.map(({ finding, level }) => `${level} ${finding.ruleId}`).sort();
}

/** What a preset shows of a template, with what is configured besides. */
function shownBy(preset: string, analysis: Analysis, ...more: ConfigSource[]): readonly SettledFinding[] {
  return settle(analysis, {
    target,
    config: mergeConfigs('', [PRESETS[preset] as ConfigSource, ...more]),
    rules,
    only: null,
    pathOf: (path) => path,
  }).findings;
}

describe('recommended', () => {
  test('is what holds without a configuration', () => {
    expect(mergeConfigs('', [PRESETS.recommended as ConfigSource])).toEqual(NO_CONFIG);
  });
});

describe('migration', () => {
  test('shows of a legacy template what keeps it from the target and what is deprecated', async () => {
    const analysis = await analyzeFixture('docker-claude-legacy');
    expect(linesOf(shownBy('migration', analysis))).toEqual([
      'error legacy/ai-prompt-parameter',
      'warning module/legacy-ai-task',
    ]);
  });

  test('shows no advice on a template that works', async () => {
    const analysis = await analyzeFixture('tasks-docker-migrated');
    expect(shownBy('recommended', analysis)).not.toEqual([]);
    expect(shownBy('migration', analysis)).toEqual([]);
  });

  test('shows why a verdict is not known', async () => {
    const analysis = await analyzeFixture('private-module-may-bring-task');
    expect(linesOf(shownBy('migration', analysis))).toEqual(['info module/unresolved']);
  });

  test('hides what harms others than the users of tasks, unless that is asked for', async () => {
    const [secret] = readRuleCases('security/hardcoded-secret');
    const { analysis } = await lintFiles((secret as RuleCase).files, secret as RuleCase, services);
    expect(linesOf(shownBy('migration', analysis))).not.toContain('error security/hardcoded-secret');
    const asked = { file: null, extends: [], rules: new Map([['security/hardcoded-secret', WARNING]]) };
    expect(linesOf(shownBy('migration', analysis, asked))).toContain('warning security/hardcoded-secret');
  });

  test('shows exactly the deprecations that the migration removes', async () => {
    const removed = new Set<string>();
    const shown = new Set<string>();
    const deprecated = new Set<string>();
    for (const { files, ruleId } of readRuleCases()) {
      const { analysis, findings } = await lintFiles(files, { ruleId, target }, services);
      const own = findings.filter((finding) => worstEffect(finding, target) === 'deprecated');
      if (own.length === 0) continue;
      deprecated.add(ruleId);
      if (shownBy('migration', analysis).some(({ finding }) => own.includes(finding))) shown.add(ruleId);
      const { after } = await migrateAnalysis(analysis, services, { target });
      if (!after.findings.some((finding) => finding.ruleId === ruleId)) removed.add(ruleId);
    }
    expect([...shown].sort()).toEqual([...removed].sort());
    expect(removed.size).toBeLessThan(deprecated.size);
  }, 60_000);
});

describe('strict', () => {
  test('fails on advice', async () => {
    const analysis = await analyzeFixture('tasks-docker-migrated');
    const levels = (preset: string) =>
      shownBy(preset, analysis)
        .filter(({ finding }) => finding.ruleId === 'upload/no-lock-file')
        .map(({ level }) => level);
    expect([levels('recommended'), levels('strict')]).toEqual([['info'], ['warning']]);
    expect(PRESETS.strict?.failOn).toBe('warning');
  });

  test('can be met: what no author can mend does not fail', async () => {
    const fixture = openDirectory(`${TEMPLATES_FOLDER}prompt-in-coder-script`);
    const texts = fixture.list(fixture.folder).map((name) => {
      const path = `${fixture.folder}/${name}`;
      return [name, readFileSync(fixture.locate(path), 'utf8')] as const;
    });
    const files = new Map([
      ...texts,
      ['README.md', 'For work on the storefront and its tests.'],
      ['.terraform.lock.hcl', ''],
    ]);
    const analysis = await analyze(memoryFiles(files, { isWhole: true }), services, target);
    expect(analysis.verdict.capableOn).not.toBeNull();
    expect(new Set(shownBy('strict', analysis).map(({ level }) => level))).toEqual(new Set(['info']));
  });
});
