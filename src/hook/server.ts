import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { ImportHook } from './handler.ts';

/** Where to listen, and how long to wait for the last answers; times in milliseconds. */
interface ServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Time within which a request must have arrived. */
  readonly patience: number;
  /** Time that accepted requests have once the server stops. */
  readonly grace: number;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Takes nothing new, finishes what it has accepted, and ends the hook. A second call changes nothing. */
  stop(): Promise<void>;
}

const MAX_CONNECTIONS = 1000;
const HEADERS_TIMEOUT = 10_000;

/** Serves a hook over HTTP. */
export async function listen(hook: ImportHook, options: ServerOptions): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: hook, overrideGlobalObjects: false }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  server.headersTimeout = Math.min(HEADERS_TIMEOUT, options.patience);
  // The hook answers an upload that is too slow; this is for those that it never gets to see.
  server.requestTimeout = options.patience + HEADERS_TIMEOUT;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  let stopped: Promise<void> | undefined;
  return {
    url: `http://${host}:${port}`,
    stop: () => {
      stopped ??= stop(server, hook, options.grace);
      return stopped;
    },
  };
}

async function stop(server: Server, hook: ImportHook, grace: number): Promise<void> {
  hook.drain();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
  await hook.close();
}

/** Whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
