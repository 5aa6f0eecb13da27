import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import type { Log, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import { LINE_IDS } from '../src/coder/releases.ts';
import { createContext, type RenderContext, repositoryPath } from '../src/report/format.ts';
import { FORMAT_NAMES, type FormatName, isFormatName, loadFormat } from '../src/report/formats.ts';
import type { Report } from '../src/report/report.ts';
import { STATUS_WORDS } from '../src/report/words.ts';
import { EFFECTS } from '../src/rule.ts';
import { expectGolden } from './support/report-golden.ts';
import { CHECKSTYLE_XSD, GITLAB_SCHEMA, JUNIT_XSD, RDJSON_SCHEMA } from './support/report-grammars.ts';
import {
  allSamples,
  current,
  finding,
  HOSTILE_TEXT,
  hostile,
  legacy,
  place,
  RULES,
  report,
  sampleContext,
  template,
  verdict,
} from './support/report-samples.ts';
import { sarifErrors } from './support/report-sarif.ts';

const empty = report([]);

async function render(name: FormatName, of: Report, known: Partial<RenderContext> = {}): Promise<string> {
  return (await loadFormat(name)).render(of, sampleContext(known));
}

async function renderJson<Value>(
  name: FormatName,
  of: Report,
  known: Partial<RenderContext> = {},
): Promise<Value> {
  return JSON.parse(await render(name, of, known)) as Value;
}

/** As many findings of one rule as asked for, on as many lines. */
function manyFindings(number: number, level: 'error' | 'warning' = 'error', message = 'Found.'): Report {
  const findings = Array.from({ length: number }, (_, index) =>
    finding({
      ruleId: 'task/a',
      level,
      message: `${message} (${index})`,
      file: 't/main.tf',
      start: { line: index + 1, column: 1, offset: 2 * index },
      end: { line: index + 1, column: 2, offset: 2 * index + 1 },
    }),
  );
  return report([template({ root: 't', verdict: verdict('current', null, []), findings })]);
}

describe('every format', () => {
  it.each(FORMAT_NAMES)('%s is named after itself and ends its output with a line break', async (name) => {
    const format = await loadFormat(name);
    expect(format.name).toBe(name);
    expect(isFormatName(name)).toBe(true);
    expect(await format.render(allSamples, sampleContext())).toMatch(/\n$/);
  });

  it('is known by its own name only', () => {
    expect(isFormatName('toString')).toBe(false);
  });

  it.each(FORMAT_NAMES)(
    '%s renders a run without templates, and one without sources or rules',
    async (name) => {
      const format = await loadFormat(name);
      expect(await format.render(empty, createContext())).toBeTypeOf('string');
      expect(await format.render(allSamples, createContext())).toBeTypeOf('string');
    },
  );

  it.each(FORMAT_NAMES)('%s gives the same text whatever order the report was built in', async (name) => {
    const reversed = JSON.parse(JSON.stringify(allSamples), (_key, value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as Report;
    expect(await render(name, reversed)).toBe(await render(name, allSamples));
  });

  it.each(FORMAT_NAMES)('%s lets no text of a template command a terminal or a runner', async (name) => {
    const text = await render(name, hostile);
    expect(text.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
    expect(text).not.toContain('##[');
    const commands = text.split('\n').filter((line) => /^\s*::[a-z]/i.test(line));
    if (name === 'github') expect(commands.every((line) => /^::(error|warning) file=/.test(line))).toBe(true);
    else expect(commands).toEqual([]);
  });
});

describe('goldens', () => {
  it.each([
    ['pretty', 'pretty.txt', allSamples, { width: 90 }],
    ['pretty', 'pretty-narrow-ascii.txt', report([current]), { width: 60, unicode: false }],
    ['compact', 'compact.txt', allSamples, {}],
    ['github', 'github.txt', allSamples, {}],
    ['markdown', 'markdown.md', allSamples, { diff: '--- a\n+++ b\n@@ -1 +1 @@\n-```\n+x\n' }],
    ['junit', 'junit.xml', allSamples, {}],
    ['checkstyle', 'checkstyle.xml', allSamples, {}],
    ['gitlab', 'gitlab.json', report([current]), {}],
    ['rdjson', 'rdjson.json', report([legacy]), {}],
    ['json', 'report.json', report([current]), {}],
    ['sarif', 'sarif.json', report([current]), { rules: RULES.slice(2, 4) }],
  ] as const)('%s: %s', async (name, file, of, known) => {
    expectGolden(file, await render(name, of, known));
  });
});

it.skipIf(process.env.UPDATE === '1')('a golden that is missing fails', () => {
  expect(() => expectGolden('no-such-file', '')).toThrow(/missing/);
});

describe('json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../schema/report.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

  it('is what its schema says', async () => {
    for (const of of [allSamples, hostile, empty]) {
      const value = await renderJson('json', of);
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
      expect(value).toEqual(JSON.parse(JSON.stringify(of)));
    }
  });

  it('has a schema that admits nothing else', () => {
    const problems = (change: (report: Record<string, unknown>) => void) => {
      const value = JSON.parse(JSON.stringify(allSamples)) as Record<string, unknown>;
      change(value);
      return validate(value) ? [] : validate.errors;
    };
    expect(problems(() => {})).toEqual([]);
    expect(problems((value) => Object.assign(value, { extra: 1 }))).not.toEqual([]);
    expect(problems((value) => delete value.target)).not.toEqual([]);
    for (const path of objectPaths(schema)) {
      expect(path.value, path.name).toMatchObject({ additionalProperties: false });
      // Notes came later: a report without any is what it was.
      expect([...(path.value.required ?? [])].sort(), path.name).toEqual(
        Object.keys(path.value.properties ?? {})
          .filter((name) => path.name !== '#/definitions/template' || name !== 'notes')
          .sort(),
      );
    }
  });

  it('has a schema that knows every line, effect and status', () => {
    const words = schema as unknown as {
      definitions: Record<
        string,
        {
          enum: string[];
          properties: Record<string, { items: { properties: Record<string, { enum: string[] }> } }>;
        }
      >;
    };
    expect(words.definitions.line?.enum).toEqual(LINE_IDS);
    expect(words.definitions.effect?.enum).toEqual(EFFECTS);
    const statuses = words.definitions.verdict?.properties.lines?.items.properties.status?.enum;
    expect(statuses).toEqual(Object.keys(STATUS_WORDS));
  });

  it('does not import colours', () => {
    const seen = new Set<string>();
    const visit = (url: URL) => {
      if (seen.has(url.href)) return;
      seen.add(url.href);
      const source = readFileSync(url, 'utf8').replace(/import type [^;]+;/g, '');
      for (const [, path] of source.matchAll(/from '([^']+)'/g)) {
        expect(path).toMatch(/^\./);
        visit(new URL(path as string, url));
      }
    };
    visit(new URL('../src/report/json.ts', import.meta.url));
    expect(seen.size).toBeGreaterThan(1);
  });
});

interface ObjectSchema {
  type?: unknown;
  required?: string[];
  properties?: object;
}

function objectPaths(schema: unknown, name = '#'): { name: string; value: ObjectSchema }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = (schema as ObjectSchema).type === 'object' ? [{ name, value: schema as ObjectSchema }] : [];
  return [...own, ...Object.entries(schema).flatMap(([key, value]) => objectPaths(value, `${name}/${key}`))];
}

describe('sarif', () => {
  async function runOf(of: Report, known: Partial<RenderContext> = {}): Promise<Run> {
    const log = await renderJson<Log>('sarif', of, known);
    expect(sarifErrors(log)).toEqual([]);
    expect(log.runs).toHaveLength(1);
    return log.runs[0] as Run;
  }

  it('is valid, and meets what GitHub asks beyond the schema', async () => {
    const repository = { prefix: 'infra/', uri: 'file:///srv/repo/' };
    for (const of of [allSamples, hostile, empty]) {
      const run = await runOf(of, { repository, category: 'templates' });
      expect(run.automationDetails?.id).toBe('tasks-lint/templates/');
      expect(run.columnKind).toBe('utf16CodeUnits');
      const rules = run.tool.driver.rules ?? [];
      expect(rules.map((rule) => rule.id)).toEqual(RULES.map((rule) => rule.id));
      for (const rule of rules) {
        expect(rule.shortDescription?.text).toMatch(/./);
        expect(rule.fullDescription?.text).toMatch(/./);
        expect(rule.help?.text).toMatch(/./);
        expect('security-severity' in (rule.properties ?? {})).toBe(rule.id.startsWith('security/'));
      }
      for (const result of run.results ?? []) {
        expect(rules[result.ruleIndex as number]?.id).toBe(result.ruleId);
        expect(result.message.text).toMatch(/./);
        expect(result.partialFingerprints).toEqual({
          primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]+:\d+$/),
          'tasksLint/v1': expect.stringMatching(/^[0-9a-f]{16}$/),
        });
        const physical = result.locations?.[0]?.physicalLocation;
        expect(physical?.artifactLocation?.uri).toMatch(/^infra\/templates\/[\w%./-]+$/);
        expect(Object.values(physical?.region ?? {}).every((value) => (value as number) >= 1)).toBe(true);
      }
    }
  });

  it('keeps suppressed results, with the reason', async () => {
    const run = await runOf(report([current]));
    expect(run.results?.map((result) => result.suppressions)).toEqual([
      undefined,
      [{ kind: 'inSource', justification: 'a test token without rights' }],
    ]);
  });

  it('names related places in links of its own only', async () => {
    const run = await runOf(hostile);
    const text = run.results?.[0]?.message.text ?? '';
    expect([...text.matchAll(/\]\(/g)]).toHaveLength(1);
    expect(text).toContain('](1)');
  });

  it('lists a rule that the caller forgot', async () => {
    const run = await runOf(report([current]), { rules: [] });
    expect(run.tool.driver.rules?.map((rule) => rule.id)).toEqual([
      'task/count-undecided',
      'security/token-in-env',
    ]);
  });

  it('says how the run went', async () => {
    const notices = [
      { level: 'error', message: 'The rule threw.', ruleId: 'template/syntax', file: null, line: null },
      { level: 'warning', message: 'Not read.', ruleId: null, file: 'a b.tf', line: 3 },
    ] as const;
    const [invocation] =
      (await runOf(empty, { invocation: { successful: false, notices } })).invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications).toMatchObject([
      { level: 'error', associatedRule: { id: 'template/syntax' } },
      {
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'a%20b.tf' }, region: { startLine: 3 } } },
        ],
      },
    ]);
  });

  it('stops at what GitHub takes', async () => {
    const run = (await renderJson<Log>('sarif', manyFindings(25_001))).runs[0] as Run;
    expect(run.results?.length).toBe(25_000);
    expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toMatch(
      /^1 of 25001 findings/,
    );
  });
});

