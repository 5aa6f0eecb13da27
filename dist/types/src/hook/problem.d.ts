/** What can go wrong with a request: its status, its title, and whether trying again may help. */
declare const PROBLEMS: {
    readonly 'bad-request': {
        readonly status: 400;
        readonly title: 'The request is wrong';
    };
    readonly unauthorized: {
        readonly status: 401;
        readonly title: 'The token is missing or wrong';
    };
    readonly 'not-found': {
        readonly status: 404;
        readonly title: 'There is nothing at this path';
    };
    readonly 'method-not-allowed': {
        readonly status: 405;
        readonly title: 'The path does not take this method';
    };
    readonly 'upload-timeout': {
        readonly status: 408;
        readonly title: 'The upload took too long';
    };
    readonly 'too-large': {
        readonly status: 413;
        readonly title: 'The upload is over a limit';
    };
    readonly 'unsupported-media-type': {
        readonly status: 415;
        readonly title: 'Uploads of this type are not taken';
    };
    readonly 'invalid-upload': {
        readonly status: 422;
        readonly title: 'The upload cannot be read';
    };
    readonly 'not-terraform': {
        readonly status: 422;
        readonly title: 'This is not a Terraform template';
    };
    readonly 'several-templates': {
        readonly status: 422;
        readonly title: 'The upload holds several templates';
    };
    readonly 'not-capable': {
        readonly status: 422;
        readonly title: 'The template is not Task-capable';
    };
    readonly 'time-limit': {
        readonly status: 422;
        readonly title: 'The template takes too long';
    };
    readonly 'memory-limit': {
        readonly status: 422;
        readonly title: 'The template takes too much memory';
    };
    readonly 'internal-error': {
        readonly status: 500;
        readonly title: 'The program failed';
    };
    readonly 'no-migration': {
        readonly status: 501;
        readonly title: 'This server cannot migrate templates';
    };
    readonly busy: {
        readonly status: 503;
        readonly title: 'The server has too much to do';
    };
    readonly stopping: {
        readonly status: 503;
        readonly title: 'The server is stopping';
    };
    readonly 'worker-died': {
        readonly status: 503;
        readonly title: 'The analysis broke off';
    };
};
/** What a problem is called in its type, in metrics and in logs. */
export type ProblemName = keyof typeof PROBLEMS;
/** Names of all problems, for documents and metrics. */
export declare const PROBLEM_NAMES: readonly ProblemName[];
/** A problem before it has a request to belong to; it can be sent between threads. */
export interface Problem {
    readonly name: ProblemName;
    /** One or two sentences for whoever sent the request. */
    readonly detail: string;
    /** More members of the answer's body. */
    readonly members?: Readonly<Record<string, unknown>>;
    readonly headers?: Readonly<Record<string, string>>;
}
/** Thrown where a request cannot go on. */
export declare class ProblemError extends Error {
    readonly name = "ProblemError";
    readonly problem: Problem;
    constructor(name: ProblemName, detail: string, more?: Pick<Problem, 'members' | 'headers'>);
}
/** The URI by which clients tell problems apart. */
export declare function problemType(name: ProblemName): string;
/** HTTP status of a problem. */
export declare function statusOf(name: ProblemName): number;
/** The answer to a request that has a problem. */
export declare function problemResponse({ name, detail, members, headers }: Problem, requestId: string): Response;
export {};
