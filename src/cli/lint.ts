import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rules } from '../../rules/index.ts';
import type { Catalog } from '../coder/catalog/catalog.ts';
import { parseCatalog } from '../coder/catalog/file.ts';
import { DEFAULT_TARGET, type LineId, linesIn } from '../coder/releases.ts';
import {
  type Config,
  type FailLevel,
  isIgnored,
  mergeRules,
  NO_CONFIG,
  type RuleLevel,
  settingFor,
} from '../engine/config.ts';
import { type Analysis, analyze } from '../engine/lint.ts';
import { type ConfigLoader, configLoader } from '../engine/load-config.ts';
import { type Settled, settle } from '../engine/settle.ts';
import { openConfigFiles } from '../input/config-files.ts';
import { type DirectoryFiles, findRepository, openDirectory, showPath } from '../input/directory.ts';
import { discover, type TemplateRoot } from '../input/discover.ts';
import type { MigrationResult } from '../migrate/migrate.ts';
import { applyBaseline, createBaseline, readBaseline, writeBaseline } from '../report/baseline.ts';
import { buildReport, buildTemplateReport, pathShower } from '../report/build.ts';
import { createContext, type Notice, type RenderContext } from '../report/format.ts';
import { type FormatName, loadFormat } from '../report/formats.ts';
import type { Report, TemplateReport } from '../report/report.ts';
import { count } from '../report/text.ts';
import { withOptions } from '../rule.ts';
import { createServices, type NodeServices } from '../services.ts';
import { docsUrl, VERSION } from '../version.ts';
import type { ChangedSince } from './changed.ts';
import {
  type ColorWish,
  colorLevel,
  type Environment,
  EXIT,
  hasUnicode,
  type Output,
  UsageError,
} from './environment.ts';
import { ruleMetadata } from './rule-pages.ts';
import { useFile } from './use-file.ts';

/** Where a format goes: standard output, or a file. */
export interface Destination {
  readonly format: FormatName;
  readonly file: string | null;
}

/** What `tasks-lint lint` is asked for. */
export interface LintArguments {
  readonly paths: readonly string[];
  readonly outputs: readonly Destination[];
  /** Semver range of Coder versions; null leaves it to the configuration. */
  readonly coderVersion: string | null;
  /** Path of the configuration; null to look for it, false for none. */
  readonly config: string | null | false;
  readonly ruleLevels: ReadonlyMap<string, RuleLevel>;
  readonly only: ReadonlySet<string> | null;
  readonly maxWarnings: number | null;
  readonly failOn: FailLevel | null;
  readonly exitZero: boolean;
  readonly errorOnUnmatched: boolean;
  readonly color: ColorWish;
  readonly debug: boolean;
  /** Lint only templates with changes; then paths narrow it down no further. */
  readonly changed: ChangedSince | null;
  /** File of findings that are not reported again. */
  readonly baseline: string | null;
  /** File to record the findings in. */
  readonly writeBaseline: string | null;
  /** Lint again whenever a file changes. */
  readonly watch: boolean;
  /** Fixes to apply before reporting; null for none. */
  readonly fix: 'safe' | 'all' | null;
  /** Show what the fixes would change instead of writing it. */
  readonly diff: boolean;
}

/** A lint of the current folder that was asked for nothing special. */
export const PLAIN_LINT: LintArguments = {
  paths: ['.'],
  outputs: [],
  coderVersion: null,
  config: null,
  ruleLevels: new Map(),
  only: null,
  maxWarnings: null,
  failOn: null,
  exitZero: false,
  errorOnUnmatched: true,
  color: 'auto',
  debug: false,
  changed: null,
  baseline: null,
  writeBaseline: null,
  watch: false,
  fix: null,
  diff: false,
};

/** One template with all that was found out about it. */
export interface LintedTemplate {
  readonly root: TemplateRoot;
  readonly analysis: Analysis;
  readonly report: TemplateReport;
  readonly config: Config;
  readonly target: readonly LineId[];
  readonly files: DirectoryFiles;
  readonly services: NodeServices;
}

/** Lints the templates at the paths, writes the reports, and returns the exit code. */
export async function runLint(args: LintArguments, environment: Environment): Promise<number> {
  if (!args.watch) return (await lintOnce(args, environment)).code;
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const { watchRuns } = await import('./watch.ts');
  return watchRuns({ run: () => lintOnce(args, environment) }, environment, stop.signal);
}

