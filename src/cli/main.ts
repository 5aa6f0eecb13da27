import yargs, { type Argv } from 'yargs';
import { ConfigError } from '../engine/config.ts';
import { VERSION } from '../version.ts';
import { catalog, catalogOptions } from './catalog-arguments.ts';
import { type Environment, EXIT, UsageError } from './environment.ts';
import { lint, lintOptions, pathsOf } from './lint-arguments.ts';
import { migrate, migrateOptions } from './migrate-arguments.ts';
import { serve, serveOptions } from './serve-arguments.ts';

/** One command of the program. */
interface Command {
  readonly name: string;
  /** Positional arguments as yargs writes them. */
  readonly positionals: string;
  readonly summary: string;
  readonly options: (command: Argv) => Argv;
  // biome-ignore lint/suspicious/noExplicitAny: what yargs made of the options above.
  readonly run: (args: any, environment: Environment) => Promise<number>;
}

const EXIT_CODES =
  'Exit codes: 0 nothing at the failing level, 1 findings, 2 wrong usage or configuration, no template, or an internal error.';

const LINT: Command = {
  name: 'lint',
  positionals: '[paths..]',
  summary: 'Lint the templates at and below the paths (default: here)',
  options: (command) => lintOptions(pathsOf(command)),
  run: lint,
};

const COMMANDS: readonly Command[] = [
  LINT,
  {
    name: 'migrate',
    positionals: '[paths..]',
    summary: 'Show what turns old Task templates into ones for Coder 2.28 and later, or write it',
    options: migrateOptions,
    run: migrate,
  },
  {
    name: 'explain',
    positionals: '<rule>',
    summary: "Show a rule's page",
    options: (command) =>
      command.positional('rule', {
        type: 'string',
        demandOption: true,
        describe: 'Id such as task/app-id-missing',
      }),
    run: async ({ rule }, environment) => (await import('./explain.ts')).runExplain(rule, environment),
  },
  {
    name: 'rules',
    positionals: '',
    summary: 'List all rules',
    options: (command) => command.option('json', { type: 'boolean', describe: 'As JSON' }),
    run: async ({ json }, environment) => (await import('./explain.ts')).runRules(json === true, environment),
  },
  {
    name: 'catalog',
    positionals: '<clone>',
    summary: 'Build the catalogue of a module registry from a git clone of its repository',
    options: catalogOptions,
    run: catalog,
  },
  {
    name: 'init',
    positionals: '',
    summary: 'Write a commented configuration',
    options: (command) => command,
    run: async (_args, environment) => (await import('./init.ts')).runInit(environment),
  },
  {
    name: 'completion',
    positionals: '<shell>',
    summary: 'Print the completion script of bash, zsh or fish',
    options: (command) => command.positional('shell', { type: 'string', demandOption: true }),
    run: async ({ shell }, environment) => {
      const { runCompletion } = await import('./completion.ts');
      const commands = COMMANDS.map((command) => ({ ...command, options: optionNames(command) }));
      return runCompletion(shell, commands, environment);
    },
  },
  {
    name: 'serve',
    positionals: '',
    summary: 'Serve the import hook over HTTP: POST /v1/analyze, POST /v1/migrate, /openapi.json',
    options: serveOptions,
    run: serve,
  },
];

/** Long options of a command, without dashes; what yargs declares of itself goes without saying. */
function optionNames({ positionals, options }: Command): string[] {
  // Not part of yargs' types, and there since its first versions.
  const declared = (
    options(yargs()) as unknown as { getOptions(): { key: Record<string, unknown> } }
  ).getOptions();
  return Object.keys(declared.key).filter(
    (name) => name.length > 1 && !/[A-Z]/.test(name) && !positionals.includes(name),
  );
}

/** Whether the arguments (without node and script) ask for linting, by its name or without one. */
export function isLint([command]: readonly string[]): boolean {
  return (commandNamed(command) ?? LINT) === LINT;
}

function commandNamed(command: string | undefined): Command | undefined {
  return COMMANDS.find(({ name }) => name === command);
}

/** Runs the program on its arguments (without node and script) and returns the exit code. */
export async function main(argv: readonly string[], environment: Environment): Promise<number> {
  try {
    return await run(argv.map(escapeDash), environment);
  } catch (error) {
    environment.stderr.write(`${textOf(error, environment)}\n`);
    return EXIT.error;
  }
}

async function run(argv: readonly string[], environment: Environment): Promise<number> {
  const named = commandNamed(argv[0]);
  const isOverview =
    named === undefined && argv.some((argument) => argument === '--help' || argument === '-h');
  const parser = isOverview ? overview(environment) : parserOf(named ?? LINT, environment);
  let hasOutput = false;
  const args = await parser.parseAsync(
    named === undefined ? argv : argv.slice(1),
    {},
    (_error, _args, output) => {
      if (output === '') return;
      hasOutput = true;
      environment.stdout.write(`${output}\n`);
    },
  );
  return hasOutput ? EXIT.ok : (named ?? LINT).run(args, environment);
}

/** A bare dash is a path like any other here, which yargs drops; to `--fix` it would give the path behind it. */
function escapeDash(argument: string): string {
  if (argument === '--fix') return '--fix=safe';
  return argument === '-' ? './-' : argument;
}

function textOf(error: unknown, { env }: Environment): string {
  if (error instanceof UsageError) return `tasks-lint: ${error.message}`;
  if (error instanceof ConfigError) {
    return error.problems
      .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
      .join('\n');
  }
  const text = error instanceof Error ? (env.TASKS_LINT_DEBUG ? error.stack : error.message) : error;
  return `tasks-lint: internal error: ${text}\nPlease report it with TASKS_LINT_DEBUG=1 set.`;
}

/**
 * The parser of one command. Only its own options are declared, and it is yargs' default command: for any
 * other one yargs lays out the help of every command before it runs it.
 */
function parserOf({ name, positionals, summary, options }: Command, environment: Environment): Argv {
  const alias = name === LINT.name ? '[lint]' : name;
  return basicParser(environment)
    .usage(`tasks-lint ${alias} ${positionals}\n\n${summary}`)
    .command(`$0 ${positionals}`.trim(), false, options);
}

/** Only for help: what there is. */
function overview(environment: Environment): Argv {
  const parser = basicParser(environment).usage(
    '$0 [command] [paths…]\n\nSays on which Coder releases a template is Task-capable, and what is wrong with it.',
  );
  for (const { name, positionals, summary } of COMMANDS) parser.command(`${name} ${positionals}`, summary);
  return lintOptions(parser).epilogue(
    '"tasks-lint <command> --help" shows the options of a command; those above are of lint.',
  );
}

function basicParser({ stdout }: Environment): Argv {
  return yargs()
    .scriptName('tasks-lint')
    .parserConfiguration({
      'boolean-negation': true,
      'duplicate-arguments-array': true,
      'parse-positional-numbers': false,
    })
    .strict()
    .help()
    .alias('help', 'h')
    .version(VERSION)
    .wrap(Math.min(100, stdout.columns ?? 100))
    .epilogue(EXIT_CODES)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new UsageError(`${message}. Run "tasks-lint --help".`);
    });
}
