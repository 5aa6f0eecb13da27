import { createImportHook, type ImportHookOptions, type RequestRecord } from '../../src/hook/handler.ts';
import { listen, type RunningServer } from '../../src/hook/server.ts';

/** A server on loopback, with what it logged. */
export interface TestServer extends RunningServer {
  readonly log: RequestRecord[];
  /** Sends a body to a path. */
  post(path: string, type: string, body: BodyInit, headers?: Record<string, string>): Promise<Response>;
  /** Sends a template as JSON. */
  analyze(files: Record<string, unknown>, query?: string): Promise<Response>;
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
  const deadline = Date.now() + 20_000;
  while ((await fetch(`${server.url}/healthz`)).status !== 200 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  log.length = 0;
  return {
    ...server,
    log,
    post,
    analyze: (files, query = '') => post(`/v1/analyze${query}`, 'application/json', JSON.stringify(files)),
  };
}
