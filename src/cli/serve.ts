import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CatalogFileError } from '../coder/catalog/file.ts';
import { createImportHook, type ImportHook, type ImportHookOptions } from '../hook/handler.ts';
import { isLoopback, listen } from '../hook/server.ts';
import { VERSION } from '../version.ts';
import { type Environment, EXIT, UsageError } from './environment.ts';
import { useFile } from './use-file.ts';

/** What `tasks-lint serve` is asked for; sizes in bytes, times in milliseconds, null for the default. */
interface ServeArguments {
  readonly host: string;
  readonly port: number;
  /** File that holds the bearer token; without it the variable TASKS_LINT_TOKEN counts. */
  readonly tokenFile: string | null;
  /** Whether to listen beyond this machine without a token. */
  readonly insecure: boolean;
  readonly require: 'capable' | null;
  readonly coderVersion: string | null;
  readonly catalogs: readonly string[];
  readonly workers: number | null;
  readonly queue: number | null;
  readonly timeout: number | null;
  readonly maxBytes: number | null;
  readonly maxUnpackedBytes: number | null;
  readonly maxFiles: number | null;
  readonly maxMemory: number | null;
}

/** Resolves when the server shall stop. */
type StopSignal = () => Promise<string>;

const PATIENCE = 30_000;
const DEFAULT_TIMEOUT = 10_000;

/** Serves the import hook until the process is told to stop, and returns the exit code. */
export async function runServe(
  args: ServeArguments,
  environment: Environment,
  stopSignal: StopSignal = untilSignal,
): Promise<number> {
  const log = (record: object) => environment.stderr.write(`${JSON.stringify(record)}\n`);
  const say = (message: string, more: object) =>
    log({ time: new Date().toISOString(), level: 'info', message, ...more });
  const token = readToken(args, environment);
  if (token === undefined && !isLoopback(args.host) && !args.insecure) {
    throw new UsageError(
      `to listen on ${args.host}, set a token (--token-file or TASKS_LINT_TOKEN), or say --insecure`,
    );
  }
  const timeout = args.timeout ?? DEFAULT_TIMEOUT;
  const hook = startHook({
    ...given('require', args.require),
    ...given('coderVersion', args.coderVersion),
    ...given('token', token ?? null),
    ...given('workers', args.workers),
    ...given('queue', args.queue),
    ...given('maxBytes', args.maxBytes),
    ...given('maxUnpackedBytes', args.maxUnpackedBytes),
    ...given('maxFiles', args.maxFiles),
    ...given('maxMemory', args.maxMemory),
    catalogs: args.catalogs.map((path) => readText(path, 'catalogue', environment)),
    timeout,
    patience: PATIENCE,
    processMetrics: true,
    log,
  });
  const stopping = stopSignal();
  const { host, port } = args;
  const server = await listen(hook, { host, port, patience: PATIENCE, grace: PATIENCE + timeout }).catch(
    async (error: NodeJS.ErrnoException) => {
      await hook.close();
      throw new UsageError(`cannot listen on ${host}, port ${port}: ${error.message}`);
    },
  );
  say('listening', { url: server.url, version: VERSION, protected: token !== undefined });
  say('stopping', { signal: await stopping });
  await server.stop();
  say('stopped', {});
  return EXIT.ok;
}

function startHook(options: ImportHookOptions): ImportHook {
  try {
    return createImportHook(options);
  } catch (error) {
    if (error instanceof RangeError || error instanceof CatalogFileError || error instanceof SyntaxError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}

function given<Key extends string, Value>(key: Key, value: Value | null): { [K in Key]?: Value } {
  return (value === null ? {} : { [key]: value }) as { [K in Key]?: Value };
}

/** The token is no argument, since those of a process can be read by all on the machine. */
function readToken({ tokenFile }: ServeArguments, environment: Environment): string | undefined {
  const text =
    tokenFile === null ? environment.env.TASKS_LINT_TOKEN : readText(tokenFile, 'token', environment);
  if (text === undefined || (text === '' && tokenFile === null)) return undefined;
  const token = text.trim();
  if (!/^[\x21-\x7e]{16,}$/.test(token)) {
    throw new UsageError('the token must have at least 16 characters, printable ASCII without spaces');
  }
  return token;
}

function readText(path: string, what: string, { cwd }: Environment): string {
  return useFile(`the ${what} ${path} cannot be read`, () => readFileSync(resolve(cwd, path), 'utf8'));
}

/** The first signal stops the server; a second one ends the process as it would without us. */
function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const onSignal = (signal: string) => {
      for (const name of signals) process.off(name, onSignal);
      resolve(signal);
    };
    for (const name of signals) process.on(name, onSignal);
  });
}
