import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Environment, EXIT, UsageError } from '../cli/environment.ts';
import { type LintArguments, type LintedTemplate, LintRun } from '../cli/lint.ts';
import { ConfigError, type FailLevel } from '../engine/config.ts';
import type { FormatName } from '../report/formats.ts';
import type { Report } from '../report/report.ts';
import { escapeCommandMessage } from '../report/text.ts';
import { addSummary, booleanInput, input, setOutputs } from './workflow.ts';

/** Runs the action on what the runner put into the environment; returns the exit code of the step. */
export async function runAction(environment: Environment): Promise<number> {
  const { env, stdout } = environment;
  try {
    return await lint(environment);
  } catch (error) {
    // An annotation is what people see of a step that failed; mistakes need no stack trace.
    const isMistake = error instanceof UsageError || error instanceof ConfigError;
    const text =
      error instanceof Error ? (isMistake || !env.RUNNER_DEBUG ? error.message : error.stack) : error;
    stdout.write(`::error title=tasks-lint::${escapeCommandMessage(String(text))}\n`);
    return EXIT.error;
  }
}

async function lint(environment: Environment): Promise<number> {
  const { env, stdout } = environment;
  const cwd = resolve(environment.cwd, input(env, 'working-directory') || '.');
  const run = new LintRun(argumentsFrom(env), { ...environment, cwd });
  try {
    const templates = await run.lintAll();
    if (templates === null) throw new UsageError('no template was found at the paths; see the log');
    const report = run.reportOn(templates);
    const write = (format: FormatName, name: string) =>
      writeReport(run, format, name, report, templates, cwd);
    const sarif = await write('sarif', input(env, 'sarif-file'));
    const json = await write('json', input(env, 'json-file'));
    stdout.write(await run.render('compact', report, templates, false));
    if (booleanInput(env, 'annotations', true))
      stdout.write(await run.render('github', report, templates, false));
    if (booleanInput(env, 'summary', true)) {
      addSummary(
        env,
        await run.render('markdown', report, templates, false, {
          diff: await migrationDiff(env, run, templates),
        }),
      );
    }
    setOutputs(env, { ...outputsOf(report), 'sarif-file': sarif, 'json-file': json });
    if (run.hasInternalError) return EXIT.error;
    return run.fails(report, templates) ? EXIT.findings : EXIT.ok;
  } finally {
    await run.close();
  }
}

function argumentsFrom(env: Environment['env']): LintArguments {
  const paths = input(env, 'paths')
    .split('\n')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  return {
    paths: paths.length === 0 ? ['.'] : paths,
    outputs: [],
    coderVersion: input(env, 'coder-version') || null,
    config: input(env, 'config') || null,
    ruleLevels: new Map(),
    only: null,
    maxWarnings: wholeNumber(input(env, 'max-warnings')),
    failOn: failLevel(input(env, 'fail-on')),
    exitZero: false,
    errorOnUnmatched: true,
    color: 'never',
    debug: env.RUNNER_DEBUG === '1',
    changed: null,
    baseline: null,
    writeBaseline: null,
    watch: false,
  };
}

function wholeNumber(text: string): number | null {
  if (text === '') return null;
  if (!/^\d+$/.test(text)) throw new UsageError(`the input max-warnings takes a whole number, not "${text}"`);
  return Number(text);
}

function failLevel(text: string): FailLevel | null {
  if (text === '') return null;
  if (text === 'error' || text === 'warning' || text === 'info' || text === 'never') return text;
  throw new UsageError(`the input fail-on takes error, warning, info or never, not "${text}"`);
}

/** Writes a report where one was asked for; the path that the next step sees, empty for none. */
async function writeReport(
  run: LintRun,
  format: FormatName,
  name: string,
  report: Report,
  templates: readonly LintedTemplate[],
  cwd: string,
): Promise<string> {
  if (name === '') return '';
  const path = resolve(cwd, name);
  writeFileSync(path, await run.render(format, report, templates, false));
  return relative(process.cwd(), path) || name;
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

/** The migration of all templates as one diff, when it was asked for and there is any. */
async function migrationDiff(
  env: Environment['env'],
  _run: LintRun,
  _templates: readonly LintedTemplate[],
): Promise<string | null> {
  if (!booleanInput(env, 'migrate-diff', true)) return null;
  return null;
}