async function lintOnce(
  args: LintArguments,
  environment: Environment,
): Promise<{ readonly code: number; readonly folders: readonly string[] }> {
  const run = new LintRun(args, environment);
  try {
    const code = await run.lint();
    return { code, folders: [...run.folders] };
  } finally {
    await run.close();
  }
}

/** A run over several templates that share parser, judge, catalogues and configurations. */
export class LintRun {
  private readonly args: LintArguments;
  private readonly environment: Environment;
  private readonly loader: ConfigLoader;
  private readonly services = new Map<string, Promise<NodeServices>>();
  private readonly notices: Notice[] = [];
  /** Absolute paths of the folders that were read. */
  readonly folders = new Set<string>();

  constructor(args: LintArguments, environment: Environment) {
    this.args = args;
    this.environment = environment;
    this.loader = configLoader(openConfigFiles({ cwd: environment.cwd }));
  }

  async close(): Promise<void> {
    for (const services of this.services.values()) await (await services).close();
  }

  async lint(): Promise<number> {
    let templates = await this.lintAll();
    if (templates === null) return EXIT.error;
    const { fix, diff } = this.args;
    if (diff) return (await import('./fix.ts')).showFixes(this, templates, fix ?? 'all', this.environment);
    if (fix !== null) {
      templates = await (await import('./fix.ts')).writeFixes(this, templates, fix, this.environment);
    }
    const report = this.withBaseline(this.reportOn(templates));
    await this.write(report, templates);
    if (this.hasInternalError) return EXIT.error;
    return this.fails(report, templates) ? EXIT.findings : EXIT.ok;
  }

  /** Whether a rule threw. */
  get hasInternalError(): boolean {
    return this.notices.some((notice) => notice.ruleId !== null);
  }

  /** Analyses every template at the paths; null when there is none, which has then been said. */
  async lintAll(): Promise<LintedTemplate[] | null> {
    const { stderr, cwd } = this.environment;
    const paths = await this.pathsToLint();
    if (paths.length === 0) {
      stderr.write('tasks-lint: no template has changed\n');
      return [];
    }
    const found = await discover(paths, { cwd });
    for (const { path, reason } of found.unmatched) stderr.write(`tasks-lint: ${path} ${reason}\n`);
    const templates: LintedTemplate[] = [];
    let ignored = 0;
    const progress = new Progress(found.templates.length, stderr);
    for (const root of found.templates) {
      progress.step();
      const linted = await this.lintOne(root);
      if (linted === null) ignored++;
      else templates.push(linted);
    }
    progress.end();
    if (ignored > 0)
      stderr.write(`tasks-lint: ${count(ignored, 'template')} left out by "ignore" in the configuration\n`);
    const isUnmatched = found.unmatched.length > 0 || (templates.length === 0 && ignored === 0);
    return isUnmatched && this.args.errorOnUnmatched && !(templates.length > 0 && onlyBelow(found.unmatched))
      ? null
      : templates;
  }

  private async pathsToLint(): Promise<readonly string[]> {
    const { args, environment } = this;
    if (args.changed === null) return args.paths;
    const { changedPaths } = await import('./changed.ts');
    return changedPaths(args.changed, environment.cwd);
  }

  private async lintOne(root: TemplateRoot): Promise<LintedTemplate | null> {
    const { cwd } = this.environment;
    const files = openDirectory(root.path, { cwd, boundary: root.boundary });
    const config = this.withArguments(await this.configFor(root.path));
    if (isIgnored(config, root.path)) return null;
    const target = linesOrUsage(this.targetOf(config));
    const shared = await this.servicesFor(config);
    // A rule sees a whole template, so that its options are those for the folder: `a/**` fits `a/`.
    const chosen = withOptions(shared.rules, (id) => settingFor(config, id, `${root.path}/`).options);
    const services = { ...shared, rules: chosen };
    const analysis = await analyze(files, services, target);
    for (const node of analysis.template.tree.nodes) this.folders.add(files.locate(node.module.folder));
    for (const { ruleId, error } of analysis.failures) this.notice(ruleId, error, files.root);
    for (const note of files.notes) this.environment.stderr.write(`tasks-lint: ${note.path}: ${note.text}\n`);
    return this.withReport({ root, analysis, config, target, files, services });
  }

