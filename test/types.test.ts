import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './support/cli.ts';
import { installPackage, packPackage, runProgram } from './support/package.ts';
import { blocksOf } from './support/readme.ts';
import { writeFiles } from './support/release.ts';

/** A consumer that uses most of the library; lines that must not compile say so. */
const CONSUMER = `import {
  analyzeTemplate,
  type AnalyzeOptions,
  type Catalog,
  createAnalyzer,
  type Effect,
  type FindingReport,
  type FormatName,
  formatReport,
  formats,
  type LineId,
  linesIn,
  type Migration,
  migrateTemplate,
  openDirectory,
  parseCatalog,
  readArchive,
  type Report,
  type Rule,
  rules,
  type TemplateFiles,
  type Verdict,
  VERSION,
} from 'tasks-lint';
import { createImportHook, type ImportHook } from 'tasks-lint/hook';

const catalog: Catalog = parseCatalog('{}');
const options: AnalyzeOptions = {
  coderVersion: '>=2.34',
  rules: [...rules],
  preset: 'strict',
  levels: { 'task/app-id-missing': 'warning' },
  ruleOptions: { 'lifecycle/grace-period': { minimum: 10 } },
  catalogs: [catalog],
  judge: 'all',
  onRuleFailure: ({ ruleId, error }) => console.error(ruleId, error),
};
const files: TemplateFiles = openDirectory('template');
const report: Report = await analyzeTemplate(files, options);
for (const { verdict, findings } of report.templates) {
  const generation: Verdict['generation'] = verdict.generation;
  const messages: string[] = findings.map(({ message, start }: FindingReport) => message + start.line);
  console.log(generation, messages, verdict.capableOn?.length);
}
const text: string = await formatReport(report, 'sarif', { width: 80 });
const names: readonly FormatName[] = formats;
const lines: LineId[] = linesIn('>=2.28');
const effect: Effect = 'prompt-lost';
const ids = rules.map(({ id }: Rule) => id);
const { changed, manual, complete }: Migration = await migrateTemplate({ 'main.tf': '' });
const hook: ImportHook = createImportHook({ require: 'capable' });
const response: Response = await hook(new Request('http://localhost/healthz'));
const analyzer = await createAnalyzer();
await analyzer.migrate(await readArchive(new Uint8Array()));
await analyzer.close();
console.log(VERSION, text, names, lines, effect, ids, changed['main.tf'], manual.length, complete, response.status);

// @ts-expect-error a level is no number
await analyzeTemplate('template', { levels: { 'task/app-id-missing': 2 } });
// @ts-expect-error there is no such option
await analyzeTemplate('template', { coderVersions: '2.34' });
// @ts-expect-error there is no such format
await formatReport(report, 'xml');
// @ts-expect-error reports are not to be changed
report.templates[0].findings[0].message = '';
// @ts-expect-error a rule has a summary
const rule: Rule = { id: 'acme/a', messages: {}, check() {} };
`;

const MISTAKEN_RULES = `import { defineRule, since } from 'tasks-lint';

// @ts-expect-error there is no line that starts with 2.29
since({ '2.29': 'advice' });

export const messages = defineRule({
  id: 'acme/bare',
  summary: 'Finds nothing.',
  // @ts-expect-error a message has advice
  messages: { bare: () => ({ problem: 'x', effects: {} }) },
  check() {},
});

export const reports = defineRule({
  id: 'acme/mistaken',
  summary: 'Finds nothing.',
  messages: {
    found: ({ address }: { address: string }) => ({
      problem: address,
      advice: 'Mend it.',
      effects: since({ '2.28': 'deprecated', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const { address, at } of template.agentModules) {
      report({ message: 'found', data: { address }, at, address });
      // @ts-expect-error the message wants an address
      report({ message: 'found', data: {}, at, address });
      // @ts-expect-error there is no such message
      report({ message: 'lost', data: { address }, at, address });
    }
  },
});

export const options = defineRule({
  id: 'acme/options',
  summary: 'Finds nothing.',
  messages: {},
  options: {
    least: { type: 'integer', minimum: 0, maximum: 9, default: 1, description: 'A number.' },
    who: { enum: ['me', 'you'], default: 'me', description: 'Somebody.' },
    isOn: { type: 'boolean', default: false, description: 'A choice.' },
  },
  check(_template, { options: { least, who, isOn, ...others } }) {
    const chosen: [number, 'me' | 'you', boolean] = [least, who, isOn];
    // @ts-expect-error an option has one of the values that it lists
    if (who === 'them') console.log(chosen);
    // @ts-expect-error there is no such option
    console.log(others.most);
  },
});

export const noOptions = defineRule({
  id: 'acme/no-options',
  summary: 'Finds nothing.',
  messages: {},
  check(_template, { options }) {
    // @ts-expect-error the rule has no options
    console.log(options.least);
  },
});
`;

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'tasks-lint-types-'));
  installPackage(project, packPackage(project));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Compiles sources as a consumer would who wants all checks, also of our declarations; throws with the errors. */
