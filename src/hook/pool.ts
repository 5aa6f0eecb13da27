import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';

/** How a pool works; times in milliseconds. */
export interface PoolOptions {
  /** Script of the threads; see `ThreadMessage` for what it must send. */
  readonly script: URL;
  readonly workerData: unknown;
  readonly size: number;
  /** Jobs that may wait for a thread; a further one is refused. */
  readonly maxQueue: number;
  /** How long a job may run, counted from when a thread takes it. */
  readonly timeout: number;
  /** How long a job may wait for a thread. */
  readonly queueTimeout: number;
  readonly resourceLimits: ResourceLimits;
  /** Jobs after which a thread is replaced, since WebAssembly memory never shrinks. */
  readonly maxJobs: number;
  /** Told when a thread is replaced, and of one that never got ready, why. */
  readonly onReplace?: (reason: ReplaceReason, startError: Error | null) => void;
}

/** Why a thread was replaced. */
export type ReplaceReason = 'timeout' | 'memory' | 'died' | 'worn';

/** Why a job has no result. */
export type PoolFault = 'busy' | 'timeout' | 'memory' | 'died' | 'closed' | 'aborted' | 'failed';

/** A job without a result; the pool goes on. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
  readonly fault: PoolFault;

  constructor(fault: PoolFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * What threads send: `ready` when they can take a job, and for each job what came of it, before they are ready
 * again. `failed` is a defect of the program.
 */
export type ThreadMessage<Result> =
  | { readonly ready: true }
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly failed: string };

/** What threads are sent. */
export interface ThreadJob<Job> {
  readonly id: number;
  readonly job: Job;
}

interface Task<Job, Result> {
  readonly job: Job;
  readonly transfer: readonly Transferable[];
  readonly resolve: (result: Result) => void;
  readonly reject: (error: PoolError) => void;
}

interface Thread<Job, Result> {
  readonly worker: Worker;
  /** Whether it has ever been ready. */
  hasStarted: boolean;
  /** Whether it can take a job. */
  isReady: boolean;
  jobs: number;
  /** Of the job it was given last. */
  id: number;
  task: Task<Job, Result> | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** What it ended with before it was ready; later on errors may hold template text. */
  startError: Error | null;
}

/** Wait before a thread is started again that never got ready; in milliseconds. */
const RESTART_DELAY = 1000;

/** Time in which a thread must be ready, at first or again; in milliseconds, for a machine with much to do. */
const READY_TIMEOUT = 30_000;

/**
 * Threads that do one job at a time and are replaced when they hang, run out of memory or end. Piscina was
 * looked at for this: it finds its own thread script by `__dirname`, which a bundle has none of, counts a
 * job's time from when it is queued, so that a hostile upload would use up the time of those behind it, and
 * has no way to replace a thread that has grown.
 */
