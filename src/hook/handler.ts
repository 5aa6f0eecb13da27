import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Context, Hono } from 'hono';
import { parseCatalog } from '../coder/catalog/file.ts';
import { DEFAULT_TARGET, linesIn } from '../coder/releases.ts';
import { BodyReader } from './body.ts';
import type { HookJob, HookResult } from './job.ts';
import { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import type { Policy } from './policy.ts';
import { PoolError, type PoolFault, type ReplaceReason, WorkerPool } from './pool.ts';
import { type Problem, ProblemError, type ProblemName, problemResponse } from './problem.ts';
import type { ThreadSettings } from './thread.ts';
import type { Upload } from './upload.ts';

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

/** What the routes know about the request at hand. */
interface Variables {
  requestId: string;
  bytes: number | null;
  problem: ProblemName | null;
  error: string | undefined;
}

type HookContext = Context<{ Variables: Variables }>;

const MIB = 1024 * 1024;
const MAX_ANSWER = 32 * MIB;
/**
 * Share of an upload's time that HCL's own parser gets, and the least that it gets, in milliseconds. It needs some tens
 * of them for a template, and the square of the size for some that are made to hurt: those are answered in good time,
 * as templates whose syntax nobody verified.
 */
const JUDGE_SHARE = 0.05;
const MIN_JUDGE_TIME = 500;
const THREAD_JOBS = 1000;

/** The paths that there are, and the method that each takes. */
const ROUTES: Readonly<Record<string, 'GET' | 'POST'>> = {
  '/v1/analyze': 'POST',
  '/v1/migrate': 'POST',
  '/healthz': 'GET',
  '/metrics': 'GET',
  '/openapi.json': 'GET',
};

/**
 * A handler that analyses and migrates uploaded templates, each in a thread and within limits. It starts its
 * threads at once and keeps them until it is closed.
 * @throws RangeError when `coderVersion` is no range of Coder versions
 * @throws CatalogFileError when a catalogue cannot be used
 */
export function createImportHook(options: ImportHookOptions = {}): ImportHook {
  return new HookServer(options).toHandler();
}

class HookServer {
  readonly #options: ImportHookOptions;
  readonly #target: string;
  readonly #pool: WorkerPool<HookJob, HookResult>;
  readonly #bodies: BodyReader;
  readonly #metrics: Metrics;
  readonly #app = new Hono<{ Variables: Variables }>();
  readonly #accepted = new Set<Promise<Response>>();
  #isDraining = false;

  constructor(options: ImportHookOptions) {
    this.#options = options;
    this.#target = options.coderVersion ?? DEFAULT_TARGET;
    linesIn(this.#target);
    for (const catalog of options.catalogs ?? []) parseCatalog(catalog);
    const { workers = 2, timeout = 10_000, patience = 30_000, maxBytes = 10 * MIB } = options;
    const queue = options.queue ?? 16 * workers;
    this.#bodies = new BodyReader({
      maxBytes,
      maxHeldBytes: maxBytes * (workers + queue),
      timeout: patience,
    });
    const settings: ThreadSettings = {
      limits: {
        files: options.maxFiles ?? 2000,
        fileBytes: 2 * MIB,
        totalBytes: options.maxUnpackedBytes ?? 32 * MIB,
      },
      catalogs: options.catalogs ?? [],
      judgeTimeout: Math.max(MIN_JUDGE_TIME, timeout * JUDGE_SHARE),
      maxAnswer: MAX_ANSWER,
    };
    this.#pool = new WorkerPool({
      script: options.worker ?? threadScript(),
      workerData: settings,
      size: workers,
      maxQueue: queue,
      timeout,
      queueTimeout: patience,
      resourceLimits: { maxOldGenerationSizeMb: options.maxMemory ?? 256 },
      maxJobs: THREAD_JOBS,
      onReplace: (reason, startError) => this.#recordReplaced(reason, startError),
    });
    this.#metrics = new Metrics(() => this.#pool, options.processMetrics === true);
    this.#addRoutes();
  }

  toHandler(): ImportHook {
    return Object.assign((request: Request) => this.#accept(request), {
      drain: () => {
        this.#isDraining = true;
      },
      close: async () => {
        this.#isDraining = true;
        await Promise.allSettled(this.#accepted);
        await this.#pool.close();
      },
    });
  }

  #accept(request: Request): Promise<Response> {
    const answer = Promise.resolve(this.#app.fetch(request));
    this.#accepted.add(answer);
    const forget = () => this.#accepted.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  #addRoutes(): void {
    const app = this.#app;
    app.use(async (context, next) => {
      const start = performance.now();
      context.set('requestId', requestIdOf(context.req.raw));
      context.set('bytes', null);
      context.set('problem', null);
      context.set('error', undefined);
      await next();
      context.header('x-request-id', context.var.requestId);
      context.header('x-content-type-options', 'nosniff');
      context.header('cache-control', 'no-store');
      this.#record(context, performance.now() - start);
    });
    app.use(async (context, next) => {
      if (this.#isDraining) {
        throw new ProblemError('stopping', 'The server is stopping.', { headers: { connection: 'close' } });
      }
      const { token } = this.#options;
      const isOpen = token === undefined || context.req.path === '/healthz';
      if (!isOpen && !hasToken(context.req.raw, token)) {
        throw new ProblemError('unauthorized', 'Send the token as "Authorization: Bearer <token>".', {
          headers: { 'www-authenticate': 'Bearer realm="tasks-lint"' },
        });
      }
      await next();
    });
    app.post('/v1/analyze', (context) => this.#run('analyze', context));
    app.post('/v1/migrate', (context) => this.#run('migrate', context));
    app.get('/healthz', (context) => {
      const isReady = this.#pool.ready > 0;
      return context.json({ status: isReady ? 'ok' : 'starting' }, isReady ? 200 : 503);
    });
    app.get('/metrics', async (context) =>
      context.body(await this.#metrics.text(), 200, { 'content-type': this.#metrics.type }),
    );
    app.get('/openapi.json', (context) => context.json(openApi()));
    app.notFound((context) => {
      const allow = ROUTES[context.req.path];
      return allow === undefined
        ? answerProblem(context, { name: 'not-found', detail: 'See /openapi.json for what there is.' })
        : answerProblem(context, {
            name: 'method-not-allowed',
            detail: `This path takes ${allow} only.`,
            headers: { allow: allow === 'GET' ? 'GET, HEAD' : allow },
          });
    });
    app.onError((error, context) => {
      if (error instanceof ProblemError) return answerProblem(context, error.problem);
      context.set('error', error.message);
      return answerProblem(context, { name: 'internal-error', detail: 'The program has a defect.' });
    });
  }

  async #run(action: HookJob['action'], context: HookContext): Promise<Response> {
    const request = context.req.raw;
    const kind = uploadKindOf(request);
    const { target, policies } = this.#demandsOf(new URL(request.url).searchParams);
    const bytes = await this.#bodies.read(request);
    context.set('bytes', bytes.length);
    this.#metrics.countUpload(bytes.length);
    const wantsTar = /\bapplication\/x-tar\b/.test(request.headers.get('accept') ?? '');
    const job: HookJob = { action, upload: { kind, bytes }, target, policies, wantsTar };
    const result = await this.#pool.run(job, [bytes.buffer], request.signal).catch((error) => {
      if (!(error instanceof PoolError)) throw error;
      if (error.fault === 'failed') context.set('error', error.message);
      return { problem: FAULTS[error.fault] };
    });
    if ('problem' in result) return answerProblem(context, result.problem);
    return new Response(result.body, { headers: { 'content-type': result.type } });
  }

  /** What the server and the request demand; a request can only add to what the server does. */
  #demandsOf(query: URLSearchParams): Pick<HookJob, 'target' | 'policies'> {
    const target = query.get('coder-version') || this.#target;
    const wish = query.get('require') || null;
    try {
      linesIn(target);
    } catch (error) {
      if (error instanceof RangeError)
        throw new ProblemError('bad-request', `coder-version: ${error.message}.`);
      throw error;
    }
    if (wish !== null && wish !== 'capable') {
      throw new ProblemError('bad-request', 'The only thing that can be required is "capable".');
    }
    const policies: Policy[] = [];
    if (this.#options.require !== undefined) {
      policies.push({ require: this.#options.require, coderVersion: this.#target });
    }
    if (wish !== null) policies.push({ require: wish, coderVersion: target });
    return { target, policies };
  }

  #record(context: HookContext, milliseconds: number): void {
    const { requestId, bytes, problem, error } = context.var;
    const route = context.req.path in ROUTES ? context.req.path : null;
    const { status } = context.res;
    this.#metrics.countRequest(route ?? 'none', status, milliseconds / 1000, problem);
    this.#options.log?.({
      time: new Date().toISOString(),
      level: status === 500 ? 'error' : status >= 400 ? 'warn' : 'info',
      message: 'request',
      requestId,
      // Methods are the client's words, too.
      method: /^[A-Z]{1,10}$/.test(context.req.method) ? context.req.method : 'other',
      route,
      status,
      milliseconds: Math.round(milliseconds * 10) / 10,
      bytes,
      problem,
      ...(error !== undefined && { error }),
    });
  }

  #recordReplaced(reason: ReplaceReason, startError: Error | null): void {
    this.#metrics.countReplaced(reason);
    if (reason === 'worn') return;
    this.#options.log?.({
      time: new Date().toISOString(),
      level: startError === null ? 'warn' : 'error',
      message: 'worker replaced',
      reason,
      ...(startError !== null && { error: startError.message }),
    });
  }
}

