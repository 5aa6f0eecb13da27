import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ArchiveError, createAnalyzer, formatReport, formats, readArchive } from '../src/index.ts';
import type { Report, TemplateReport } from '../src/report/report.ts';
import { HOSTILE_TEMPLATES, type HostileFiles, hostileArchives, hostileFixtures } from './support/hostile.ts';

// Rules that throw would make `analyze` throw.
const analyzer = await createAnalyzer({ judge: 'none' });
afterAll(() => analyzer.close());

const FOLDER = fileURLToPath(new URL('../fixtures/hostile/', import.meta.url));
const TEMPLATES = { ...hostileFixtures(FOLDER), ...HOSTILE_TEMPLATES };

/** Report on a hostile template, by name. */
async function analyze(name: string): Promise<TemplateReport> {
  const files = (TEMPLATES[name] as () => HostileFiles)();
  return (await analyzer.analyze(files)).templates[0] as TemplateReport;
}

function messagesOf({ findings }: TemplateReport, ruleId: string): string[] {
  return findings.filter((finding) => finding.ruleId === ruleId).map(({ message }) => message);
}

describe('a hostile template is answered', () => {
  test.each(Object.keys(TEMPLATES))('%s', async (name) => {
    const { verdict, findings } = await analyze(name);
    expect(verdict.lines).toHaveLength(7);
    expect(findings.length).toBeLessThan(10_000);
    // Nothing that is not read to its end is called capable.
    const isBroken = findings.some(({ ruleId }) => ruleId === 'syntax/invalid-hcl');
    if (isBroken) expect(verdict.lines.map(({ status }) => status)).not.toContain('capable');
  });
});

describe('what is nested too deeply or endless says so', () => {
  test.each([
    'templates in templates',
    'brackets in brackets',
    '5,000 nested brackets',
    '5,000 nested blocks',
    '5,000 nested templates',
    '5,000 nested parentheses',
    '5,000 nested calls',
    '5,000 nested objects',
    '5,000 nested choices',
    '5,000 negations',
    '5,000 nested for',
    '5,000 nested directives',
    '5,000 nested heredocs',
    '250 of everything in everything',
    'a thousand operands',
  ])('%s', async (name) => {
    expect(messagesOf(await analyze(name), 'syntax/invalid-hcl').join()).toMatch(/nested too deeply/);
  });
});

describe('what is bounded stays right', () => {
  test('200 parameters that each gate a task are 200 tasks at most, as no count hangs on two of them', async () => {
    const report = await analyze('200 choices that each gate a task');
    expect(messagesOf(report, 'task/multiple-ai-tasks')[0]).toContain('200');
    expect(report.facts.aiTasks.every((task) => task.plannedAtImport === 0)).toBe(true);
  });

  test('a thousand findings of one kind are enough, and the verdict is that of all', async () => {
    const report = await analyze('20,000 tasks');
    expect(messagesOf(report, 'task/app-id-missing')).toHaveLength(1000);
    expect(report.notes).toContainEqual({
      path: 'main.tf',
      text: '19000 more findings of task/app-id-missing are left out; lint again when those that are shown are mended.',
    });
    expect(report.facts.aiTasks).toHaveLength(20_000);
    expect(new Set(report.verdict.lines.map(({ status }) => status))).not.toContain('capable');
  });

  test.each(['three ranges in each other', 'text that doubles 60 times', 'a range of billions'])(
    'what cannot be worked out is unknown: %s',
    async (name) => {
      const { facts, verdict } = await analyze(name);
      expect(facts.aiTasks.map((task) => task.plannedAtImport)).toEqual([null]);
      expect(verdict.lines.filter(({ line }) => line === '2.36')).toMatchObject([{ listed: null }]);
    },
  );

  test('names of the prototype are names', async () => {
    const report = await analyze('names from the prototype');
    expect(report.facts.aiTasks.map(({ address }) => address)).toEqual(['coder_ai_task.__proto__']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('a small hostile template says what is wrong with it', () => {
  const judging = createAnalyzer();
  afterAll(async () => (await judging).close());
  const judged = async (name: string) => {
    const files = (TEMPLATES[name] as () => HostileFiles)();
    return (await (await judging).analyze(files)).templates[0] as TemplateReport;
  };

  test.each([
    ['bytes that are no utf 8', 'syntax/invalid-hcl', /UTF-8/],
    ['utf 16', 'syntax/invalid-hcl', /./],
    ['nul and surrogates', 'syntax/invalid-hcl', /./],
    ['heredoc without end', 'syntax/invalid-hcl', /./],
    ['template without end', 'syntax/invalid-hcl', /./],
    ['bom in the middle', 'syntax/invalid-hcl', /./],
    ['carriage returns', 'syntax/invalid-hcl', /./],
  ])('%s', async (name, ruleId, words) => {
    expect(messagesOf(await judged(name), ruleId).join()).toMatch(words);
  });

  test('modules that call each other are read once each', async () => {
    const { facts } = await analyze('modules that call each other');
    expect(facts.aiTasks.map(({ address }) => address)).toEqual(['module.b.coder_ai_task.t']);
  });

  test('locals that need each other leave a count open', async () => {
    const { facts } = await analyze('locals that need each other');
    expect(facts.aiTasks.map(({ plannedAtImport }) => plannedAtImport)).toEqual([null]);
  });
});

describe('many findings in every format', () => {
  test.each(formats)('%s', async (format) => {
    const files = (HOSTILE_TEMPLATES['3,000 findings'] as () => HostileFiles)();
    const report: Report = await analyzer.analyze(files);
    const text = await formatReport(report, format);
    expect(text).toMatch(/2000\s+more\s+findings\s+of\s+task\/unknown-attribute/);
    expect(report.summary.errors + report.summary.warnings + report.summary.infos).toBe(
      report.templates[0]?.findings.length,
    );
  });
});

describe('a hostile archive is read or refused', async () => {
  const archives = await hostileArchives(FOLDER);
  test.each(Object.entries(archives))('%s', async (_, bytes) => {
    try {
      const files = await readArchive(bytes);
      expect((await analyzer.analyze(files)).templates).toHaveLength(1);
      for (const name of files.list('')) expect(name).not.toMatch(/\/|^\.\.$/);
    } catch (error) {
      expect(error).toBeInstanceOf(ArchiveError);
    }
  });
});
