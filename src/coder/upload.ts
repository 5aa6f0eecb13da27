import { type Call, type Expression, literalString, walkBody } from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import { fullAddress } from './import-world.ts';
import type { Template } from './template.ts';

/**
 * What `coder templates push` leaves out (provisionersdk/archive.go of coder/coder): all outside the folder, what
 * begins with a dot except the lock file, Terraform's state, and values for variables.
 */
export type DroppedBecause = 'outside' | 'hidden' | 'state' | 'variables';

/** Something that a template reads and that does not come with its upload. */
interface DroppedFile {
  readonly path: string;
  readonly because: DroppedBecause;
  /** The function that reads it, or `source` of a module call. */
  readonly reader: string;
  readonly address: string | null;
  readonly at: Span;
}

/** Why the uploader drops a path relative to the template's folder; null when it takes it. */
function droppedBecause(path: string): DroppedBecause | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return 'outside';
  }
  const name = parts.at(-1) ?? '';
  // The uploader takes a lock file wherever it lies, but enters no hidden folder.
  const mustShow = name === '.terraform.lock.hcl' ? parts.slice(0, -1) : parts;
  if (mustShow.some((part) => part.startsWith('.'))) return 'hidden';
  if (parts.some((part) => part.includes('.tfstate'))) return 'state';
  const isOwnValues = parts.length === 1 && /^terraform\.tfvars(\.json)?$/.test(name);
  return isOwnValues || /\.auto\.tfvars(\.json)?$/.test(name) ? 'variables' : null;
}

/** Bytes of an archive from which on `coder templates push` refuses it (TemplateArchiveLimit, ibid.). */
export const UPLOAD_LIMIT = 1024 * 1024;

/** An archive has a block of 512 bytes for the name of each file and folder, and contents in whole blocks. */
const ARCHIVE_BLOCK = 512;

/** An upload that `coder templates push` refuses, measured as far as was needed to know that. */
interface OversizedUpload {
  /** What directly in the template's folder takes most of it, and how much at least, in bytes. */
  readonly largest: string;
  readonly bytes: number;
}

/** What `coder templates push` would send when that is more than it may; else null. */
export function oversizedUploadOf({ tree }: Template): OversizedUpload | null {
  const sizes = new Map<string, number>();
  let total = 0;
  for (const { path, bytes } of tree.source.walk((path) => droppedBecause(path) === null)) {
    const size = ARCHIVE_BLOCK + Math.ceil(bytes / ARCHIVE_BLOCK) * ARCHIVE_BLOCK;
    const top = path.replace(/\/.*/s, '');
    sizes.set(top, (sizes.get(top) ?? 0) + size);
    total += size;
    if (total < UPLOAD_LIMIT) continue;
    const [[largest, most] = [top, size]] = [...sizes].sort(([, a], [, b]) => b - a);
    return { largest, bytes: most };
  }
  return null;
}

/** Every function of Terraform that reads files (internal/lang/functions.go). */
const READERS = new Set([
  'file',
  'filebase64',
  'filebase64sha256',
  'filebase64sha512',
  'fileexists',
  'filemd5',
  'fileset',
  'filesha1',
  'filesha256',
  'filesha512',
  'templatefile',
]);

/** Everything that the template reads from places that its upload does not hold. */
export function droppedFilesOf(template: Template): DroppedFile[] {
  const found: DroppedFile[] = [];
  const folders = new Set<string>();
  for (const node of template.tree.nodes) {
    const { folder, blocks, calls } = node.module;
    const here = relativeTo(template.root.module.folder, folder);
    if (node.remote || here === null || folders.has(folder)) continue;
    folders.add(folder);
    for (const call of calls.values()) {
      if (call.source === null || !/^\.\.?\//.test(call.source) || call.sourceArgument === undefined)
        continue;
      const because = droppedBecause(`${here}/${call.source}`);
      const at = call.sourceArgument.value.span;
      const address = fullAddress(node, call.address);
      if (because !== null) found.push({ path: call.source, because, reader: 'source', address, at });
    }
    for (const block of blocks) {
      walkBody(block.body, (expression) => {
        const read = pathRead(expression, here, node.parent === null);
        const because = read === null ? null : droppedBecause(read.full);
        if (read === null || because === null) return;
        found.push({ path: read.path, because, reader: read.call.name, address: null, at: read.call.span });
      });
    }
  }
  return found;
}

/** The path that a call reads, from the template's folder; null when it is not written down or absolute. */
function pathRead(
  expression: Expression,
  here: string,
  isRoot: boolean,
): { call: Call; path: string; full: string } | null {
  if (expression.kind !== 'call' || !READERS.has(expression.name)) return null;
  const [argument] = expression.arguments;
  const [first, second] = argument?.kind === 'template' ? argument.parts : [];
  const literal = literalString(argument);
  // Without path.module Terraform reads from where it runs, which is the root module.
  if (literal !== null)
    return /^[/~]/.test(literal) ? null : { call: expression, path: literal, full: literal };
  const base = first?.kind === 'interpolation' ? baseOf(first.value, here, isRoot) : null;
  const isWhole = argument?.kind === 'template' && argument.parts.length === 2;
  if (base === null || !isWhole || second?.kind !== 'text') return null;
  return { call: expression, path: second.value.replace(/^\/+/, ''), full: `${base}/${second.value}` };
}

function baseOf(value: Expression, here: string, isRoot: boolean): string | null {
  const step = value.kind === 'traversal' && value.root === 'path' ? value.steps[0] : undefined;
  if (step?.kind !== 'attribute') return null;
  if (step.name === 'module') return here;
  return step.name === 'root' || (step.name === 'cwd' && isRoot) ? '' : null;
}

/** A folder relative to another around it; null when it lies elsewhere. */
function relativeTo(root: string, folder: string): string | null {
  if (folder === root) return '';
  if (root === '') return folder;
  return folder.startsWith(`${root}/`) ? folder.slice(root.length + 1) : null;
}
