import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from './environment.ts';

/** Which changes count: those in the index, or all since a revision, new files included. */
export type ChangedSince =
  | { readonly kind: 'staged' }
  | { readonly kind: 'revision'; readonly revision: string };

/** What belongs to a template when it changes. */
const TEMPLATE_FILE = /(\.tf(\.json)?|(^|\/)\.terraform\.lock\.hcl)$/;

/**
 * The Terraform files below a folder that git says have changed, as absolute paths; of a file that is gone its
 * folder, when that is still there.
 * @throws UsageError when git cannot say
 */
export async function changedPaths(since: ChangedSince, cwd: string): Promise<string[]> {
  const root = (await git(['rev-parse', '--show-toplevel'], cwd)).trim();
  const lists = [
    await git(
      since.kind === 'staged'
        ? ['diff', '--name-only', '-z', '--cached', '--']
        : ['diff', '--name-only', '-z', '--merge-base', since.revision, '--'],
      cwd,
    ),
    since.kind === 'staged'
      ? ''
      : await git(['ls-files', '-z', '--others', '--exclude-standard', '--full-name'], root),
  ];
  const paths = lists
    .flatMap((list) => list.split('\0'))
    .filter((path) => TEMPLATE_FILE.test(path))
    .map((path) => resolve(root, path));
  return [...new Set(paths.map((path) => (isConfiguration(path) ? path : dirname(path))))].filter((path) =>
    existsSync(path),
  );
}

/** A file that can be named itself; for others, and for those that are gone, their folder stands in. */
function isConfiguration(path: string): boolean {
  return /\.tf(\.json)?$/.test(path) && existsSync(path);
}

async function git(args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', [...args], { cwd, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT')
      throw new UsageError('git is needed for --changed and --staged, and was not found');
    const [first = 'it failed'] = (stderr ?? '').trim().split('\n');
    throw new UsageError(`git cannot say what has changed: ${first}`);
  }
}