function compile(sources: Readonly<Record<string, string>>, compilerOptions: object): void {
  const config = {
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023'],
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      ...compilerOptions,
    },
    files: Object.keys(sources),
  };
  writeFiles(project, { ...sources, 'tsconfig.json': JSON.stringify(config) });
  runProgram(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', '.'], project);
}

/** Example blocks of the README that define rules. */
const EXAMPLES = blocksOf(readFileSync(join(ROOT, 'README.md'), 'utf8'), 'js').map(({ text }) => text);

describe('the public types', () => {
  const examples = Object.fromEntries(EXAMPLES.map((text, index) => [`example-${index}.mts`, text]));
  const sources = { 'consumer.mts': CONSUMER, 'mistaken.mts': MISTAKEN_RULES, ...examples };

  it.each([
    ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ])('compile in a consumer with module resolution %s, and so do the examples', (_name, options) => {
    expect(EXAMPLES.some((text) => text.includes('defineRule'))).toBe(true);
    expect(() => compile(sources, options)).not.toThrow();
  });

  it('compile in a CommonJS consumer', () => {
    const source = "import { VERSION } from 'tasks-lint';\nexport const version: string = VERSION;\n";
    const options = { module: 'nodenext', moduleResolution: 'nodenext' };
    expect(() => compile({ 'consumer.cts': source }, options)).not.toThrow();
  });

  it('are checked at all', () => {
    const source = "import { VERSION } from 'tasks-lint';\nexport const version: number = VERSION;\n";
    expect(() => compile({ 'wrong.mts': source }, { module: 'nodenext' })).toThrow(/TS2322/);
  });
});

describe('the documentation', () => {
  it('has a sentence for every name that is exported', () => {
    const types = join(project, 'node_modules/tasks-lint/dist/types/src');
    expect(undocumented(types, 'index.d.ts')).toEqual([]);
  });
});

/** Exported names of a declaration file, and of those that it re-exports from, that no comment precedes. */
function undocumented(folder: string, file: string): string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  const missing: string[] = [];
  const exports = text.matchAll(/^export (?:type )?(?:\{([^}]*)\}|\*) from '\.\/([^']+)\.js';/gm);
  for (const [, list, target] of exports) {
    const path = `${target}.d.ts`;
    const names = list?.split(',').flatMap((name) => /(\w+)\s*$/.exec(name)?.[1] ?? []);
    const declared = declarations(readFileSync(join(folder, path), 'utf8'));
    for (const name of names ?? declared.keys()) {
      if (declared.get(name) !== true) missing.push(`${path}: ${name}`);
    }
  }
  for (const [name, isDocumented] of declarations(text)) if (!isDocumented) missing.push(`${file}: ${name}`);
  return missing;
}

/** Names that a declaration file declares and exports, and whether a comment stands right before each. */
function declarations(text: string): Map<string, boolean> {
  const found = text.matchAll(
    /(\*\/\n)?^export (?:declare )?(?:abstract )?(?:function|const|class|interface|type|enum) (\w+)/gm,
  );
  const declared = new Map<string, boolean>();
  // Of overloads one comment is enough.
  for (const [, comment, name] of found) {
    declared.set(name as string, comment !== undefined || declared.get(name as string) === true);
  }
  return declared;
}
