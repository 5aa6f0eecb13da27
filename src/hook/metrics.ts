import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ReplaceReason } from './pool.ts';

/** How busy the pool is, asked when the metrics are read. */
interface PoolState {
  readonly waiting: number;
  readonly running: number;
  readonly ready: number;
}

/** What is counted over all requests, in the registry of one hook: there may be several in a process. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram;
  readonly #problems: Counter;
  readonly #uploads: Histogram;
  readonly #replaced: Counter;

  constructor(state: () => PoolState, withProcess: boolean) {
    const registers = [this.#registry];
    if (withProcess) collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'tasks_lint_request_duration_seconds',
      help: 'Time from the request to its answer, by route and status.',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
      registers,
    });
    this.#problems = new Counter({
      name: 'tasks_lint_problems_total',
      help: 'Requests that ended in a problem, by its name.',
      labelNames: ['problem'],
      registers,
    });
    this.#uploads = new Histogram({
      name: 'tasks_lint_upload_bytes',
      help: 'Size of uploads that were received whole.',
      buckets: [1e3, 1e4, 1e5, 1e6, 1e7, 1e8],
      registers,
    });
    this.#replaced = new Counter({
      name: 'tasks_lint_workers_replaced_total',
      help: 'Worker threads that were replaced, by reason.',
      labelNames: ['reason'],
      registers,
    });
    const gauge = (name: string, help: string, read: (state: PoolState) => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read(state()));
        },
      });
    gauge('tasks_lint_jobs_waiting', 'Uploads that wait for a worker.', ({ waiting }) => waiting);
    gauge('tasks_lint_jobs_running', 'Uploads that are being analysed.', ({ running }) => running);
    gauge('tasks_lint_workers_ready', 'Worker threads that are up.', ({ ready }) => ready);
  }

  /** Content type of the text. */
  get type(): string {
    return this.#registry.contentType;
  }

  /** All metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Counts a request that was answered; `route` must be one of few. */
  countRequest(route: string, status: number, seconds: number, problem: string | null): void {
    this.#requests.observe({ route, status: String(status) }, seconds);
    if (problem !== null) this.#problems.inc({ problem });
  }

  countUpload(bytes: number): void {
    this.#uploads.observe(bytes);
  }

  countReplaced(reason: ReplaceReason): void {
    this.#replaced.inc({ reason });
  }
}
