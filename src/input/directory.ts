import {
  closeSync,
  type Dirent,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { FileContent, FileLimits, FileNote, FolderEntry, TemplateFiles } from './template-files.ts';
import { comparePaths, DEFAULT_LIMITS, decodeText, joinPath, tooLarge } from './template-files.ts';

/** How paths of a folder are shown, and what may be read around it. */
export interface DirectoryOptions {
  /** Folder that shown paths are relative to; by default the current one. */
  readonly cwd?: string;
  /**
   * Folder that bounds what may be read when the template is in no repository; must hold the template.
   * By default the template's own folder.
   */
  readonly boundary?: string;
  readonly limits?: Partial<FileLimits>;
}

/** A template on disk. Files are read when they are asked for, each once. */
export interface DirectoryFiles extends TemplateFiles {
  /** Absolute real path of the tree: the repository, or the boundary. */
  readonly tree: string;
  /** Absolute path on disk of a path relative to the tree. */
  locate(path: string): string;
}

/**
 * Opens the template in a folder. The tree around it is the repository that the folder is in, so that
 * `../../modules/x` can be read and nothing outside the repository; a link counts where it leads.
 * @throws Error with a `code` (ENOENT, ENOTDIR, EACCES, …) when the folder cannot be opened
 */
export function openDirectory(path: string, options: DirectoryOptions = {}): DirectoryFiles {
  const cwd = options.cwd ?? process.cwd();
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const real = realpathSync(resolve(cwd, path));
  readdirSync(real);
  const tree = findTree(real, options.boundary === undefined ? real : resolve(cwd, options.boundary));
  const contents = new Map<string, FileContent | null>();
  const notes: FileNote[] = [];
  let totalBytes = 0;

  function readOnce(path: string): FileContent | null {
    const place = realPathInside(tree, path);
    if (place === null) return null;
    if (place === 'outside') {
      return { problem: 'unreadable', detail: 'The file is a link that leads out of the repository.' };
    }
    if (contents.size >= limits.files) {
      return { problem: 'too-large', detail: `More than ${limits.files} files are not read.` };
    }
    const bytes = readBytes(place, Math.min(limits.fileBytes, limits.totalBytes - totalBytes));
    if (!(bytes instanceof Uint8Array)) return bytes;
    totalBytes += bytes.length;
    return decodeText(bytes, limits);
  }

  return {
    root: showPath(real, cwd),
    folder: toPosix(relative(tree, real)),
    notes,
    isWhole: true,
    tree,
    locate: (path) => join(tree, path),
    read(path) {
      const known = contents.get(path);
      if (known !== undefined) return known;
      const content = joinPath('', path) === path && path !== '' ? readOnce(path) : null;
      contents.set(path, content);
      return content;
    },
    list(folder) {
      if (joinPath('', folder) !== folder) return [];
      const place = realPathInside(tree, folder);
      if (place === null || place === 'outside') return [];
      try {
        return listFiles(place);
      } catch (error) {
        if (codeOf(error) !== 'ENOTDIR' && !notes.some((note) => note.path === folder)) {
          notes.push({ path: folder, text: `The folder cannot be read (${codeOf(error)}).` });
        }
        return [];
      }
    },
    walk: (isWanted) => walkFolder(real, isWanted, limits.files),
  };
}

/** Walks without a call for each depth, so that no nesting is too deep; `limit` bounds what is looked at in all. */
function* walkFolder(
  root: string,
  isWanted: (path: string) => boolean,
  limit: number,
): Iterable<FolderEntry> {
  let left = limit;
  const entriesIn = (folder: string): Dirent[] => {
    const entries = readEntries(join(root, folder), left);
    left -= entries.length;
    // The last of the stack is taken first.
    return entries.sort((a, b) => comparePaths(b.name, a.name));
  };
  const stack = entriesIn('').map((entry) => ({ entry, path: entry.name }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { entry, path } = next;
    if (!isWanted(path)) continue;
    yield { path, bytes: entry.isFile() ? sizeOf(join(root, path)) : 0 };
    if (!entry.isDirectory()) continue;
    for (const inner of entriesIn(path)) stack.push({ entry: inner, path: `${path}/${inner.name}` });
  }
}

/** At most so many entries of a folder, in no order; none when it cannot be read. */
function readEntries(folder: string, limit: number): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).slice(0, limit);
  } catch {
    // What cannot be read cannot be uploaded either; reading the template itself says so.
    return [];
  }
}

/** Bytes of a file; 0 when it is gone by now, or its folder may be listed but not entered. */
function sizeOf(path: string): number {
  try {
    return lstatSync(path).size;
  } catch {
    return 0;
  }
}

/**
 * Names of the files in a folder on disk, links to files included, sorted.
 * @throws Error with a `code` when the folder cannot be read
 */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && isFile(join(folder, entry.name))))
    .map((entry) => entry.name)
    .sort(comparePaths);
}

/** The nearest folder at or above that holds `.git` (a folder, or a file in worktrees and submodules); null when none does. */
export function findRepository(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}

/** A path as the report shows it: relative to `cwd` with `/`, or absolute where no relative path exists. */
export function showPath(path: string, cwd: string): string {
  return toPosix(relative(realPathOr(cwd), path)) || '.';
}

/** Whether a real path is a folder or lies below it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A path of this system with `/` between its parts. */
export function toPosix(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}

/**
 * Bytes of a regular file up to a limit, or why there are none; null when nothing or a folder is there.
 * Pipes and devices are not opened, since that may block.
 */
export function readBytes(path: string, limit: number): Uint8Array | FileContent | null {
  let handle: number | undefined;
  try {
    const found = statSync(path);
    if (found.isDirectory()) return null;
    if (!found.isFile()) return { problem: 'unreadable', detail: 'The path is no regular file.' };
    handle = openSync(path, 'r');
    const { size } = fstatSync(handle);
    if (size > limit) return tooLarge(size, limit);
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const count = readSync(handle, bytes, filled, size - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return { problem: 'unreadable', detail: `The file cannot be read (${code}).` };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** The system's name of a failure, such as ENOENT. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function findTree(folder: string, boundary: string): string {
  const repository = findRepository(folder);
  if (repository !== null) return repository;
  const realBoundary = realPathOr(boundary);
  return isInside(realBoundary, folder) ? realBoundary : folder;
}

/** Real path of a path relative to the tree; null when nothing is there (a loop of links included). */
function realPathInside(tree: string, path: string): string | 'outside' | null {
  let real: string;
  try {
    real = realpathSync(join(tree, path));
  } catch {
    return null;
  }
  return isInside(tree, real) ? real : 'outside';
}

/** The real path, or the path itself where there is none. */
export function realPathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether a path leads to a regular file; false when it cannot be looked at. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
