import { afterEach, describe, expect, test } from 'vitest';
import { PoolError, type PoolOptions, type ReplaceReason, WorkerPool } from '../src/hook/pool.ts';
import { until } from './support/until.ts';

const SCRIPT = new URL('./support/hook-thread.mjs', import.meta.url);

type Echo = { body: string };
let pool: WorkerPool<string, Echo>;
let replaced: ReplaceReason[];

function start(options: Partial<PoolOptions> = {}): void {
  replaced = [];
  pool = new WorkerPool({
    script: SCRIPT,
    workerData: null,
    size: 2,
    maxQueue: 2,
    timeout: 2000,
    queueTimeout: 10_000,
    resourceLimits: { maxOldGenerationSizeMb: 32 },
    maxJobs: 1000,
    onReplace: (reason) => replaced.push(reason),
    ...options,
  });
}

async function run(job: string, signal?: AbortSignal): Promise<string> {
  try {
    return (await pool.run(job, [], signal)).body;
  } catch (error) {
    expect(error).toBeInstanceOf(PoolError);
    return (error as PoolError).fault;
  }
}

afterEach(() => pool.close());

describe('a pool of threads', () => {
  test('does jobs', async () => {
    start({ maxQueue: 4 });
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((job) => run(job)))).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each([
    ['hang', 'timeout', 'timeout'],
    ['eat', 'memory', 'memory'],
    ['die', 'died', 'died'],
    ['throw', 'died', 'died'],
  ] as const)('replaces a thread told to %s, and only its job fails', async (job, fault, reason) => {
    start({ maxQueue: 20 });
    const healthy = Promise.all(Array.from({ length: 8 }, (_, index) => run(`healthy${index}`)));
    expect(await run(job)).toBe(fault);
    expect(await healthy).toEqual(Array.from({ length: 8 }, (_, index) => `healthy${index}`));
    expect(replaced).toEqual([reason]);
    await until(() => pool.ready === 2);
    expect(await Promise.all([run('x'), run('y')])).toEqual(['x', 'y']);
  });

  test('keeps a thread whose job brings out a defect', async () => {
    start();
    expect(await run('fail')).toBe('failed');
    expect(replaced).toEqual([]);
  });

  test('counts the time of a job from when it runs', async () => {
    start({ size: 1, timeout: 700, maxQueue: 5 });
    expect(await Promise.all([run('hang'), run('hang'), run('wait 100')])).toEqual([
      'timeout',
      'timeout',
      'waited',
    ]);
  });

  test('refuses jobs beyond its queue, and those that wait too long', async () => {
    start({ size: 1, maxQueue: 1, queueTimeout: 300 });
    await until(() => pool.ready === 1);
    const first = run('wait 1000');
    const second = run('b');
    expect(pool.running).toBe(1);
    expect(pool.waiting).toBe(1);
    expect(await run('c')).toBe('busy');
    expect(await second).toBe('busy');
    expect(await first).toBe('waited');
  });

  test('lets a job be taken back while it waits', async () => {
    start({ size: 1 });
    await until(() => pool.ready === 1);
    const first = run('wait 300');
    const controller = new AbortController();
    const second = run('b', controller.signal);
    controller.abort();
    expect(await second).toBe('aborted');
    expect(await first).toBe('waited');
    expect(await run('c', controller.signal)).toBe('aborted');
  });

  test('replaces a thread after so many jobs, and loses none', async () => {
    start({ size: 1, maxJobs: 3, maxQueue: 20 });
    const jobs = Array.from({ length: 8 }, (_, index) => `job${index}`);
    expect(await Promise.all(jobs.map((job) => run(job)))).toEqual(jobs);
    expect(replaced).toEqual(['worn', 'worn']);
  });

  test('starts a thread that dies at its start again, but not at once', async () => {
    const errors: (string | undefined)[] = [];
    start({
      size: 1,
      workerData: { failAtStart: true },
      queueTimeout: 400,
      onReplace: (reason, startError) => errors.push(reason, startError?.message),
    });
    expect(await run('a')).toBe('busy');
    expect(errors).toEqual(['died', 'no such file']);
  });

  test('fails what is left when it is closed', async () => {
    start({ size: 1 });
    await until(() => pool.ready === 1);
    const jobs = [run('hang'), run('b')];
    await pool.close();
    expect(await Promise.all(jobs)).toEqual(['closed', 'closed']);
    expect(await run('c')).toBe('closed');
  });

  test('gives threads no environment, and keeps what they print to itself', async () => {
    start();
    expect(await run('env')).toBe('{}');
    expect(await run('print')).toBe('printed');
  });
});
