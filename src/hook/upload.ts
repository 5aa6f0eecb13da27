import { packTar, type TarEntry, unpackTar } from 'modern-tar';
import { ArchiveError, type ArchiveFault, type ArchiveLimits, readArchive } from '../input/archive.ts';
import { comparePaths, type FileNote, joinPath, type TemplateFiles } from '../input/template-files.ts';
import { isConfigurationFile } from '../terraform/load.ts';
import { ProblemError, type ProblemName } from './problem.ts';
import { isZip, listZipNames, readZipEntries } from './zip.ts';

/** What was sent: an archive (tar and zip are told apart by their contents), or JSON that maps paths to texts. */
export interface Upload {
  readonly kind: 'archive' | 'json';
  readonly bytes: Uint8Array;
}

/** An upload whose template has been found. */
export interface OpenedUpload {
  readonly files: TemplateFiles;
  /** All that was sent as tar or zip. */
  readonly archive: Uint8Array;
}

/**
 * Opens an upload of one template: the files at its top, or those of the one folder in it that has any.
 * @throws ProblemError when it cannot be read, is over a limit, or is no template
 */
export async function openUpload(
  upload: Upload,
  limits: Omit<ArchiveLimits, 'archiveBytes'>,
): Promise<OpenedUpload> {
  // As an archive a map obeys the same rules on names, and the same limits.
  const archive = upload.kind === 'json' ? await packJson(upload.bytes, limits.files) : upload.bytes;
  const open = (folder: string) =>
    readArchive(archive, { folder, limits: { ...limits, archiveBytes: Number.POSITIVE_INFINITY } });
  try {
    const tree = await open('');
    if (tree.list('').some(isConfigurationFile)) return { files: tree, archive };
    const folder = findTemplate(await listPaths(archive));
    const note: FileNote = {
      path: folder,
      text: 'Coder looks for a template at the top of an upload only; this one is in a folder.',
    };
    const files = await open(folder);
    return { files: { ...files, notes: [...files.notes, note] }, archive };
  } catch (error) {
    throw error instanceof ArchiveError
      ? new ProblemError(ARCHIVE_PROBLEMS[error.code], error.message)
      : error;
  }
}

const ARCHIVE_PROBLEMS: Readonly<Record<ArchiveFault, ProblemName>> = {
  'not-an-archive': 'invalid-upload',
  'too-large': 'too-large',
  'too-many-files': 'too-large',
  truncated: 'invalid-upload',
  damaged: 'invalid-upload',
};

async function packJson(bytes: Uint8Array, maxFiles: number): Promise<Uint8Array> {
  let map: unknown;
  try {
    map = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ProblemError('invalid-upload', 'The upload is not valid JSON in UTF-8.');
  }
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw notAMap();
  const entries = Object.entries(map);
  if (entries.length > maxFiles) {
    throw new ProblemError('too-large', `The upload has more than ${maxFiles} files.`);
  }
  return packTar(
    entries.map(([name, text]): TarEntry => {
      if (typeof text !== 'string' || name === '' || name.includes('\0')) throw notAMap();
      const body = new TextEncoder().encode(text);
      return { header: { name, size: body.length, type: 'file' }, body };
    }),
  );
}

function notAMap(): ProblemError {
  return new ProblemError('invalid-upload', 'The JSON must be an object that maps paths to texts.');
}

/** The folder nearest to the top that holds Terraform files. */
function findTemplate(paths: readonly string[]): string {
  const folders = new Set<string>();
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    if (isConfigurationFile(path.slice(slash + 1))) folders.add(path.slice(0, slash));
  }
  const depthOf = (folder: string) => folder.split('/').length;
  const depth = Math.min(...[...folders].map(depthOf));
  const nearest = [...folders].filter((folder) => depthOf(folder) === depth).sort(comparePaths);
  const [folder] = nearest;
  if (folder === undefined) {
    throw new ProblemError(
      'not-terraform',
      'This is not a Terraform template: the upload holds no .tf or .tf.json file.',
    );
  }
  if (nearest.length > 1) {
    throw new ProblemError(
      'several-templates',
      'The upload has no Terraform files at its top, but in several folders. Send one template at a time.',
      { members: { folders: nearest.slice(0, 20) } },
    );
  }
  return folder;
}

/** Paths of the files, among them some that are refused when the archive is read. */
async function listPaths(archive: Uint8Array): Promise<string[]> {
  const names: string[] = [];
  if (isZip(archive)) names.push(...(await listZipNames(archive)));
  else {
    await unpackTar(archive, {
      filter: ({ name, type }) => {
        if (type === 'file') names.push(name);
        return false;
      },
    });
  }
  return names.flatMap((name) => pathOf(name) ?? []);
}

/** Where Coder would put a file of that name; null for nowhere. */
function pathOf(name: string): string | null {
  return name.includes('..') || name.endsWith('/') ? null : joinPath('', name.replace(/^\/+/, '')) || null;
}

/** The files of an upload as a tar archive, with new texts for some; what Coder would not unpack is left out. */
export async function packChanged(
  archive: Uint8Array,
  changed: ReadonlyMap<string, string>,
): Promise<Uint8Array> {
  const entries: TarEntry[] = [];
  const done = new Set<string>();
  const add = (header: TarEntry['header'], data: Uint8Array) => {
    const path = pathOf(header.name);
    if (path === null || done.has(path)) return;
    const text = changed.get(path);
    // Of a path that occurs twice the new text is all there is.
    if (text !== undefined) done.add(path);
    const body = text === undefined ? data : new TextEncoder().encode(text);
    entries.push({ header: { ...header, size: body.length }, body });
  };
  if (isZip(archive)) {
    for (const { name, mtime, data } of await readZipEntries(archive)) {
      add({ name, size: data.length, type: 'file', mtime }, data);
    }
  } else {
    for (const { header, data } of await unpackTar(archive)) {
      if (header.type === 'directory') entries.push({ header });
      else if (header.type === 'file') add(header, data ?? new Uint8Array());
    }
  }
  for (const [path, text] of changed) {
    if (done.has(path)) continue;
    const body = new TextEncoder().encode(text);
    entries.push({ header: { name: path, size: body.length, type: 'file' }, body });
  }
  return packTar(entries);
}
