import { packTar, type TarEntry } from 'modern-tar';
import {
  type ArchiveContent,
  ArchiveError,
  type ArchiveFault,
  type ArchiveLimits,
  templateOf,
  unpackArchive,
} from '../input/archive.ts';
import { comparePaths, type FileNote, type TemplateFiles } from '../input/template-files.ts';
import { isConfigurationFile } from '../terraform/load.ts';
import { ProblemError, type ProblemName } from './problem.ts';

/** What was sent: an archive (tar and zip are told apart by their contents), or JSON that maps paths to texts. */
export interface Upload {
  readonly kind: 'archive' | 'json';
  readonly bytes: Uint8Array;
}

/** An upload whose template has been found. */
interface OpenedUpload {
  readonly files: TemplateFiles;
  /** All that was sent. */
  readonly content: ArchiveContent;
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
  try {
    const content = await unpackArchive(archive, { ...limits, archiveBytes: Number.POSITIVE_INFINITY });
    const tree = templateOf(content, { limits });
    if (tree.list('').some(isConfigurationFile)) return { files: tree, content };
    const folder = findTemplate([...content.files.keys()]);
    const note: FileNote = {
      path: folder,
      text: 'Coder looks for a template at the top of an upload only; this one is in a folder.',
    };
    const files = templateOf(content, { folder, limits });
    return { files: { ...files, notes: [...files.notes, note] }, content };
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

/** The files of an upload as a tar archive, with new texts for some; what Coder would not unpack is left out. */
export function packChanged(
  { files, folders }: ArchiveContent,
  changed: ReadonlyMap<string, string>,
): Promise<Uint8Array> {
  const entries = [...folders].map(
    (path): TarEntry => ({ header: { name: path, size: 0, type: 'directory' } }),
  );
  for (const path of new Set([...files.keys(), ...changed.keys()])) {
    const text = changed.get(path);
    const { data, ...attributes } = files.get(path) ?? {};
    const body = text === undefined ? data : new TextEncoder().encode(text);
    entries.push({ header: { ...attributes, name: path, size: body?.length ?? 0, type: 'file' }, body });
  }
  return packTar(entries);
}