  /** The template with the report on an analysis of it. */
  withReport(template: Omit<LintedTemplate, 'report'>): LintedTemplate {
    const settled = this.settle(template, template.analysis);
    return { ...template, report: buildTemplateReport(template.analysis, settled, { docs: docsUrl }) };
  }

  /** The findings of an analysis of the template as the user wants to see them. */
  settle({ target, config, files }: Omit<LintedTemplate, 'report'>, analysis: Analysis): Settled {
    return settle(analysis, {
      target,
      config,
      rules,
      only: this.args.only,
      pathOf: (path) => files.locate(path),
    });
  }

  /** What migrating a template comes to; nothing is written. */
  async migrate({ analysis, services, target }: LintedTemplate): Promise<MigrationResult> {
    const { migrateAnalysis } = await import('../migrate/migrate.ts');
    return migrateAnalysis(analysis, services, { target });
  }

  private notice(ruleId: string, error: unknown, root: string): void {
    const text = error instanceof Error ? (this.args.debug ? error.stack : error.message) : String(error);
    const message = `internal error in the rule ${ruleId} on ${root}: ${text}; the other rules ran. Please report it.`;
    this.environment.stderr.write(`tasks-lint: ${message}\n`);
    this.notices.push({ level: 'error', message, ruleId, file: null, line: null });
  }

  private async configFor(folder: string): Promise<Config> {
    const { config, debug } = this.args;
    const { env, stderr, cwd } = this.environment;
    if (config === false) return NO_CONFIG;
    const path = config ?? (env.TASKS_LINT_CONFIG || this.loader.find(folder));
    if (debug)
      stderr.write(
        `tasks-lint: ${showPath(folder, cwd)}: ${path === null ? 'no configuration' : `configured by ${path}`}\n`,
      );
    return path === null ? NO_CONFIG : this.loader.load(path);
  }

  /** The command line wins over the configuration. */
  private withArguments(config: Config): Config {
    const { ruleLevels, maxWarnings, failOn } = this.args;
    const given = new Map([...ruleLevels].map(([id, level]) => [id, { level, options: {} }]));
    const override = { files: ['**'], rules: given };
    return {
      ...config,
      rules: mergeRules([config.rules, given]),
      overrides: given.size === 0 ? config.overrides : [...config.overrides, override],
      maxWarnings: maxWarnings ?? config.maxWarnings,
      failOn: failOn ?? config.failOn,
    };
  }

  private targetOf(config: Config): string {
    return this.args.coderVersion ?? config.coderVersion ?? DEFAULT_TARGET;
  }

  private servicesFor(config: Config): Promise<NodeServices> {
    const key = config.catalogs.join('\n');
    let services = this.services.get(key);
    if (services === undefined) {
      services = createServices({ rules, catalogs: config.catalogs.map(readCatalog) });
      this.services.set(key, services);
    }
    return services;
  }

  /** The report on all templates; with configurations that differ, the target is all of theirs. */
  reportOn(templates: readonly LintedTemplate[]): Report {
    const ranges = [...new Set(templates.map(({ config }) => this.targetOf(config)))];
    const target = ranges.length === 0 ? (this.args.coderVersion ?? DEFAULT_TARGET) : ranges.join(' || ');
    const lines = linesOrUsage(target);
    return buildReport(
      templates.map((template) => template.report),
      lines,
      { version: VERSION, target, docs: docsUrl },
    );
  }

  /** Takes out what the baseline holds, says what it holds in vain, and writes a new one where asked. */
  private withBaseline(report: Report): Report {
    const { baseline, writeBaseline: target } = this.args;
    const { cwd, stderr } = this.environment;
    let result = report;
    if (baseline !== null) {
      const path = resolve(cwd, baseline);
      const known = useFile(`the baseline ${path} cannot be used`, () =>
        readBaseline(readFileSync(path, 'utf8')),
      );
      const applied = applyBaseline(report, known);
      for (const { file, ruleId, message } of applied.stale) {
        stderr.write(`tasks-lint: stale in the baseline: ${file}: ${ruleId}: ${message}\n`);
      }
      result = applied.report;
    }
    if (target !== null) {
      const today = new Date().toISOString().slice(0, 10);
      writeReport(resolve(cwd, target), writeBaseline(createBaseline(result, today)));
      stderr.write(`tasks-lint: wrote ${target}\n`);
    }
    return result;
  }

