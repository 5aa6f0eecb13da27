import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Environment, EXIT, UsageError } from '../cli/environment.ts';
import { type LintArguments, type LintedTemplate, LintRun, PLAIN_LINT, writeReport } from '../cli/lint.ts';
import { wholeNumber } from '../cli/lint-arguments.ts';
import { ConfigError, type FailLevel } from '../engine/config.ts';
import { findRepository, showPath } from '../input/directory.ts';
import type { RenderContext } from '../report/format.ts';
import type { FormatName } from '../report/formats.ts';
import type { Report } from '../report/report.ts';
import { cleanText, escapeCommandMessage } from '../report/text.ts';
import { addSummary, booleanInput, input, setOutputs } from './workflow.ts';

/** Runs the action on what the runner put into the environment; returns the exit code of the step. */
export async function runAction(environment: Environment): Promise<number> {
  const { env, stdout, stderr } = environment;
  try {
    // The runner obeys commands on both streams, and notices may name files of the template.
    const log = { write: (text: string) => stderr.write(cleanText(text)) };
    return await lint({ ...environment, stderr: log });
  } catch (error) {
    // An annotation is what people see of a step that failed; mistakes need no stack trace.
    stdout.write(`::error title=tasks-lint::${escapeCommandMessage(cleanText(textOf(error, env)))}\n`);
    return EXIT.error;
  }
}

function textOf(error: unknown, env: Environment['env']): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || error instanceof UsageError) return error.message;
  return `internal error: ${(env.RUNNER_DEBUG === '1' && error.stack) || error.message}`;
}

async function lint(environment: Environment): Promise<number> {
  const { env, stdout } = environment;
  const cwd = resolve(environment.cwd, input(env, 'working-directory') || '.');
  if (!existsSync(cwd)) throw new UsageError(`the working-directory ${cwd} does not exist`);
  const wants = {
    annotations: booleanInput(env, 'annotations', true),
    summary: booleanInput(env, 'summary', true),
    migration: booleanInput(env, 'migrate-diff', true),
  };
  const run = new LintRun(argumentsFrom(env), { ...environment, cwd });
  try {
    const templates = await run.lintAll();
    if (templates === null) throw new UsageError('no template was found at the paths; see the log');
    const report = run.reportOn(templates);
    const known = repositoryOf(environment, cwd);
    const render = (format: FormatName, more: Partial<RenderContext> = {}) =>
      run.render(format, report, templates, false, { ...known, ...more });
    const write = async (format: FormatName, name: string) => {
      if (name === '') return '';
      const path = resolve(cwd, name);
      writeReport(path, await render(format));
      return relative(environment.cwd, path);
    };
    const sarif = await write('sarif', input(env, 'sarif-file'));
    const json = await write('json', input(env, 'json-file'));
    stdout.write(await render('compact'));
    if (wants.annotations) stdout.write(await render('github'));
    setOutputs(env, { ...outputsOf(report), 'sarif-file': sarif, 'json-file': json });
    if (wants.summary) {
      const diff = wants.migration ? await migrationDiff(run, templates, environment) : null;
      addSummary(env, await render('markdown', { diff }));
    }
    if (run.hasInternalError) return EXIT.error;
    return run.fails(report, templates) ? EXIT.findings : EXIT.ok;
  } finally {
    await run.close();
  }
}

/** Without git, actions/checkout leaves no repository behind; the workspace then stands for its root. */
function repositoryOf({ env }: Environment, cwd: string): Partial<RenderContext> {
  const workspace = env.GITHUB_WORKSPACE;
  if (!workspace || findRepository(cwd) !== null) return {};
  const prefix = showPath(cwd, workspace);
  if (prefix === '.' || prefix.startsWith('..')) return {};
  return { repository: { prefix: `${prefix}/`, uri: null } };
}

function argumentsFrom(env: Environment['env']): LintArguments {
  const paths = input(env, 'paths')
    .split('\n')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  const maxWarnings = input(env, 'max-warnings');
  return {
    ...PLAIN_LINT,
    paths: paths.length === 0 ? PLAIN_LINT.paths : paths,
    coderVersion: input(env, 'coder-version') || null,
    config: input(env, 'config') || null,
    maxWarnings: maxWarnings === '' ? null : wholeNumber('the input max-warnings', maxWarnings),
    failOn: failLevel(input(env, 'fail-on')),
    color: 'never',
    debug: env.RUNNER_DEBUG === '1',
  };
}

function failLevel(text: string): FailLevel | null {
  if (text === '') return null;
  if (text === 'error' || text === 'warning' || text === 'info' || text === 'never') return text;
  throw new UsageError(`the input fail-on takes error, warning, info or never, not "${text}"`);
}

function outputsOf({ summary, templates }: Report): Record<string, string> {
  const generations = new Set(templates.map(({ verdict }) => verdict.generation));
  const taskTemplates = templates.filter(({ verdict }) => verdict.generation !== 'none').length;
  return {
    'task-capable': String(taskTemplates > 0 && summary.capable === taskTemplates),
    generation: [...generations].sort().join(','),
    errors: String(summary.errors),
    warnings: String(summary.warnings),
  };
}

/** The migration of all templates as one diff; null when there is none. */
async function migrationDiff(
  run: LintRun,
  templates: readonly LintedTemplate[],
  { stderr }: Environment,
): Promise<string | null> {
  const diffs: string[] = [];
  for (const template of templates) {
    const { diff, halted } = await run.migrate(template);
    if (halted.length === 0) diffs.push(diff);
    else stderr.write(`tasks-lint: ${template.files.root} is not migrated: ${halted.join('; ')}\n`);
  }
  return diffs.join('') || null;
}
