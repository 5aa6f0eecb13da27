import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { DEFAULT_TARGET, linesIn } from '../src/coder/releases.ts';
import { type Analysis, analyze, type LintServices } from '../src/engine/lint.ts';
import type { SyntaxProblem } from '../src/hcl/syntax.ts';
import type { Judgement } from '../src/hcl/verify.ts';
import { memoryFiles } from '../src/input/memory.ts';
import { defineRule, type Rule } from '../src/rule.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import type { SourceFile } from '../src/source/source-file.ts';
import { CAPABLE, PLAIN } from './support/hook-templates.ts';

let services: NodeServices;
beforeAll(async () => {
  services = await createServices({ rules, judge: 'none' });
});
afterAll(() => services.close());

type Judge = NonNullable<LintServices['judge']>;

/** Analyses files with a judge of all of them that says what a test wants it to say. */
function analyzeWith(
  files: Readonly<Record<string, string>>,
  judgement: (file: SourceFile) => Judgement,
  more: Partial<LintServices> = {},
): Promise<Analysis> {
  const judge: Judge = async (asked) => asked.map(judgement);
  const target = linesIn(DEFAULT_TARGET);
  return analyze(
    memoryFiles(files, { isWhole: true }),
    { ...services, judge, judgeAll: true, ...more },
    target,
  );
}

function problem(file: SourceFile, unverified: boolean): SyntaxProblem {
  return { span: { file, start: 0, end: 0 }, summary: 'Odd', detail: 'The judge says so.', unverified };
}

/** What is said about files, and what else is found, by rule. */
function saidIn({ findings }: Analysis): string[] {
  return findings.map(({ ruleId, messageId, at }) => `${at.file.path} ${ruleId} ${messageId}`);
}

function statusesOf({ verdict }: Analysis): string[] {
  return [...new Set(verdict.lines.filter(({ line }) => line !== '>=2.37').map(({ status }) => status))];
}

const valid = (): Judgement => [];
const later = (problems: readonly SyntaxProblem[]) =>
  new Promise<readonly SyntaxProblem[]>((resolve) => setTimeout(() => resolve(problems), 20));

/** Nested deeper than is read. */
const DEEP = `locals {\n  a = ${'('.repeat(600)}1${')'.repeat(600)}\n}\n`;
/** A file that our own parser stumbles over, as HCL's own does. */
const BROKEN = 'locals {\n  a = = 1\n}\n';
/** A file that is valid, and has a finding. */
const FINDING = 'resource "coder_ai_task" "other" {\n  count = 0\n}\n';

