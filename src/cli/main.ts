import yargs, { type Argv } from 'yargs';
import { didYouMean } from '../engine/closest.ts';
import { ConfigError, type FailLevel, type RuleLevel } from '../engine/config.ts';
import { FORMAT_NAMES, isFormatName } from '../report/formats.ts';
import { VERSION } from '../version.ts';
import type { CatalogArguments } from './catalog.ts';
import { type ColorWish, type Environment, EXIT, UsageError } from './environment.ts';
import type { Destination, LintArguments } from './lint.ts';

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
    name: 'serve',
    positionals: '',
    summary: 'Serve the import hook over HTTP: POST /v1/analyze, POST /v1/migrate, /openapi.json',
    options: serveOptions,
    run: serve,
  },
];

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
  const named = COMMANDS.find(({ name }) => name === argv[0]);
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

/** A bare dash is a path like any other here; yargs drops it. */
function escapeDash(argument: string): string {
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
    .command(`$0 ${positionals}`, false, options);
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

function pathsOf(command: Argv): Argv {
  return command.positional('paths', {
    type: 'string',
    array: true,
    default: ['.'],
    describe: 'Folders and files; a file means the template that it is part of',
  });
}

function lintOptions(command: Argv): Argv {
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

function catalogOptions(command: Argv): Argv {
  return command
    .positional('clone', { type: 'string', demandOption: true, describe: 'Folder of the clone, bare or not' })
    .option('output', { alias: 'o', type: 'string', describe: 'File to write (default: standard output)' })
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
    .option('host', { type: 'string', array: true, describe: 'Registry hosts that serve the modules' });
}

async function catalog(args: CatalogArguments, environment: Environment): Promise<number> {
  const { runCatalog } = await import('./catalog.ts');
  const { loadParser } = await import('../hcl/parse.ts');
  const { wasmFiles } = await import('../input/wasm.ts');
  return runCatalog(args, { ...environment, loadParser: () => loadParser(wasmFiles()) });
}

function serveOptions(command: Argv): Argv {
  return command
    .option('host', { type: 'string', default: '127.0.0.1', describe: 'Address to listen on' })
    .option('port', { type: 'string', default: '8080', describe: 'Port; 0 for any that is free' })
    .option('token-file', {
      type: 'string',
      describe: 'File with the bearer token that requests must bring (default: TASKS_LINT_TOKEN)',
    })
    .option('insecure', {
      type: 'boolean',
      default: false,
      describe: 'Listen beyond this machine without a token',
    })
    .option('require', {
      choices: ['capable'] as const,
      describe: 'Refuse templates that are not Task-capable on the Coder versions',
    })
    .option('coder-version', {
      type: 'string',
      describe: 'Coder releases, as a semver range (default: ">=2.28 <2.37")',
    })
    .option('catalog', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Module catalogue of a private registry; may be repeated',
    })
    .option('workers', { type: 'string', describe: 'Threads that analyse (default: 2)' })
    .option('queue', { type: 'string', describe: 'Uploads that may wait (default: 16 for each thread)' })
    .option('timeout', { type: 'string', describe: 'Milliseconds for each template (default: 10000)' })
    .option('max-bytes', { type: 'string', describe: 'Bytes of an upload (default: 10 MiB)' })
    .option('max-unpacked-bytes', { type: 'string', describe: 'Bytes of its files (default: 32 MiB)' })
    .option('max-files', { type: 'string', describe: 'Files of an upload (default: 2000)' })
    .option('max-memory', { type: 'string', describe: 'MiB of memory for each thread (default: 256)' });
}

interface RawServe {
  readonly host: string;
  readonly port: string;
  readonly tokenFile?: string;
  readonly insecure: boolean;
  readonly require?: 'capable';
  readonly coderVersion?: string;
  readonly catalog?: readonly string[];
  readonly workers?: string;
  readonly queue?: string;
  readonly timeout?: string;
  readonly maxBytes?: string;
  readonly maxUnpackedBytes?: string;
  readonly maxFiles?: string;
  readonly maxMemory?: string;
}

async function serve(raw: RawServe, environment: Environment): Promise<number> {
  const { runServe } = await import('./serve.ts');
  const number = (name: string, text: string | undefined, least = 1) => {
    if (text === undefined) return null;
    const value = wholeNumber(name, text);
    if (value < least) throw new UsageError(`${name} must be at least ${least}`);
    return value;
  };
  const port = wholeNumber('--port', raw.port);
  if (port > 65_535) throw new UsageError('--port takes a number up to 65535');
  return runServe(
    {
      host: raw.host,
      port,
      tokenFile: raw.tokenFile ?? null,
      insecure: raw.insecure,
      require: raw.require ?? null,
      coderVersion: raw.coderVersion ?? null,
      catalogs: raw.catalog ?? [],
      workers: number('--workers', raw.workers),
      queue: number('--queue', raw.queue, 0),
      timeout: number('--timeout', raw.timeout),
      maxBytes: number('--max-bytes', raw.maxBytes),
      maxUnpackedBytes: number('--max-unpacked-bytes', raw.maxUnpackedBytes),
      maxFiles: number('--max-files', raw.maxFiles),
      maxMemory: number('--max-memory', raw.maxMemory, 16),
    },
    environment,
  );
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
