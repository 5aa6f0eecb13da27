import { type FSWatcher, watch } from 'node:fs';
import type { Environment } from './environment.ts';

/** What a watched run needs: to run once, and to say which folders it read. */
interface Watchable {
  run(): Promise<{ readonly code: number; readonly folders: readonly string[] }>;
}

/** Editors write a file in several steps; in milliseconds. */
const QUIET = 100;

/** Only what can change a verdict starts another run. */
const RELEVANT = /(\.tf|\.json|\.ya?ml|\.jsonc|\.hcl)$/;

/** Runs, then again whenever a file below the folders changes, until the signal; returns the last exit code. */
export async function watchRuns(
  watchable: Watchable,
  { stdout, stderr }: Environment,
  signal: AbortSignal,
): Promise<number> {
  let code = 0;
  while (!signal.aborted) {
    if (stdout.isTTY) stdout.write('\x1b[2J\x1b[3J\x1b[H');
    const result = await watchable.run();
    code = result.code;
    stderr.write('tasks-lint: watching; press Ctrl-C to stop\n');
    await nextChange(result.folders, signal);
  }
  return code;
}

/** Resolves when something has changed and it has been quiet for a moment, or when the signal comes. */
function nextChange(folders: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end);
    for (const folder of new Set(folders)) {
      const watcher = watch(folder, (_event, name) => {
        if (name !== null && !RELEVANT.test(name)) return;
        clearTimeout(timer);
        timer = setTimeout(end, QUIET);
      });
      // A folder that is gone has changed.
      watcher.on('error', end);
      watchers.push(watcher);
    }
    if (watchers.length === 0) end();
  });
}