describe('github', () => {
  it('shows ten per level, worst first, and says how many are left', async () => {
    const errors = manyFindings(12);
    const warnings = manyFindings(11, 'warning');
    const both = report([...warnings.templates, ...errors.templates]);
    const lines = (await render('github', both)).trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...Array(10).fill('::error'),
      ...Array(10).fill('::warning'),
      'tasks-lint:',
    ]);
    expect(lines.at(-1)).toBe(
      'tasks-lint: 12 errors, 11 warnings in 2 templates; 3 more not shown here, since GitHub shows 10 annotations per level',
    );
  });

  it('escapes properties and names files from the root of the repository', async () => {
    const [line] = (await render('github', hostile, { repository: { prefix: 'infra/', uri: null } })).split(
      '\n',
    );
    expect(line).toMatch(
      /^::error file=infra\/templates\/hostile\/a%25b%3Ac%2Cd\|`\]\]>[^,]*,line=2,endLine=2,col=9,/,
    );
    expect(line).toContain('title=task/count-undecided::: :set-output name=a::b');
    expect(line).toContain(' %250A%0A: :stop-commands::x');
  });
});

describe('XML', () => {
  it.each([
    ['junit', JUNIT_XSD],
    ['checkstyle', CHECKSTYLE_XSD],
  ] as const)('%s is well-formed and follows its grammar', async (name, xsd) => {
    using grammar = XmlDocument.fromString(xsd);
    using validator = XsdValidator.fromDoc(grammar);
    for (const of of [allSamples, hostile, empty]) {
      using document = XmlDocument.fromString(await render(name, of));
      expect(() => validator.validate(document)).not.toThrow();
    }
  });

  it('counts what it lists', async () => {
    using document = XmlDocument.fromString(await render('junit', allSamples));
    const count = (query: string) => document.find(query).length;
    expect([count('//testcase'), count('//failure'), count('//skipped')].map(String)).toEqual(
      ['tests', 'failures', 'skipped'].map((name) => document.root.attr(name)?.value),
    );
  });

  it('gives the names of files back unharmed, as far as XML can hold them', async () => {
    using document = XmlDocument.fromString(await render('checkstyle', hostile));
    const name = document.get('//file/@name')?.content;
    expect(name).toBe('templates/hostile/a%b:c,d|`]]>[2J\n::add-mask::x.tf');
  });
});

