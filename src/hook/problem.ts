/** What can go wrong with a request: its status, its title, and whether trying again may help. */
const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request is wrong' },
  unauthorized: { status: 401, title: 'The token is missing or wrong' },
  'not-found': { status: 404, title: 'There is nothing at this path' },
  'method-not-allowed': { status: 405, title: 'The path does not take this method' },
  'upload-timeout': { status: 408, title: 'The upload took too long' },
  'too-large': { status: 413, title: 'The upload is over a limit' },
  'unsupported-media-type': { status: 415, title: 'Uploads of this type are not taken' },
  'invalid-upload': { status: 422, title: 'The upload cannot be read' },
  'not-terraform': { status: 422, title: 'This is not a Terraform template' },
  'several-templates': { status: 422, title: 'The upload holds several templates' },
  'not-capable': { status: 422, title: 'The template is not Task-capable' },
  'time-limit': { status: 422, title: 'The template takes too long' },
  'memory-limit': { status: 422, title: 'The template takes too much memory' },
  'internal-error': { status: 500, title: 'The program failed' },
  'no-migration': { status: 501, title: 'This server cannot migrate templates' },
  busy: { status: 503, title: 'The server has too much to do' },
  stopping: { status: 503, title: 'The server is stopping' },
  'worker-died': { status: 503, title: 'The analysis broke off' },
} as const satisfies Record<string, { status: number; title: string }>;

/** What a problem is called in its type, in metrics and in logs. */
export type ProblemName = keyof typeof PROBLEMS;

/** Names of all problems, for documents and metrics. */
export const PROBLEM_NAMES = Object.keys(PROBLEMS) as readonly ProblemName[];

/** A problem before it has a request to belong to; it can be sent between threads. */
export interface Problem {
  readonly name: ProblemName;
  /** One or two sentences for whoever sent the request. */
  readonly detail: string;
  /** More members of the answer's body. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem as RFC 9457 writes it down. */
interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  readonly [member: string]: unknown;
}

/** Thrown where a request cannot go on. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(name: ProblemName, detail: string, more: Pick<Problem, 'members' | 'headers'> = {}) {
    super(detail);
    this.problem = { name, detail, ...more };
  }
}

/** The URI by which clients tell problems apart. */
export function problemType(name: ProblemName): string {
  return `urn:tasks-lint:problem:${name}`;
}

/** HTTP status of a problem. */
export function statusOf(name: ProblemName): number {
  return PROBLEMS[name].status;
}

/** The answer to a request that has a problem. */
export function problemResponse({ name, detail, members, headers }: Problem, requestId: string): Response {
  const { status, title } = PROBLEMS[name];
  const body: ProblemBody = { type: problemType(name), title, status, detail, requestId, ...members };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 503 && { 'retry-after': '1' }),
      ...headers,
    },
  });
}
