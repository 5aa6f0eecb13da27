import { crc32 } from 'node:zlib';
import type { ParsedTarEntryWithData, TarHeader } from 'modern-tar';
import type { Entry, ZipFile } from 'yauzl';
import { memoryFiles } from './memory.ts';
import type { FileLimits, FileNote, TemplateFiles } from './template-files.ts';
import { DEFAULT_LIMITS, joinPath } from './template-files.ts';

/** Limits of an archive; sizes in bytes, `totalBytes` counts what comes out of it. */
export interface ArchiveLimits extends FileLimits {
  readonly archiveBytes: number;
}

/** Which template of an archive is meant, and how much may come out of it. */
export interface ArchiveOptions {
  /** Path shown in the report; by default the folder, or `.`. */
  readonly root?: string;
  /** Folder of the template inside the archive; by default the archive itself. */
  readonly folder?: string;
  readonly limits?: Partial<ArchiveLimits>;
}

/** Why an archive cannot be read at all: no tar or zip, over a limit, cut short, or with wrong contents. */
export type ArchiveFault = 'not-an-archive' | 'too-large' | 'too-many-files' | 'truncated' | 'damaged';

/** An archive that cannot be read; the message is one sentence for the user. */
export class ArchiveError extends Error {
  readonly code: ArchiveFault;

  constructor(code: ArchiveFault, message: string) {
    super(message);
    this.name = 'ArchiveError';
    this.code = code;
  }
}

/** Coder takes uploads of at most 100 MiB (coderd/files.go, HTTPFileMaxBytes). */
const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = { ...DEFAULT_LIMITS, archiveBytes: 100 * 1024 * 1024 };

/** A file as an archive has it; time and mode where the archive says them. */
interface ArchiveFile {
  readonly data: Uint8Array;
  readonly mtime?: Date;
  readonly mode?: number;
}

/** What Coder would have on disk after unpacking an archive, by path, and what was odd about it. */
export interface ArchiveContent {
  readonly files: ReadonlyMap<string, ArchiveFile>;
  readonly folders: ReadonlySet<string>;
  readonly notes: readonly FileNote[];
}

/**
 * The template in a tar or zip archive.
 * @throws ArchiveError when the archive is none, is damaged, or is over a limit
 */
export async function readArchive(bytes: Uint8Array, options: ArchiveOptions = {}): Promise<TemplateFiles> {
  return templateOf(await unpackArchive(bytes, options.limits), options);
}

/** The template in what was unpacked. */
export function templateOf({ files, notes }: ArchiveContent, options: ArchiveOptions): TemplateFiles {
  const contents = new Map([...files].map(([path, { data }]) => [path, data]));
  return memoryFiles(contents, { ...options, notes, isWhole: true });
}

/**
 * The files of a tar or zip archive, told apart by their contents. Which entries count is what Coder does
 * when it unpacks an upload (provisionersdk/archive.go, Untar); whatever is odd gets a note.
 * @throws ArchiveError when the archive is none, is damaged, or is over a limit
 */
export async function unpackArchive(
  bytes: Uint8Array,
  wanted: Partial<ArchiveLimits> = {},
): Promise<ArchiveContent> {
  const limits = { ...DEFAULT_ARCHIVE_LIMITS, ...wanted };
  if (bytes.length > limits.archiveBytes) {
    throw new ArchiveError(
      'too-large',
      `The archive has ${bytes.length} bytes; more than ${limits.archiveBytes} are not read.`,
    );
  }
  const entries = new EntryCollector();
  if (isZip(bytes)) await readZip(bytes, limits, entries);
  else if (isTar(bytes)) await readTar(bytes, limits, entries);
  else throw new ArchiveError('not-an-archive', describeOther(bytes));
  return entries;
}

/** Counts entries and their declared sizes, and throws before any content over the limits is made. */
function startBudget(limits: ArchiveLimits): (size: number) => void {
  let entries = 0;
  let bytes = 0;
  return (size) => {
    entries++;
    bytes += size;
    if (entries > limits.files) {
      throw new ArchiveError('too-many-files', `The archive has more than ${limits.files} entries.`);
    }
    if (bytes > limits.totalBytes) {
      throw new ArchiveError('too-large', `The archive unpacks to more than ${limits.totalBytes} bytes.`);
    }
  };
}

