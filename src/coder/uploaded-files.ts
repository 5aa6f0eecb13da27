import type { Expression } from '../hcl/syntax.ts';
import type { ModuleNode } from '../terraform/load.ts';

/** What becomes of a file when `coder templates push` uploads the folder of a template. */
export type UploadFate =
  | 'uploaded'
  /** It lies outside the folder. */
  | 'outside'
  /** It lies inside and is left out. */
  | 'left-out';

/**
 * The fate of a path relative to the template's folder (coder/coder, provisionersdk/archive.go): the uploader
 * skips names that start with a dot, Terraform's state and its variable files.
 */
export function uploadFate(path: string): UploadFate {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return 'outside';
  }
  const name = parts.at(-1) ?? '';
  if (parts.length === 1 && name === '.terraform.lock.hcl') return 'uploaded';
  const isLeftOut =
    parts.some((part) => part.startsWith('.')) ||
    parts.join('/').includes('.tfstate') ||
    /\.auto\.tfvars(?:\.json)?$/.test(name) ||
    (parts.length === 1 && /^terraform\.tfvars(?:\.json)?$/.test(name));
  return isLeftOut ? 'left-out' : 'uploaded';
}

/**
 * The path that an expression names, relative to the template's folder: a text, or one behind `path.module` or
 * `path.root`. Null for every other expression, for absolute paths and in downloaded modules.
 */
export function pathInTemplate(node: ModuleNode, expression: Expression): string | null {
  if (expression.kind === 'parens') return pathInTemplate(node, expression.inner);
  if (expression.kind !== 'template' || node.remote) return null;
  const [first, ...rest] = expression.parts;
  let base = '';
  let parts = expression.parts;
  if (first?.kind === 'interpolation') {
    const { value } = first;
    const step = value.kind === 'traversal' && value.root === 'path' ? value.steps[0] : undefined;
    if (step?.kind !== 'attribute' || !['module', 'root'].includes(step.name)) return null;
    const folder = step.name === 'module' ? folderBelowRoot(node) : '';
    if (folder === null) return null;
    base = folder;
    parts = rest;
  }
  let text = '';
  for (const part of parts) {
    if (part.kind !== 'text') return null;
    text += part.value;
  }
  if (base === '' && first?.kind !== 'interpolation' && /^(?:\/|~|[A-Za-z]:)/.test(text)) return null;
  return `${base}/${text}`;
}

/** Folder of a module relative to the template's; null when it lies outside. */
function folderBelowRoot(node: ModuleNode): string | null {
  let root = node;
  while (root.parent !== null) root = root.parent;
  const [outer, inner] = [root.module.folder, node.module.folder];
  if (outer === '' || inner === outer) return inner.slice(outer.length);
  return inner.startsWith(`${outer}/`) ? inner.slice(outer.length + 1) : null;
}
