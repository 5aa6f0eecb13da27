import type { FileContent, FileLimits, FileNote, FolderEntry, TemplateFiles } from './template-files.ts';
import { comparePaths, DEFAULT_LIMITS, decodeText, joinPath } from './template-files.ts';

/** Files by path relative to the tree, with `/`: text as it is, or bytes still to be decoded. */
export type FileMap =
  | Readonly<Record<string, string | Uint8Array>>
  | ReadonlyMap<string, string | Uint8Array>;

/** Which template of a tree in memory is meant, and what it is called. */
export interface MemoryOptions {
  /** Path shown in the report; by default the folder, or `.` for the tree itself. */
  readonly root?: string;
  /** Folder of the template inside the tree; by default the tree itself. */
  readonly folder?: string;
  readonly limits?: Partial<FileLimits>;
  /** Whether these are all files of the template, README and lock file included. Default false. */
  readonly isWhole?: boolean;
  /** Notes of whoever collected the files; those about paths that are refused here are added. */
  readonly notes?: readonly FileNote[];
}

/**
 * A template whose files are in memory. Keys are normalised (`./a//b.tf` is `a/b.tf`); a key that leaves
 * the tree is left out with a note, as is everything behind the limits.
 */
export function memoryFiles(files: FileMap, options: MemoryOptions = {}): TemplateFiles {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const notes = [...(options.notes ?? [])];
  const contents = new Map<string, string | Uint8Array>();
  const folders = new Map<string, string[]>();
  let totalBytes = 0;
  for (const [key, content] of files instanceof Map ? files : Object.entries(files)) {
    const path = joinPath('', key);
    if (path === null || path === '') {
      notes.push({ path: key, text: 'The path leaves the tree, so the file is ignored.' });
      continue;
    }
    if (contents.has(path)) {
      notes.push({ path, text: 'The path occurs twice; the first file counts.' });
      continue;
    }
    totalBytes += content.length;
    if (contents.size >= limits.files || totalBytes > limits.totalBytes) {
      notes.push({ path, text: 'The limit of files is reached; this file and those behind it are ignored.' });
      break;
    }
    contents.set(path, content);
    const folder = folderOf(path);
    const names = folders.get(folder) ?? [];
    names.push(path.slice(path.lastIndexOf('/') + 1));
    folders.set(folder, names);
  }
  for (const names of folders.values()) names.sort(comparePaths);

  const decoded = new Map<string, FileContent>();
  const folder = joinPath('', options.folder ?? '') ?? '';
  return {
    root: options.root ?? (folder || '.'),
    folder,
    notes,
    isWhole: options.isWhole ?? false,
    read(path) {
      const content = contents.get(path);
      if (content === undefined) return null;
      const known = decoded.get(path);
      if (known !== undefined) return known;
      const bytes = typeof content === 'string' ? encodeText(content) : content;
      const result = decodeText(bytes, limits);
      decoded.set(path, result);
      return result;
    },
    list(folder) {
      return [...(folders.get(folder) ?? [])];
    },
    walk: (isWanted) => walkMap(contents, folder, isWanted),
  };
}

/** The folder that a path is in, `` for the tree itself. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function* walkMap(
  contents: ReadonlyMap<string, string | Uint8Array>,
  folder: string,
  isWanted: (path: string) => boolean,
): Iterable<FolderEntry> {
  const start = folder === '' ? '' : `${folder}/`;
  const passed = new Set(['']);
  for (const [place, content] of contents) {
    const path = place.startsWith(start) ? place.slice(start.length) : '';
    if (path === '' || !isWanted(path)) continue;
    const entered: string[] = [];
    for (let above = folderOf(path); !passed.has(above); above = folderOf(above)) {
      passed.add(above);
      entered.push(above);
    }
    for (const above of entered.reverse()) yield { path: above, bytes: 0 };
    yield { path, bytes: (typeof content === 'string' ? encodeText(content) : content).length };
  }
}

/** A string goes through bytes as well, so that a lone surrogate or a NUL is judged as it would be on disk. */
function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
