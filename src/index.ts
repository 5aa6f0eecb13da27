/**
 * tasks-lint as a library: says on which Coder releases a template is Task-capable, and what is wrong with it.
 * Everything here follows semantic versioning; the JSON report has its own `formatVersion`.
 * @packageDocumentation
 */
import { rules as shippedRules } from '../rules/index.ts';
import type { Catalog } from './coder/catalog/catalog.ts';
import { DEFAULT_TARGET, type LineId, linesIn } from './coder/releases.ts';
import { didYouMean } from './engine/closest.ts';
import { type ConfigSource, mergeConfigs, PRESETS, type RuleLevel, settingsIn } from './engine/config.ts';
import { type Analysis, analyze, type RuleFailure } from './engine/lint.ts';
import { settle } from './engine/settle.ts';
import { openDirectory } from './input/directory.ts';
import { type FileMap, memoryFiles } from './input/memory.ts';
import type { TemplateFiles } from './input/template-files.ts';
import type { TemplateMigration } from './migrate/migration-report.ts';
import { buildReport, buildTemplateReport, pathShower } from './report/build.ts';
import { createContext, type RenderContext } from './report/format.ts';
import { FORMAT_NAMES, type FormatName, loadFormat } from './report/formats.ts';
import type { Report } from './report/report.ts';
import { type Rule, type RuleOptions, withOptions } from './rule.ts';
import { createServices } from './services.ts';
import { docsUrl, VERSION } from './version.ts';

export type { Catalog } from './coder/catalog/catalog.ts';
export { CatalogFileError, parseCatalog } from './coder/catalog/file.ts';
export { DEFAULT_TARGET, LINE_IDS, type LineId, linesIn } from './coder/releases.ts';
export type { Template } from './coder/template.ts';
export type { Generation, LineVerdict, Status, Verdict } from './coder/verdict.ts';
export type { RuleLevel } from './engine/config.ts';
export type { RuleFailure } from './engine/lint.ts';
export { ArchiveError, type ArchiveOptions, readArchive } from './input/archive.ts';
export { type DirectoryOptions, openDirectory } from './input/directory.ts';
export { type FileMap, type MemoryOptions, memoryFiles } from './input/memory.ts';
export type { FileContent, TemplateFiles } from './input/template-files.ts';
export type { AgentsPlan, PlannedRemoval } from './migrate/agents-plan.ts';
export type { ManualReport, StepReport, TemplateMigration } from './migrate/migration-report.ts';
export type { RenderContext } from './report/format.ts';
export type { FormatName } from './report/formats.ts';
export type * from './report/report.ts';
export {
  defineRule,
  type Effect,
  type Effects,
  type Finding,
  type Fix,
  type Level,
  linesFrom,
  type Message,
  type Rule,
  type RuleContext,
  type RuleOptions,
  since,
} from './rule.ts';
export type { Edit } from './source/edit.ts';
export { type Position, SourceFile, type Span } from './source/source-file.ts';
export { VERSION } from './version.ts';

/** The rules that come with the program, in order of their ids. */
export const rules: readonly Rule[] = shippedRules;

/** Names of the formats that `formatReport` writes. */
export const formats: readonly FormatName[] = FORMAT_NAMES;

/** What a template is read from: a folder on disk, a map of paths to contents, or files opened before. */
export type TemplateSource = string | FileMap | TemplateFiles;

/** What an analysis is for and what it uses; every part has a default. */
export interface AnalyzeOptions {
  /** Semver range of Coder versions to lint for. Default `>=2.28 <2.37`. */
  readonly coderVersion?: string;
  /** Rules to run. Default: the shipped ones; add your own with `[...rules, mine]`. */
  readonly rules?: readonly Rule[];
  /** What is shown, and at which level, as a configuration's `extends` says it. Default `recommended`. */
  readonly preset?: 'recommended' | 'migration' | 'strict';
  /** Level by rule id, instead of the one that follows from a finding's effects. */
  readonly levels?: Readonly<Record<string, RuleLevel>>;
  /** Options by rule id, instead of their defaults. */
  readonly ruleOptions?: Readonly<Record<string, RuleOptions>>;
  /** Catalogues of private module registries, asked before the one that comes with the program. */
  readonly catalogs?: readonly Catalog[];
  /**
   * Which files HCL's own parser judges in a thread of its own: those in doubt (the default), all (for
   * untrusted files), or none.
   */
  readonly judge?: 'doubt' | 'all' | 'none';
  /** Called when a rule throws; the others still run. By default that is thrown as an `AggregateError`. */
  readonly onRuleFailure?: (failure: RuleFailure) => void;
}

/** What migrating a template came to. */
export interface Migration extends TemplateMigration {
  /** Unified diff over all files that change, as `git apply` takes it; empty when nothing changes. */
  readonly diff: string;
  /**
   * New text by path, of the files that change only. Nothing is written to disk, and nothing should be when
   * `halted` is not empty.
   */
  readonly changed: Readonly<Record<string, string>>;
  /** The report on the migrated template. */
  readonly report: Report;
}