/** Decides entry by entry what Coder would have on disk. */
class EntryCollector implements ArchiveContent {
  readonly files = new Map<string, ArchiveFile>();
  readonly folders = new Set<string>();
  readonly notes: FileNote[] = [];
  readonly #spellings = new Map<string, string>();

  /** The path at which a file of this name ends up, or null with a note when it ends up nowhere. */
  place(name: string): string | null {
    if (name.includes('..')) {
      return this.#refuse(
        name,
        'Coder ignores entries whose name holds `..`, so this file does not exist there.',
      );
    }
    if (name.includes('\0')) return this.#refuse(name, 'The name holds a NUL, so the file is ignored.');
    // A leading `/` only means the top of the folder to Coder, which joins the name to it.
    const path = joinPath('', name.replace(/^\/+/, ''));
    if (path === null || path === '') return this.#refuse(name, 'The name is empty, so the file is ignored.');
    if (name.startsWith('/')) this.note(path, 'The name is absolute; Coder unpacks it below the template.');
    if (/^[A-Za-z]:|\\/.test(name)) {
      this.note(path, 'The name looks like a Windows path; Coder takes it as it is.');
    }
    return path;
  }

  addFolder(name: string): void {
    const path = name.includes('..') ? null : joinPath('', name.replace(/^\/+|(?<!\/)\/+$/g, ''));
    if (path) this.folders.add(path);
  }

  add(path: string, file: ArchiveFile): void {
    const earlier = this.files.get(path);
    if (earlier !== undefined) {
      this.note(path, 'The path occurs twice; Coder writes the second file over the first.');
    }
    const spelling = path.toLowerCase();
    const other = this.#spellings.get(spelling) ?? path;
    if (other !== path) {
      this.note(path, `The path differs from ${other} in case only, so one of them is lost on some systems.`);
    }
    this.#spellings.set(spelling, other);
    const data = earlier === undefined ? file.data : writeOver(earlier.data, file.data);
    this.files.set(path, { ...file, data });
  }

  note(path: string, text: string): void {
    this.notes.push({ path, text });
  }

  #refuse(name: string, text: string): null {
    this.note(name, text);
    return null;
  }
}

/** Coder opens the file without emptying it, so a longer first file keeps its end behind a shorter second. */
function writeOver(earlier: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length >= earlier.length) return data;
  const result = earlier.slice();
  result.set(data);
  return result;
}

async function readTar(bytes: Uint8Array, limits: ArchiveLimits, collector: EntryCollector): Promise<void> {
  for (const { header, data } of await unpackTarEntries(bytes, limits)) {
    if (header.type === 'directory') {
      collector.addFolder(header.name);
      continue;
    }
    if (header.type !== 'file') {
      collector.note(header.name, `The entry is a ${header.type}; Coder unpacks files and folders only.`);
      continue;
    }
    const path = collector.place(header.name);
    if (path === null) continue;
    const { mtime, mode } = header;
    collector.add(path, {
      data: data ?? new Uint8Array(),
      ...(mtime && { mtime }),
      ...(mode !== undefined && { mode }),
    });
  }
}

async function unpackTarEntries(bytes: Uint8Array, limits: ArchiveLimits): Promise<ParsedTarEntryWithData[]> {
  const { packTar, unpackTar } = await import('modern-tar');
  const unpack = (archive: Uint8Array) => {
    const admit = startBudget(limits);
    const filter = (header: TarHeader) => {
      if (header.name !== END_MARKER) admit(header.size);
      return true;
    };
    return unpackTar(archive, { strict: true, filter });
  };
  try {
    return await unpack(bytes);
  } catch (error) {
    if (!isTruncation(error)) throw tarFault(error);
  }
  // The uploads of `coder templates push` lack the blocks that end an archive, for which a strict reader
  // calls them cut short. A marker entry and a proper end behind them tell the two apart: when the marker
  // does not come out again, an entry that really is cut short has swallowed it.
  try {
    const end = await packTar([{ header: { name: END_MARKER, size: 0, type: 'file' } }]);
    const entries = await unpack(concat(bytes, end));
    if (entries.pop()?.header.name === END_MARKER) return entries;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
  }
  throw new ArchiveError('truncated', 'The tar archive is cut short.');
}