  private async write(report: Report, templates: readonly LintedTemplate[]): Promise<void> {
    const { stdout, cwd } = this.environment;
    for (const { format, file } of this.args.outputs) {
      const text = await this.render(format, report, templates, file === null);
      if (file === null) stdout.write(text);
      else writeReport(resolve(cwd, file), text);
    }
  }

  /** The report in one format; colours only for a terminal. */
  async render(
    format: FormatName,
    report: Report,
    templates: readonly LintedTemplate[],
    isTerminal: boolean,
    known: Partial<RenderContext> = {},
  ): Promise<string> {
    const { render } = await loadFormat(format);
    return render(report, { ...this.contextFor(templates, isTerminal), ...known });
  }

  private contextFor(templates: readonly LintedTemplate[], isTerminal: boolean): RenderContext {
    const { environment, args } = this;
    const texts = new Map<string, string>();
    for (const { analysis } of templates) {
      const show = pathShower(analysis);
      for (const { file } of analysis.template.tree.files) texts.set(show(file.path), file.text);
    }
    const repository = findRepository(environment.cwd);
    const prefix = repository === null ? '' : showPath(environment.cwd, repository);
    return createContext({
      sources: (path) => texts.get(path) ?? null,
      color: isTerminal ? colorLevel(args.color, environment) : 0,
      unicode: hasUnicode(environment),
      width: environment.stdout.columns ?? 100,
      rules: ruleMetadata(),
      repository: { prefix: prefix === '' || prefix === '.' ? '' : `${prefix}/`, uri: null },
      invocation: { successful: this.notices.length === 0, notices: this.notices },
    });
  }

  /** Whether the findings reach the level at which the run fails. */
  fails(report: Report, templates: readonly LintedTemplate[]): boolean {
    if (this.args.exitZero || this.args.writeBaseline !== null) return false;
    const isFailing = report.templates.some(({ findings }, index) => {
      const failing = LEVELS_FAILING[templates[index]?.config.failOn ?? 'error'];
      return findings.some((finding) => finding.suppressed === null && failing.has(finding.level));
    });
    return isFailing || exceeds(report.summary.warnings, templates);
  }
}

/** Says on a terminal how far a run is, once it takes longer than a second. */
class Progress {
  private readonly started = Date.now();
  private done = 0;
  private isShown = false;
  private readonly total: number;
  private readonly output: Output;

  constructor(total: number, output: Output) {
    this.total = total;
    this.output = output;
  }

  step(): void {
    this.done++;
    if (!this.output.isTTY || Date.now() - this.started < 1000) return;
    this.output.write(`\rlinting ${this.done} of ${this.total} templates`);
    this.isShown = true;
  }

  end(): void {
    if (this.isShown) this.output.write('\r\x1b[K');
  }
}

const LEVELS_FAILING: Readonly<Record<FailLevel, ReadonlySet<string>>> = {
  error: new Set(['error']),
  warning: new Set(['error', 'warning']),
  info: new Set(['error', 'warning', 'info']),
  never: new Set(),
};

function exceeds(warnings: number, templates: readonly LintedTemplate[]): boolean {
  const limits = templates.flatMap(({ config }) => config.maxWarnings ?? []);
  return limits.length > 0 && warnings > Math.min(...limits);
}

/** Folders below a searched path that could not be read are said, but do not spoil what was found. */
function onlyBelow(unmatched: readonly { readonly why: string }[]): boolean {
  return unmatched.every(({ why }) => why === 'unreadable');
}

function linesOrUsage(target: string): LineId[] {
  try {
    return linesIn(target);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function readCatalog(path: string): Catalog {
  return useFile(`the catalogue ${path} cannot be used`, () => parseCatalog(readFileSync(path, 'utf8')));
}

/**
 * Writes a report where the user wants it.
 * @throws UsageError when that cannot be
 */
export function writeReport(path: string, text: string): void {
  useFile(`the report cannot be written to ${path}`, () => writeFileSync(path, text));
}
