import yargs, { type Argv } from 'yargs';
import { didYouMean } from '../engine/closest.ts';
import { ConfigError, type FailLevel, type RuleLevel } from '../engine/config.ts';
import { FORMAT_NAMES, isFormatName } from '../report/formats.ts';
import { VERSION } from '../version.ts';
import { type ColorWish, type Environment, EXIT, UsageError } from './environment.ts';
import type { Destination, LintArguments } from './lint.ts';

/** Runs the program on its arguments (without node and script) and returns the exit code. */
export async function main(argv: readonly string[], environment: Environment): Promise<number> {
  let code: number = EXIT.ok;
  const set = (result: Promise<number>) =>
    result.then((value) => {
      code = value;
    });
  try {
    const parser = commandLine(argv.map(escapeDash), environment, set);
    await parser.parseAsync(argv.map(escapeDash), {}, (_error, _args, output) => {
      if (output !== '') environment.stdout.write(`${output}\n`);
    });
    return code;
  } catch (error) {
    if (error instanceof UsageError) environment.stderr.write(`tasks-lint: ${error.message}\n`);
    else if (error instanceof ConfigError) {
      for (const { file, line, column, message } of error.problems) {
        environment.stderr.write(`${file}:${line}:${column}: ${message}\n`);
      }
    } else {
      const text =
        error instanceof Error ? (environment.env.TASKS_LINT_DEBUG ? error.stack : error.message) : error;
      environment.stderr.write(
        `tasks-lint: internal error: ${text}\nPlease report it with TASKS_LINT_DEBUG=1 set.\n`,
      );
    }
    return EXIT.error;
  }
}

/** A bare dash is a path like any other here; yargs drops it. */
function escapeDash(argument: string): string {
  return argument === '-' ? './-' : argument;
}

type SetCode = (result: Promise<number>) => Promise<void>;

function commandLine(argv: readonly string[], environment: Environment, set: SetCode): Argv {
  return yargs([...argv])
    .scriptName('tasks-lint')
    .usage(
      '$0 [command] [paths…]\n\nSays on which Coder releases a template is Task-capable, and what is wrong with it.',
    )
    .parserConfiguration({
      'boolean-negation': true,
      'duplicate-arguments-array': true,
      'parse-positional-numbers': false,
    })
    .command(
      ['lint [paths..]', '$0'],
      'Lint the templates at and below the paths (default: here)',
      (command) => lintOptions(pathsOf(command)),
      (args) => set(lint(args as unknown as RawLint, environment)),
    )
    .command(
      'explain <rule>',
      "Show a rule's page",
      (command) =>
        command.positional('rule', {
          type: 'string',
          demandOption: true,
          describe: 'Id such as task/app-id-missing',
        }),
      (args) => set(import('./explain.ts').then(({ runExplain }) => runExplain(args.rule, environment))),
    )
    .command(
      'rules',
      'List all rules',
      (command) => command.option('json', { type: 'boolean', describe: 'As JSON' }),
      (args) => set(import('./explain.ts').then(({ runRules }) => runRules(args.json === true, environment))),
    )
    .command(
      'catalog <clone>',
      'Build the catalogue of a module registry from a git clone of its repository',
      (command) =>
        command
          .positional('clone', {
            type: 'string',
            demandOption: true,
            describe: 'Folder of the clone, bare or not',
          })
          .option('output', {
            alias: 'o',
            type: 'string',
            describe: 'File to write (default: standard output)',
          })
          .option('tag-pattern', {
            type: 'string',
            describe: 'Release tags (default: release/{namespace}/{module}/v{version})',
          })
          .option('path-pattern', {
            type: 'string',
            describe: 'Module folders (default: registry/{namespace}/modules/{module})',
          })
          .option('namespace', { type: 'string', describe: 'Namespace, where no pattern tells it' })
          .option('module', { type: 'string', describe: 'Module name, where no pattern tells it' })
          .option('repository', {
            type: 'string',
            describe: "Repository as git sources name it (default: the clone's origin)",
          })
          .option('host', { type: 'string', array: true, describe: 'Registry hosts that serve the modules' }),
      (args) =>
        set(
          Promise.all([import('./catalog.ts'), import('../hcl/parse.ts'), import('../input/wasm.ts')]).then(
            ([{ runCatalog }, { loadParser }, { wasmFiles }]) =>
              runCatalog(args, { ...environment, loadParser: () => loadParser(wasmFiles()) }),
          ),
        ),
    )
    .strict()
    .help()
    .alias('help', 'h')
    .version(VERSION)
    .wrap(Math.min(100, environment.stdout.columns ?? 100))
    .epilogue(
      'Exit codes: 0 nothing at the failing level, 1 findings, 2 wrong usage or configuration, no template, or an internal error.',
    )
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new UsageError(`${message}. Run "tasks-lint --help".`);
    });
}

function pathsOf<T>(command: Argv<T>) {
  return command.positional('paths', {
    type: 'string',
    array: true,
    default: ['.'],
    describe: 'Folders and files; a file means the template that it is part of',
  });
}

function lintOptions<T>(command: Argv<T>) {
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
    .option('color', { type: 'string', describe: 'auto, always or never' })
    .option('debug', {
      type: 'boolean',
      default: false,
      describe: 'Say which configuration is used; stack traces',
    });
}

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
}

async function lint(raw: RawLint, environment: Environment): Promise<number> {
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
  };
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

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${name} takes a whole number, not "${text}"`);
  return Number(text);
}

function colorWish(color: string | boolean | undefined): ColorWish {
  if (color === undefined) return 'auto';
  if (color === true || color === '') return 'always';
  if (color === false) return 'never';
  if (color === 'auto' || color === 'always' || color === 'never') return color;
  throw new UsageError(`--color takes auto, always or never, not "${color}"`);
}
