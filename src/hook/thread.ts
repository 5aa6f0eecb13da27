import { parentPort, workerData } from 'node:worker_threads';
import { parseCatalog } from '../coder/catalog/file.ts';
import type { ArchiveLimits } from '../input/archive.ts';
import type { Rule } from '../rule.ts';
import { createServices } from '../services.ts';
import { SourceFile } from '../source/source-file.ts';
import { type HookJob, type HookResult, runJob } from './job.ts';
import type { Migrate } from './migration.ts';
import type { ThreadJob, ThreadMessage } from './pool.ts';

/** What a thread is told when it starts. */
export interface ThreadSettings {
  readonly limits: Omit<ArchiveLimits, 'archiveBytes'>;
  /** Texts of catalogues that are asked before the one that comes with the program. */
  readonly catalogs: readonly string[];
  /** Milliseconds that HCL's own parser may take over one upload. */
  readonly judgeTimeout: number;
  readonly maxAnswer: number;
}

/** What a thread is made of; functions cannot be sent to it. */
interface ThreadParts {
  readonly rules: readonly Rule[];
  readonly migrate: Migrate | null;
}

/** Makes this thread one that does jobs; for a script that is nothing else. */
export async function serveJobs({ rules, migrate }: ThreadParts): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This script runs in a thread only.');
  const { limits, catalogs, judgeTimeout, maxAnswer } = workerData as ThreadSettings;
  const services = await createServices({
    rules,
    catalogs: catalogs.map(parseCatalog),
    judge: 'all',
    judgeOptions: { timeout: judgeTimeout },
  });
  const send = (message: ThreadMessage<HookResult>) =>
    port.postMessage(message, 'result' in message ? transferable(message.result) : []);
  // No upload shall wait for what every one needs, nor for a judge that ended over the one before.
  const prepare = async () => {
    await Promise.all((await services.judge?.([new SourceFile('main.tf', '')])) ?? []);
    send({ ready: true });
  };
  port.on('message', async ({ id, job }: ThreadJob<HookJob>) => {
    try {
      send({ id, result: await runJob(job, { services, limits, migrate, maxAnswer }) });
    } catch (error) {
      send({ id, failed: error instanceof Error ? error.message : String(error) });
    }
    await prepare();
  });
  await services.catalogs();
  await prepare();
}

function transferable(result: HookResult): ArrayBuffer[] {
  return 'body' in result && typeof result.body !== 'string' ? [result.body.buffer] : [];
}