const FAULTS: Readonly<Record<PoolFault, Problem>> = {
  busy: { name: 'busy', detail: 'Too many uploads are waiting. Try again later.' },
  timeout: { name: 'time-limit', detail: 'Analysing the template took longer than this server allows.' },
  memory: {
    name: 'memory-limit',
    detail: 'Analysing the template took more memory than this server allows.',
  },
  died: { name: 'worker-died', detail: 'The thread that analysed the template ended. Try again.' },
  closed: { name: 'stopping', detail: 'The server is stopping.' },
  aborted: { name: 'bad-request', detail: 'The request was taken back.' },
  failed: { name: 'internal-error', detail: 'The program has a defect that this template brings out.' },
};

function answerProblem(context: HookContext, problem: Problem): Response {
  context.set('problem', problem.name);
  return problemResponse(problem, context.var.requestId);
}

const UPLOAD_KINDS: Readonly<Record<string, Upload['kind']>> = {
  'application/x-tar': 'archive',
  'application/zip': 'archive',
  'application/x-zip-compressed': 'archive',
  'application/json': 'json',
};

function uploadKindOf({ headers }: Request): Upload['kind'] {
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw new ProblemError('unsupported-media-type', 'Uploads must come without a Content-Encoding.');
  }
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const kind = Object.hasOwn(UPLOAD_KINDS, type) ? UPLOAD_KINDS[type] : undefined;
  if (kind !== undefined) return kind;
  throw new ProblemError(
    'unsupported-media-type',
    `The Content-Type must be one of ${Object.keys(UPLOAD_KINDS).join(', ')}.`,
    { headers: { accept: Object.keys(UPLOAD_KINDS).join(', ') } },
  );
}

/** The id that the request brings, if it is fit for logs and headers; else a new one. */
function requestIdOf({ headers }: Request): string {
  const given = headers.get('x-request-id');
  return given !== null && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** Compares hashes, so that the time it takes tells neither the token's length nor how much of it was right. */
function hasToken({ headers }: Request, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

/** The threads' script beside this code: bundled, or as source for a Node that takes TypeScript. */
function threadScript(): URL {
  const bundled = new URL('./hook-worker.js', import.meta.url);
  return existsSync(fileURLToPath(bundled)) ? bundled : new URL('./worker.ts', import.meta.url);
}
