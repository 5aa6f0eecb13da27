import { createImportHook, type ImportHookOptions, type RequestRecord } from '../../src/hook/handler.ts';
import { listen, type RunningServer } from '../../src/hook/server.ts';
import { until } from './until.ts';

/** A server on loopback, with what it logged. */
export interface TestServer extends RunningServer {
  readonly log: RequestRecord[];
  /** Sends a body to a path. */
  post(path: string, type: string, body: BodyInit, headers?: Record<string, string>): Promise<Response>;
  /** Sends a template as JSON. */
  analyze(files: Record<string, unknown>, query?: string): Promise<Response>;
}

/** Waits until a server says of itself that it is as busy as this. */
export async function untilBusy(url: string, jobs: { running: number; waiting?: number }): Promise<void> {
  await until(async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const { running, waiting = 0 } = jobs;
    return (
      metrics.includes(`tasks_lint_jobs_running ${running}\n`) &&
      metrics.includes(`tasks_lint_jobs_waiting ${waiting}\n`)
    );
  });
}

/** Starts a server on a free port and waits until its threads are up. */
export async function startServer(options: ImportHookOptions): Promise<TestServer> {
  const log: RequestRecord[] = [];
  const hook = createImportHook({
    log: (record) => record.message === 'request' && log.push(record),
    ...options,
  });
  const patience = options.patience ?? 30_000;
  const server = await listen(hook, { host: '127.0.0.1', port: 0, patience, grace: 20_000 });
  const post: TestServer['post'] = (path, type, body, headers = {}) =>
    fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
  await until(async () => (await fetch(`${server.url}/healthz`)).status === 200);
  log.length = 0;
  return {
    ...server,
    log,
    post,
    analyze: (files, query = '') => post(`/v1/analyze${query}`, 'application/json', JSON.stringify(files)),
  };
}