describe('gitlab', () => {
  const validate = new Ajv({ allErrors: true }).compile(GITLAB_SCHEMA);

  it('is what GitLab asks for, with a fingerprint per finding', async () => {
    for (const of of [allSamples, hostile, empty, report([legacy, legacy])]) {
      const issues = await renderJson<{ fingerprint: string }[]>('gitlab', of);
      expect(validate(issues), JSON.stringify(validate.errors)).toBe(true);
      expect(new Set(issues.map((issue) => issue.fingerprint)).size).toBe(issues.length);
    }
  });
});

describe('rdjson', () => {
  const validate = new Ajv({ allErrors: true }).compile(RDJSON_SCHEMA);
  interface Result {
    diagnostics: { location: { range: unknown }; suggestions?: { range: unknown; text: string }[] }[];
  }

  it('is what reviewdog accepts', async () => {
    for (const of of [allSamples, hostile, empty]) {
      const value = await renderJson('rdjson', of);
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('counts columns in UTF-8 bytes, and gives none without the text', async () => {
    const path = 't/main.tf';
    const text = '\ufeffé = "漢😀x"\n';
    const single = report([
      template({
        root: 't',
        verdict: verdict('current', null, []),
        findings: [finding({ ruleId: 'task/a', message: 'Found.', ...place(path, 'x', text) })],
      }),
    ]);
    const known = await renderJson<Result>('rdjson', single, { sources: () => text });
    const before = Buffer.byteLength('\ufeffé = "漢😀');
    expect(known.diagnostics[0]?.location.range).toEqual({
      start: { line: 1, column: before + 1 },
      end: { line: 1, column: before + 2 },
    });
    const unknown = await renderJson<Result>('rdjson', single, { sources: () => null });
    expect(unknown.diagnostics[0]?.location.range).toEqual({ start: { line: 1 }, end: { line: 1 } });
  });

  it('joins the edits of a fix, and leaves out a fix of several files', async () => {
    const [, joined] = (await renderJson<Result>('rdjson', report([legacy]))).diagnostics;
    expect(joined?.suggestions).toHaveLength(1);
    expect(joined?.suggestions?.[0]?.text).toMatch(
      /^data "coder_task" "me" \{\n[\s\S]*= data\.coder_task\.me\.prompt$/,
    );

    const [first] = legacy.findings;
    const edits = [...(first?.fix?.edits ?? []), { ...place('other.tf', 'a', 'a'), text: 'b' }];
    const spread = {
      ...(first as (typeof legacy.findings)[number]),
      fix: { title: 'x', safety: 'safe' as const, edits },
    };
    const [only] = (await renderJson<Result>('rdjson', report([{ ...legacy, findings: [spread] }])))
      .diagnostics;
    expect(only).not.toHaveProperty('suggestions');
  });
});

describe('markdown', () => {
  it('stops short of what GitHub takes, and says so', async () => {
    const text = await render('markdown', manyFindings(20_000, 'error', 'é|'.repeat(200)), {
      diff: '+é\n'.repeat(400_000),
    });
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(text).toContain('cut here');
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it('keeps a row a row', async () => {
    const rows = (await render('markdown', hostile)).split('\n').filter((line) => line.startsWith('| 🔴'));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.replace(/\\\|/g, '').split('|')).toHaveLength(6);
    expect(rows[0]).not.toContain('<script>');
    expect(rows[0]).not.toMatch(/@octocat/);
    expect(HOSTILE_TEXT).toContain('@octocat');
  });
});

describe('repositoryPath', () => {
  it.each([
    ['a/main.tf', '', 'a/main.tf'],
    ['./a/main.tf', 'infra/', 'infra/a/main.tf'],
    ['../main.tf', 'infra/coder/', 'infra/main.tf'],
    ['../../main.tf', 'infra/', '../main.tf'],
    ['/tmp/main.tf', 'infra/', '/tmp/main.tf'],
  ])('of %s below %j is %s', (path, prefix, expected) => {
    expect(repositoryPath(path, { prefix, uri: null })).toBe(expected);
  });
});
