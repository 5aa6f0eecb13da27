import { type ResourceLimits, type Transferable } from 'node:worker_threads';
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
export declare class PoolError extends Error {
    readonly name = "PoolError";
    readonly fault: PoolFault;
    constructor(fault: PoolFault, message: string);
}
/**
 * What threads send: `ready` when they can take a job, and for each job what came of it, before they are ready
 * again. `failed` is a defect of the program.
 */
export type ThreadMessage<Result> = {
    readonly ready: true;
} | {
    readonly id: number;
    readonly result: Result;
} | {
    readonly id: number;
    readonly failed: string;
};
/** What threads are sent. */
export interface ThreadJob<Job> {
    readonly id: number;
    readonly job: Job;
}
/**
 * Threads that do one job at a time and are replaced when they hang, run out of memory or end. Piscina was
 * looked at for this: it finds its own thread script by `__dirname`, which a bundle has none of, counts a
 * job's time from when it is queued, so that a hostile upload would use up the time of those behind it, and
 * has no way to replace a thread that has grown.
 */
export declare class WorkerPool<Job, Result> {
    #private;
    constructor(options: PoolOptions);
    /** Jobs that wait for a thread. */
    get waiting(): number;
    /** Jobs that run. */
    get running(): number;
    /** Threads that are up. */
    get ready(): number;
    /**
     * Has a thread do a job.
     * @param signal takes the job back while it waits; one that runs goes on, its time being bounded anyway
     * @throws PoolError when there is no result
     */
    run(job: Job, transfer?: readonly Transferable[], signal?: AbortSignal): Promise<Result>;
    /** Ends all threads; what still waits or runs fails. */
    close(): Promise<void>;
}
