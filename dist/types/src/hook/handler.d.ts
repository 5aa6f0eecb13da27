import { type ReplaceReason } from './pool.js';
import { type ProblemName } from './problem.js';
/** What an import hook demands and allows; sizes in bytes, times in milliseconds. */
export interface ImportHookOptions {
    /** What a template must be, whatever the request asks; without it nothing is refused for its content. */
    readonly require?: 'capable';
    /** Semver range of Coder versions that templates are for. Default: `>=2.28 <2.37`. */
    readonly coderVersion?: string;
    /** Bearer token that requests must bring, all but those for `/healthz`. */
    readonly token?: string;
    /** Texts of module catalogues, as `tasks-lint catalog` writes them, for private registries. */
    readonly catalogs?: readonly string[];
    /** Threads that analyse. Default: 2. */
    readonly workers?: number;
    /** Uploads that may wait for a thread before more are answered 503. Default: 16 for each thread. */
    readonly queue?: number;
    /**
     * How long a template may take in a thread. Default: 10,000. A twentieth of it, but at least 500, is for HCL's own
     * parser; a file that takes it longer is reported as unverified.
     */
    readonly timeout?: number;
    /** How long an upload may take to arrive, or to wait for a thread. Default: 30,000. */
    readonly patience?: number;
    /** Largest upload. Default: 10 MiB. */
    readonly maxBytes?: number;
    /** Most bytes that may come out of an archive. Default: 32 MiB. */
    readonly maxUnpackedBytes?: number;
    /** Most entries of an archive. Default: 2,000. */
    readonly maxFiles?: number;
    /** JavaScript memory of each thread in MiB. Default: 256. */
    readonly maxMemory?: number;
    /** Whether `/metrics` tells of the process as well, and not of the hook alone. Default: false. */
    readonly processMetrics?: boolean;
    /** Takes one record for each request and each thread that is replaced. By default nothing is logged. */
    readonly log?: (record: RequestRecord | WorkerRecord) => void;
    /** Script of the threads, one that calls `serveJobs`. By default the one beside this code. */
    readonly worker?: URL;
}
/** What is logged of a request: nothing of the template, the token or the query. */
export interface RequestRecord {
    readonly time: string;
    readonly level: 'info' | 'warn' | 'error';
    readonly message: 'request';
    readonly requestId: string;
    readonly method: string;
    /** Path of the route; null when there is none. */
    readonly route: string | null;
    readonly status: number;
    readonly milliseconds: number;
    /** Size of the upload; null when none was received. */
    readonly bytes: number | null;
    readonly problem: ProblemName | null;
    /** What went wrong inside the program. */
    readonly error?: string;
}
/** What is logged of a thread that was replaced. */
interface WorkerRecord {
    readonly time: string;
    readonly level: 'warn' | 'error';
    readonly message: 'worker replaced';
    readonly reason: ReplaceReason;
    /** Why it never got ready. */
    readonly error?: string;
}
/** Answers requests of servers that import templates; may be used by any server that speaks `Request`. */
export interface ImportHook {
    (request: Request): Promise<Response>;
    /** Answers 503 to what comes from now on; what was accepted goes on. */
    drain(): void;
    /** Waits for what was accepted, then ends the threads. */
    close(): Promise<void>;
}
/**
 * A handler that analyses and migrates uploaded templates, each in a thread and within limits. It starts its
 * threads at once and keeps them until it is closed.
 * @throws RangeError when `coderVersion` is no range of Coder versions
 * @throws CatalogFileError when a catalogue cannot be used
 */
export declare function createImportHook(options?: ImportHookOptions): ImportHook;
export {};
