import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../src/cli/main.ts';
import { isLoopback } from '../src/hook/server.ts';
import { buildThreads } from './support/hook-build.ts';
import { untilBusy } from './support/hook-server.ts';
import { CAPABLE, hostileFiles, PLAIN } from './support/hook-templates.ts';
import { until } from './support/until.ts';

const TOKEN = 'correct-horse-battery';
const [LINE = ''] = Object.values(hostileFiles()['a line of 1.9 MB'] ?? {});
/** Files over which HCL's own parser takes a second and more. */
const SLOW = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.tf`, LINE]));

let program: string;
let running: Started[] = [];

beforeAll(async () => {
  const folder = await buildThreads({ run: 'test/support/hook-run.ts', 'hook-worker': 'src/hook/worker.ts' });
  program = fileURLToPath(new URL('run.js', folder));
});
afterEach(() => {
  for (const { process } of running) process.kill('SIGKILL');
  running = [];
});

interface LogRecord {
  readonly message: string;
  readonly url?: string;
  readonly [key: string]: unknown;
}

interface Started {
  readonly process: ChildProcess;
  readonly url: string;
  readonly log: LogRecord[];
  readonly stdout: () => string;
  readonly exit: Promise<number | null>;
}

/** Runs the program in a process of its own, until it listens. */
async function serve(args: readonly string[], env: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LogRecord[] = [];
  let stdout = '';
  let rest = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`ended: ${rest}`)));
    child.stderr.on('data', (data) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) {
        const record = JSON.parse(line) as LogRecord;
        log.push(record);
        if (record.url !== undefined) resolve(record.url);
      }
    });
  });
  const started = { process: child, url, log, stdout: () => stdout, exit };
  running.push(started);
  return started;
}

function analyze(
  url: string,
  files: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v1/analyze`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(files),
  });
}

async function runMain(args: readonly string[], env: Record<string, string> = {}): Promise<[number, string]> {
  let text = '';
  const stream = {
    write: (part: string) => {
      text += part;
    },
  };
  const code = await main(['serve', ...args], { cwd: process.cwd(), env, stdout: stream, stderr: stream });
  return [code, text];
}

describe('tasks-lint serve', { timeout: 30_000 }, () => {
  test('serves with its policy and logs one line for each request', async () => {
    const server = await serve(['--require', 'capable', '--coder-version', '2.34', '--workers', '1']);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await analyze(server.url, { 'main.tf': CAPABLE })).status).toBe(200);
    const refused = await analyze(server.url, { 'main.tf': PLAIN }, { 'x-request-id': 'import-17' });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('process_resident_memory_bytes');
    await until(() => server.log.length === 4);
    expect(
      server.log.slice(1).map(({ requestId, route, status }) => [requestId === 'import-17', route, status]),
    ).toEqual([
      [false, '/v1/analyze', 200],
      [true, '/v1/analyze', 422],
      [false, '/metrics', 200],
    ]);
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    expect(server.stdout()).toBe('');
    expect(server.log.slice(-2)).toMatchObject([
      { message: 'stopping', signal: 'SIGTERM' },
      { message: 'stopped' },
    ]);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes on %s what it accepted, and takes nothing new',
    async (signal) => {
      const server = await serve(['--workers', '1', '--timeout', '2500']);
      expect((await analyze(server.url, { 'main.tf': CAPABLE })).status).toBe(200);
      // This one still runs when the signal comes; the next waits behind it.
      const hostile = analyze(server.url, SLOW);
      await untilBusy(server.url, { running: 1 });
      const waiting = analyze(server.url, { 'main.tf': CAPABLE });
      await untilBusy(server.url, { running: 1, waiting: 1 });
      server.process.kill(signal);
      await until(() => server.log.some(({ message }) => message === 'stopping'));
      await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
      expect([200, 422]).toContain((await hostile).status);
      expect((await waiting).status).toBe(200);
      expect(await server.exit).toBe(0);
    },
  );

  test('ends at once on a second signal', async () => {
    const server = await serve(['--workers', '1', '--timeout', '20000']);
    // An upload that never ends would be waited for.
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /v1/analyze HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\nx',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.process.kill('SIGTERM');
    await until(() => server.log.some(({ message }) => message === 'stopping'));
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(null);
    socket.destroy();
  });

  test('takes its token from a file or the environment, and never shows it', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tasks-lint-token-')), 'token');
    writeFileSync(file, `${TOKEN}\n`);
    for (const server of [
      await serve(['--token-file', file, '--workers', '1']),
      await serve(['--workers', '1'], { TASKS_LINT_TOKEN: TOKEN }),
    ]) {
      expect((await analyze(server.url, { 'main.tf': CAPABLE })).status).toBe(401);
      const headers = { authorization: `Bearer ${TOKEN}` };
      expect((await analyze(server.url, { 'main.tf': CAPABLE }, headers)).status).toBe(200);
      await until(() => server.log.length === 3);
      expect(JSON.stringify(server.log)).not.toContain(TOKEN);
      expect(server.log[0]).toMatchObject({ message: 'listening', protected: true });
    }
  });

  test('listens beyond this machine with a token or --insecure only', async () => {
    expect(await runMain(['--host', '0.0.0.0'])).toEqual([2, expect.stringContaining('set a token')]);
    expect(await runMain(['--host', '::'])).toEqual([2, expect.stringContaining('--insecure')]);
    const server = await serve(['--host', '0.0.0.0', '--insecure', '--workers', '1']);
    const { port } = new URL(server.url);
    expect((await fetch(`http://127.0.0.1:${port}/openapi.json`)).status).toBe(200);
  });

  test.each([
    [['--port', 'x'], '--port takes a whole number'],
    [['--port', '70000'], '--port takes a number up to 65535'],
    [['--workers', '0'], '--workers must be at least 1'],
    [['--timeout', '-1'], '--timeout takes a whole number'],
    [['--coder-version', 'nonsense'], 'is not a range of Coder versions'],
    [['--require', 'everything'], 'Invalid values'],
    [['--token-file', '/nowhere'], 'the token /nowhere cannot be read: no such file or directory\n'],
    [['--catalog', 'package.json'], 'formatVersion must be 1, found nothing'],
  ] as const)('says what is wrong with %j', async (args, message) => {
    const [code, text] = await runMain(args);
    expect([code, text]).toEqual([2, expect.stringContaining(message)]);
    expect(text).not.toContain('internal error');
  });

  test('says that a port is taken', async () => {
    const { port } = new URL((await serve(['--workers', '1'])).url);
    const [code, text] = await runMain(['--port', port]);
    expect([code, text]).toEqual([2, expect.stringContaining(`cannot listen on 127.0.0.1, port ${port}`)]);
  });

  test('refuses a token that is easily guessed', async () => {
    const [code, text] = await runMain([], { TASKS_LINT_TOKEN: 'short' });
    expect([code, text]).toEqual([2, expect.stringContaining('at least 16 characters')]);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['localhost', true],
  ['127.example.com', false],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['', false],
])('%j is loopback: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));
