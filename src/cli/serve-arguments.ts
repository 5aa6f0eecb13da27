import type { Argv } from 'yargs';
import { type Environment, UsageError } from './environment.ts';
import { wholeNumber } from './lint-arguments.ts';

/** The options of `serve`. */
export function serveOptions(command: Argv): Argv {
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

/** Runs `serve` on what yargs made of its options. */
export async function serve(raw: RawServe, environment: Environment): Promise<number> {
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
