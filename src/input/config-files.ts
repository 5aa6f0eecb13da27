import { basename, dirname, join, resolve } from 'node:path';
import { findRepository, isFile, isInside, readBytes, realPathOr, showPath, toPosix } from './directory.ts';
import type { FileContent } from './template-files.ts';
import { decodeText } from './template-files.ts';

const EXTENSIONS = ['yaml', 'yml', 'json', 'jsonc'];

/** Names under which a configuration is looked for, relative to each folder on the way up. */
export const CONFIG_NAMES: readonly string[] = [
  ...EXTENSIONS.map((extension) => `.tasks-lint.${extension}`),
  ...EXTENSIONS.map((extension) => `.config/tasks-lint.${extension}`),
];

/** Far above any configuration; in bytes. */
const CONFIG_LIMIT = 1024 * 1024;

/** Where configurations come from. Paths are absolute, in real folders, and written with `/`. */
export interface ConfigFiles {
  /** The configurations of the nearest folder at or above that has any; more than one is the user's mistake. */
  find(folder: string): readonly string[];
  /** Null when there is no such file. */
  read(path: string): FileContent | null;
  /** A path that starts at the folder of a file; without a file, at the current folder. */
  resolve(path: string, file?: string): string;
  /** The folder that a configuration is for: its own, or the one that holds `.config`. */
  folderOf(path: string): string;
  /** A path as messages show it. */
  show(path: string): string;
}

/**
 * Configurations on disk. Looking upward from a template ends at the repository's root; outside a
 * repository at the current folder, or at once where that is not above.
 */
export function openConfigFiles(options: { readonly cwd?: string } = {}): ConfigFiles {
  const cwd = realPathOr(options.cwd ?? process.cwd());
  return {
    find(folder) {
      const start = realPathOr(resolve(cwd, folder));
      const end = findRepository(start) ?? (isInside(cwd, start) ? cwd : start);
      for (let at = start; ; at = dirname(at)) {
        const found = CONFIG_NAMES.map((name) => join(at, name)).filter(isFile);
        if (found.length > 0 || at === end) return found.map(toPosix);
      }
    },
    read(path) {
      const bytes = readBytes(path, CONFIG_LIMIT);
      return bytes instanceof Uint8Array ? decodeText(bytes) : bytes;
    },
    resolve(path, file) {
      const absolute = resolve(file === undefined ? cwd : dirname(file), path);
      // A configuration that is a link is for the folder of the link, so only the folder is made real.
      return toPosix(join(realPathOr(dirname(absolute)), basename(absolute)));
    },
    folderOf(path) {
      const folder = dirname(path);
      const above = dirname(folder);
      return toPosix(CONFIG_NAMES.some((name) => toPosix(join(above, name)) === path) ? above : folder);
    },
    show: (path) => showPath(path, cwd),
  };
}