const END_MARKER = 'tasks-lint-end-of-archive';
const TAR_BLOCK = 512;

function isTruncation(error: unknown): boolean {
  return error instanceof Error && /truncated/i.test(error.message);
}

function tarFault(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  return new ArchiveError('damaged', `The tar archive is damaged: ${messageOf(error)}`);
}

/** Whether the first block is a tar header with a right checksum, or the end of an empty archive. */
function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < TAR_BLOCK) return false;
  const block = bytes.subarray(0, TAR_BLOCK);
  if (block.every((byte) => byte === 0)) return true;
  const stored = Number.parseInt(
    new TextDecoder().decode(block.subarray(148, 156)).replace(/\0.*/s, '').trim(),
    8,
  );
  let sum = 8 * 0x20;
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte;
  return sum === stored;
}

async function readZip(bytes: Uint8Array, limits: ArchiveLimits, collector: EntryCollector): Promise<void> {
  const module = await import('yauzl');
  // A bundler leaves the exports of a package in CommonJS behind `default`.
  const { fromBufferPromise } = 'default' in module ? (module.default as typeof module) : module;
  try {
    // Names stay raw: the reader would refuse a whole archive for one name that Coder merely skips.
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      decodeStrings: false,
      lazyEntries: true,
      validateEntrySizes: true,
    });
    for (const entry of await listEntries(zip, limits)) {
      const name = new TextDecoder().decode(entry.fileNameRaw);
      if (name.endsWith('/')) {
        collector.addFolder(name);
        continue;
      }
      const path = collector.place(name);
      if (path === null) continue;
      if (isLink(entry)) {
        collector.note(path, 'The entry is a link; Coder makes it a file that holds the path it leads to.');
      }
      const mode = unixMode(entry) & 0o777;
      collector.add(path, {
        data: await readEntry(zip, entry),
        mtime: entry.getLastModDate(),
        ...(mode !== 0 && { mode }),
      });
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw zipFault(error);
  }
}

/** All entries, the declared sizes of which are within the limits before anything is inflated. */
function listEntries(zip: ZipFile, limits: ArchiveLimits): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    const admit = startBudget(limits);
    zip.on('entry', (entry: Entry) => {
      try {
        admit(entry.uncompressedSize);
        entries.push(entry);
        zip.readEntry();
      } catch (error) {
        reject(error);
      }
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

/** Content of an entry; the reader stops as soon as more comes out than was declared. */
async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as unknown as Uint8Array);
  const data = concat(...chunks);
  // Go's reader, which Coder uses, takes a checksum of 0 for none.
  if (entry.crc32 !== 0 && crc32(data) !== entry.crc32) {
    throw new ArchiveError('damaged', 'The zip archive is damaged: the checksum of an entry is wrong.');
  }
  return data;
}

function isLink(entry: Entry): boolean {
  return (unixMode(entry) & 0o170000) === 0o120000;
}

/** Type and permissions of an entry; 0 when the archive was made where there are none. */
function unixMode(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

function zipFault(error: unknown): ArchiveError {
  const text = messageOf(error);
  if (/truncated|unexpected EOF|overflows file bounds/i.test(text)) {
    return new ArchiveError('truncated', 'The zip archive is cut short.');
  }
  return new ArchiveError('damaged', `The zip archive is damaged: ${text}`);
}

/** Whether the bytes start with an entry of a zip archive, or are an empty one. */
function isZip(bytes: Uint8Array): boolean {
  const [p, k, c, d] = bytes;
  return p === 0x50 && k === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6));
}

function describeOther(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'The archive is empty.';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    return 'The archive is compressed with gzip; Coder takes plain tar or zip.';
  return 'This is neither a tar nor a zip archive.';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