/** Analyses templates one after the other with the same parser, judge and catalogues. */
export interface Analyzer {
  /**
   * The report on one template. Broken content is a finding, never an exception.
   * @throws Error with a `code` such as ENOENT when a folder cannot be opened
   * @throws AggregateError when rules throw and `onRuleFailure` is not given
   */
  analyze(source: TemplateSource): Promise<Report>;
  /**
   * Migrates one template to what `coderVersion` asks for, as far as edits can; `manual` says what is left.
   * @throws as `analyze` does
   */
  migrate(source: TemplateSource): Promise<Migration>;
  /** Ends the judge's thread; the analyzer can go on being used. */
  close(): Promise<void>;
}

/**
 * Makes an analyzer; close it when done.
 * @throws RangeError when `coderVersion` is no range of Coder versions with Tasks, and for presets, rules and
 *   options that there are not
 */
export async function createAnalyzer(options: AnalyzeOptions = {}): Promise<Analyzer> {
  const target = options.coderVersion ?? DEFAULT_TARGET;
  const lines = linesIn(target);
  const used = options.rules ?? rules;
  const settings = settingsOf(options, used, lines);
  const services = await createServices({
    rules: withOptions(used, (id) => options.ruleOptions?.[id] ?? {}),
    catalogs: options.catalogs ?? [],
    judge: options.judge ?? 'doubt',
  });
  const reportOn = (analysis: Analysis) => {
    sayFailures(analysis, options);
    const settled = settle(analysis, { ...settings, pathOf: pathShower(analysis) });
    const template = buildTemplateReport(analysis, settled, { docs: docsUrl });
    return buildReport([template], lines, { version: VERSION, target, docs: docsUrl });
  };
  return {
    analyze: async (source) => reportOn(await analyze(openTemplate(source), services, lines)),
    async migrate(source) {
      const [{ migrateTemplate }, { reportMigration }] = await Promise.all([
        import('./migrate/migrate.ts'),
        import('./migrate/migration-report.ts'),
      ]);
      const result = await migrateTemplate(openTemplate(source), services, { target: lines });
      const { after, changed, diff } = result;
      const show = pathShower(after);
      return {
        ...reportMigration(result, { target: lines }, { written: false, docs: docsUrl }),
        diff,
        changed: Object.fromEntries([...changed].map(([path, text]) => [show(path), text])),
        report: reportOn(after),
      };
    },
    close: () => services.close(),
  };
}

/** What is asked for apart from the options of rules, which the rules themselves hold. */
function settingsOf(options: AnalyzeOptions, used: readonly Rule[], target: readonly LineId[]) {
  const { preset = 'recommended', levels = {}, ruleOptions = {} } = options;
  if (!Object.hasOwn(PRESETS, preset)) throw new RangeError(`unknown preset \`${preset}\``);
  const knownRules = used.map(({ id }) => id);
  for (const id of Object.keys({ ...levels, ...ruleOptions })) {
    if (!knownRules.includes(id)) throw new RangeError(`unknown rule \`${id}\`${didYouMean(id, knownRules)}`);
  }
  const own = { file: null, extends: [], rules: settingsIn(levels) };
  return {
    target,
    config: mergeConfigs('', [PRESETS[preset] as ConfigSource, own]),
    rules: used,
    only: null,
  };
}

/**
 * Analyses one template: `createAnalyzer`, `analyze` and `close` in one.
 * @throws as `createAnalyzer` and `Analyzer.analyze` do
 */
export async function analyzeTemplate(source: TemplateSource, options: AnalyzeOptions = {}): Promise<Report> {
  return withAnalyzer(options, (analyzer) => analyzer.analyze(source));
}

/**
 * Migrates one template: `createAnalyzer`, `migrate` and `close` in one.
 * @throws as `createAnalyzer` and `Analyzer.analyze` do
 */
export async function migrateTemplate(
  source: TemplateSource,
  options: AnalyzeOptions = {},
): Promise<Migration> {
  return withAnalyzer(options, (analyzer) => analyzer.migrate(source));
}

async function withAnalyzer<Result>(
  options: AnalyzeOptions,
  use: (analyzer: Analyzer) => Promise<Result>,
): Promise<Result> {
  const analyzer = await createAnalyzer(options);
  try {
    return await use(analyzer);
  } finally {
    await analyzer.close();
  }
}

/** A report in one of the formats; `context` says what a format may know of its surroundings. */
export async function formatReport(
  report: Report,
  format: FormatName,
  context: Partial<RenderContext> = {},
): Promise<string> {
  return (await loadFormat(format)).render(report, createContext(context));
}

function openTemplate(source: TemplateSource): TemplateFiles {
  if (typeof source === 'string') return openDirectory(source);
  return isTemplateFiles(source) ? source : memoryFiles(source);
}

function isTemplateFiles(source: FileMap | TemplateFiles): source is TemplateFiles {
  return typeof (source as TemplateFiles).read === 'function';
}

function sayFailures({ failures }: Analysis, { onRuleFailure }: AnalyzeOptions): void {
  if (onRuleFailure !== undefined) failures.forEach(onRuleFailure);
  else if (failures.length > 0) {
    const names = failures.map(({ ruleId }) => ruleId).join(', ');
    throw new AggregateError(
      failures.map(({ error }) => error),
      `rules failed: ${names}`,
    );
  }
}