export class WorkerPool<Job, Result> {
  readonly #options: PoolOptions;
  readonly #threads = new Set<Thread<Job, Result>>();
  readonly #queue: Task<Job, Result>[] = [];
  readonly #restarts = new Set<ReturnType<typeof setTimeout>>();
  #lastId = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    for (let index = 0; index < options.size; index++) this.#start();
  }

  /** Jobs that wait for a thread. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Jobs that run. */
  get running(): number {
    return [...this.#threads].filter((thread) => thread.task !== null).length;
  }

  /** Threads that are up. */
  get ready(): number {
    return [...this.#threads].filter((thread) => thread.hasStarted).length;
  }

  /**
   * Has a thread do a job.
   * @param signal takes the job back while it waits; one that runs goes on, its time being bounded anyway
   * @throws PoolError when there is no result
   */
  run(job: Job, transfer: readonly Transferable[] = [], signal?: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new PoolError('closed', 'The pool is closed.'));
      if (signal?.aborted) return reject(new PoolError('aborted', 'The job was taken back.'));
      const idle = this.#idleThread();
      if (idle === undefined && this.#queue.length >= this.#options.maxQueue) {
        return reject(new PoolError('busy', 'Too many jobs are waiting.'));
      }
      const takeBack = (fault: PoolFault, message: string) => {
        const index = this.#queue.indexOf(task);
        if (index === -1) return;
        this.#queue.splice(index, 1);
        task.reject(new PoolError(fault, message));
      };
      const onAbort = () => takeBack('aborted', 'The job was taken back.');
      const onLate = () => takeBack('busy', 'No thread was free in time.');
      const timer = setTimeout(onLate, this.#options.queueTimeout);
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const task: Task<Job, Result> = {
        job,
        transfer,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (idle === undefined) this.#queue.push(task);
      else this.#assign(idle, task);
    });
  }

  /** Ends all threads; what still waits or runs fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    const closed = new PoolError('closed', 'The pool is closed.');
    for (const task of this.#queue.splice(0)) task.reject(closed);
    const threads = [...this.#threads];
    this.#threads.clear();
    await Promise.all(
      threads.map((thread) => {
        clearTimeout(thread.timer);
        thread.task?.reject(closed);
        thread.task = null;
        return thread.worker.terminate();
      }),
    );
  }

  #idleThread(): Thread<Job, Result> | undefined {
    return [...this.#threads].find((thread) => thread.isReady);
  }

  #start(): void {
    const { script, workerData, resourceLimits } = this.#options;
    // A thread has no business with the environment (the token may be in it), and what it or a library prints
    // could hold template text.
    const worker = new Worker(script, {
      workerData,
      resourceLimits,
      env: {},
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    const thread: Thread<Job, Result> = {
      worker,
      hasStarted: false,
      isReady: false,
      jobs: 0,
      id: 0,
      task: null,
      timer: undefined,
      startError: null,
    };
    this.#threads.add(thread);
    this.#awaitReady(thread);
    let end: ReplaceReason = 'died';
    worker.on('message', (message: ThreadMessage<Result>) => this.#onMessage(thread, message));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') end = 'memory';
      if (!thread.hasStarted) thread.startError = error;
    });
    worker.on('exit', () => this.#replace(thread, end));
  }

  #onMessage(thread: Thread<Job, Result>, message: ThreadMessage<Result>): void {
    if (!this.#threads.has(thread)) return;
    if ('ready' in message) {
      clearTimeout(thread.timer);
      thread.isReady = true;
      thread.hasStarted = true;
      const next = this.#queue.shift();
      if (next !== undefined) this.#assign(thread, next);
      return;
    }
    const { task } = thread;
    if (task === null || message.id !== thread.id) return;
    clearTimeout(thread.timer);
    thread.task = null;
    if ('failed' in message) task.reject(new PoolError('failed', message.failed));
    else task.resolve(message.result);
    if (thread.jobs >= this.#options.maxJobs) this.#replace(thread, 'worn');
    else this.#awaitReady(thread);
  }

  #awaitReady(thread: Thread<Job, Result>): void {
    thread.isReady = false;
    thread.timer = setTimeout(() => this.#replace(thread, 'timeout'), READY_TIMEOUT);
  }

  #assign(thread: Thread<Job, Result>, task: Task<Job, Result>): void {
    const id = ++this.#lastId;
    thread.id = id;
    thread.task = task;
    thread.isReady = false;
    thread.jobs++;
    thread.timer = setTimeout(() => this.#replace(thread, 'timeout'), this.#options.timeout);
    const message: ThreadJob<Job> = { id, job: task.job };
    thread.worker.postMessage(message, task.transfer);
  }

  /** Puts a new thread in the place of one, whose job fails. */
  #replace(thread: Thread<Job, Result>, reason: ReplaceReason): void {
    // A thread that was replaced reports its end as well.
    if (!this.#threads.delete(thread) || this.#isClosed) return;
    clearTimeout(thread.timer);
    const { task } = thread;
    thread.task = null;
    void thread.worker.terminate();
    this.#options.onReplace?.(reason, thread.startError);
    // What ends before it was ever ready would end again at once.
    if (thread.hasStarted) this.#start();
    else {
      const timer = setTimeout(() => {
        this.#restarts.delete(timer);
        this.#start();
      }, RESTART_DELAY);
      this.#restarts.add(timer);
    }
    if (reason !== 'worn') task?.reject(new PoolError(reason, ENDS[reason]));
  }
}

const ENDS: Readonly<Record<Exclude<ReplaceReason, 'worn'>, string>> = {
  timeout: 'The job took too long.',
  memory: 'The job took too much memory.',
  died: 'The thread ended over the job.',
};