describe('the rules', () => {
  const witness = (onCheck: (problems: number) => void): Rule =>
    defineRule({
      id: 'test/witness',
      summary: 'Says when it runs.',
      messages: {},
      check: ({ syntaxProblems }) => onCheck(syntaxProblems.length),
    });

  test('wait for files in doubt, which are asked about first, and not for the others', async () => {
    const asked: string[] = [];
    const runs: number[] = [];
    let answer: (problems: readonly SyntaxProblem[]) => void = () => undefined;
    const judgement = (file: SourceFile): Judgement => {
      asked.push(file.path);
      if (file.path === 'broken.tf') return later([problem(file, false)]);
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const rule = witness((problems) => {
      runs.push(problems);
      answer([]);
    });
    await analyzeWith({ 'a.tf': 'locals {}\n', 'broken.tf': BROKEN }, judgement, { rules: [rule] });
    expect(asked).toEqual(['broken.tf', 'a.tf']);
    expect(runs).toEqual([1]);
  });

  test('run again when the judge objects to a file that was not in doubt', async () => {
    const runs: number[] = [];
    const analysis = await analyzeWith({ 'main.tf': CAPABLE }, (file) => later([problem(file, false)]), {
      rules: [...rules, witness((problems) => runs.push(problems))],
    });
    expect(runs).toEqual([0, 1]);
    expect(saidIn(analysis)).toEqual(['main.tf syntax/invalid-hcl invalid']);
    expect(statusesOf(analysis)).toEqual(['import-fails']);
  });

  test('run once when nobody could verify a file that was not in doubt', async () => {
    const runs: number[] = [];
    const analysis = await analyzeWith({ 'main.tf': CAPABLE }, (file) => later([problem(file, true)]), {
      rules: [...rules, witness((problems) => runs.push(problems))],
    });
    expect(runs).toEqual([0]);
    expect(analysis.template.syntaxProblems).toHaveLength(1);
    expect(saidIn(analysis)).toContain('main.tf syntax/invalid-hcl unverified');
    expect(statusesOf(analysis)).toContain('unknown');
  });

  test('run once when what is wrong is known at once', async () => {
    const runs: number[] = [];
    await analyzeWith({ 'main.tf': CAPABLE }, (file) => [problem(file, true)], {
      rules: [witness((problems) => runs.push(problems))],
    });
    expect(runs).toEqual([1]);
  });
});

test('only files in doubt are asked about, unless all are', async () => {
  const files = { 'a.tf': 'locals {}\n', 'broken.tf': BROKEN, 'c.tf.json': '{' };
  for (const judgeAll of [false, true]) {
    const asked: string[] = [];
    const judgement = ({ path }: SourceFile) => {
      asked.push(path);
      return [];
    };
    await analyzeWith(files, judgement, { judgeAll });
    expect(asked).toEqual(judgeAll ? ['broken.tf', 'a.tf'] : ['broken.tf']);
  }
});

describe('a file that nobody could verify', () => {
  const giveUp = (file: SourceFile) => later(file.path === 'main.tf' ? [] : [problem(file, true)]);

  test('leaves the verdict open, and keeps its findings when it was read in full', async () => {
    const analysis = await analyzeWith({ 'main.tf': CAPABLE, 'other.tf': FINDING }, giveUp);
    const [unknown, ...findings] = saidIn(analysis).filter((each) => each.startsWith('other.tf'));
    expect(unknown).toBe('other.tf syntax/invalid-hcl unverified');
    expect(findings).toContain('other.tf task/app-id-missing missing');
    expect(statusesOf(analysis)).not.toContain('capable');
    expect(
      statusesOf(await analyzeWith({ 'main.tf': CAPABLE, 'other.tf': 'locals {}\n' }, giveUp)),
    ).toContain('unknown');
  });

  test('hides no task when it was read in full', async () => {
    const analysis = await analyzeWith({ 'other.tf': PLAIN }, giveUp);
    expect(analysis.verdict.lines.map(({ listed }) => listed)).toEqual(Array(7).fill(false));
    expect(statusesOf(analysis)).toEqual(['not-capable']);
  });

  test.each([
    ['it is nested too deeply', { 'other.tf': DEEP }, valid],
    ['our own parser stumbles over it and the judge gives up', { 'other.tf': BROKEN }, giveUp],
    ['our own parser stumbles over it and the judge takes it', { 'other.tf': BROKEN }, valid],
  ] as const)('may hide a task when %s', async (_why, files, judgement) => {
    for (const main of [PLAIN, CAPABLE]) {
      const analysis = await analyzeWith({ ...files, 'main.tf': main }, judgement);
      expect(saidIn(analysis).filter((each) => each.startsWith('other.tf'))).toEqual([
        'other.tf syntax/invalid-hcl unverified',
      ]);
      expect(statusesOf(analysis)).toContain('unknown');
      expect(statusesOf(analysis)).not.toContain('capable');
      const { lines } = analysis.verdict;
      const isTask = main === CAPABLE;
      expect(lines.map(({ listed }) => listed)).toEqual([...Array(6).fill(isTask ? true : null), false]);
    }
  });

  test('is said to be invalid when the judge knows it, in its words', async () => {
    const analysis = await analyzeWith({ 'main.tf': BROKEN }, (file) => later([problem(file, false)]));
    expect(analysis.findings.map(({ message }) => message.problem)).toEqual([
      'Terraform cannot read this: Odd. The judge says so.',
    ]);
  });

  test('says what our own parser stumbles over', async () => {
    const analysis = await analyzeWith({ 'main.tf': BROKEN }, (file) => later([problem(file, true)]));
    expect(analysis.findings[0]?.message.problem).toMatch(
      /^It is not known whether Terraform can read this file\. The judge says so\. Here it seems to be broken: /,
    );
  });
});
