import type { Argv } from 'yargs';
import { didYouMean } from '../engine/closest.ts';
import type { FailLevel, RuleLevel } from '../engine/config.ts';
import { FORMAT_NAMES, isFormatName } from '../report/formats.ts';
import { type ColorWish, type Environment, UsageError } from './environment.ts';
import type { Destination, LintArguments } from './lint.ts';

/** The paths that most commands take. */
export function pathsOf(command: Argv): Argv {
  return command.positional('paths', {
    type: 'string',
    array: true,
    default: ['.'],
    describe: 'Folders and files; a file means the template that it is part of',
  });
}

/** The options of `lint`. */
export function lintOptions(command: Argv): Argv {
  return command
    .option('format', {
      alias: 'f',
      type: 'string',
      array: true,
      nargs: 1,
      describe: `${FORMAT_NAMES.join(', ')}; "name:file" writes to a file; may be repeated`,
    })
    .option('coder-version', {
      type: 'string',
      describe: 'Coder releases to lint for, as a semver range (default: ">=2.28 <2.37")',
    })
    .option('config', { type: 'string', describe: 'Configuration file; --no-config for none' })
    .option('rule', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: '<id>:<off|info|warning|error>; may be repeated',
    })
    .option('only', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Show only this rule; may be repeated',
    })
    .option('max-warnings', { type: 'string', describe: 'Fail above this number of warnings' })
    .option('fail-on', {
      choices: ['error', 'warning', 'info', 'never'] as const,
      describe: 'Lowest level that fails (default: error)',
    })
    .option('exit-zero', { type: 'boolean', default: false, describe: 'Exit 0 whatever is found' })
    .option('error-on-unmatched', {
      type: 'boolean',
      default: true,
      describe: 'Fail when a path holds no template',
    })
    .option('changed', {
      type: 'string',
      describe: 'Only templates with changes since a revision (default: HEAD)',
    })
    .option('staged', { type: 'boolean', default: false, describe: 'Only templates with staged changes' })
    .option('baseline', { type: 'string', describe: 'File of findings that are not reported again' })
    .option('write-baseline', { type: 'string', describe: 'Record the findings in a file, and exit 0' })
    .option('fix', {
      type: 'string',
      describe: 'Apply the safe fixes; --fix=all also those that deserve a look',
    })
    .option('diff', {
      type: 'boolean',
      default: false,
      describe: 'Show what fixes would change instead of linting; exit 1 when there is something',
    })
    .option('watch', { type: 'boolean', default: false, describe: 'Lint again whenever a file changes' })
    .option('color', { type: 'string', describe: 'auto, always or never' })
    .option('debug', {
      type: 'boolean',
      default: false,
      describe: 'Say which configuration is used; stack traces',
    });
}

/** What yargs makes of them. */
interface RawLint {
  readonly paths: readonly string[];
  readonly format?: readonly string[];
  readonly coderVersion?: string;
  readonly config?: string | false;
  readonly rule?: readonly string[];
  readonly only?: readonly string[];
  readonly maxWarnings?: string;
  readonly failOn?: FailLevel;
  readonly exitZero: boolean;
  readonly errorOnUnmatched: boolean;
  readonly color?: string | boolean;
  readonly debug: boolean;
  readonly changed?: string;
  readonly staged: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly watch: boolean;
  readonly fix?: string;
  readonly diff: boolean;
}

/** Runs `lint` on what yargs made of its options. */
export async function lint(raw: RawLint, environment: Environment): Promise<number> {
  const [{ runLint }, { rules }] = await Promise.all([import('./lint.ts'), import('../../rules/index.ts')]);
  return runLint(
    lintArguments(
      raw,
      rules.map((rule) => rule.id),
    ),
    environment,
  );
}

function lintArguments(raw: RawLint, ruleIds: readonly string[]): LintArguments {
  return {
    paths: raw.paths.length === 0 ? ['.'] : raw.paths,
    outputs: destinations(raw.format ?? ['pretty']),
    coderVersion: raw.coderVersion ?? null,
    config: raw.config ?? null,
    ruleLevels: new Map((raw.rule ?? []).map((text) => ruleLevel(text, ruleIds))),
    only: raw.only === undefined ? null : new Set(raw.only.map((id) => knownRule(id, ruleIds))),
    maxWarnings: raw.maxWarnings === undefined ? null : wholeNumber('--max-warnings', raw.maxWarnings),
    failOn: raw.failOn ?? null,
    exitZero: raw.exitZero,
    errorOnUnmatched: raw.errorOnUnmatched,
    color: colorWish(raw.color),
    debug: raw.debug,
    changed: changedSince(raw),
    baseline: raw.baseline ?? null,
    writeBaseline: raw.writeBaseline ?? null,
    watch: raw.watch,
    fix: fixWish(raw.fix),
    diff: raw.diff,
  };
}

function fixWish(fix: string | undefined): LintArguments['fix'] {
  if (fix === undefined) return null;
  if (fix === '' || fix === 'safe') return 'safe';
  if (fix === 'all') return 'all';
  throw new UsageError(`--fix takes all or nothing, not "${fix}"; write \`--fix -- ${fix}\` for a path`);
}

function changedSince({ changed, staged }: RawLint): LintArguments['changed'] {
  if (staged && changed !== undefined) throw new UsageError('--changed and --staged exclude each other');
  if (staged) return { kind: 'staged' };
  return changed === undefined ? null : { kind: 'revision', revision: changed || 'HEAD' };
}

function destinations(formats: readonly string[]): Destination[] {
  return formats.map((text) => {
    const colon = text.indexOf(':');
    const name = colon === -1 ? text : text.slice(0, colon);
    if (!isFormatName(name))
      throw new UsageError(`there is no format "${name}"${didYouMean(name, FORMAT_NAMES)}`);
    return { format: name, file: colon === -1 ? null : text.slice(colon + 1) };
  });
}

const RULE_LEVELS: readonly string[] = ['off', 'info', 'warning', 'error'];

function ruleLevel(text: string, ruleIds: readonly string[]): [string, RuleLevel] {
  const colon = text.lastIndexOf(':');
  const level = text.slice(colon + 1);
  if (colon === -1 || !RULE_LEVELS.includes(level)) {
    throw new UsageError(
      `--rule takes <id>:<level> with a level of ${RULE_LEVELS.join(', ')}, not "${text}"`,
    );
  }
  return [knownRule(text.slice(0, colon), ruleIds), level as RuleLevel];
}

function knownRule(id: string, ruleIds: readonly string[]): string {
  if (!ruleIds.includes(id)) throw new UsageError(`there is no rule "${id}"${didYouMean(id, ruleIds)}`);
  return id;
}

/** @throws UsageError when the text is no whole number */
export function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${name} takes a whole number, not "${text}"`);
  return Number(text);
}

/** @throws UsageError when the text is none of the wishes */
export function colorWish(color: string | boolean | undefined): ColorWish {
  if (color === undefined) return 'auto';
  if (color === true || color === '') return 'always';
  if (color === false) return 'never';
  if (color === 'auto' || color === 'always' || color === 'never') return color;
  throw new UsageError(`--color takes auto, always or never, not "${color}"`);
}
