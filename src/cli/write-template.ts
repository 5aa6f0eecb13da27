import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type DirectoryFiles, isInside } from '../input/directory.ts';
import { UsageError } from './environment.ts';

interface Replacement {
  readonly path: string;
  readonly place: string;
  readonly temporary: string;
  readonly old: Buffer;
  readonly mode: number;
}

/**
 * Writes the changed files of one template, all or none, each in one step and with the mode that it had.
 * @throws UsageError when one of them cannot be written; then all are as they were
 */
export function writeTemplate(files: DirectoryFiles, changed: ReadonlyMap<string, string>): void {
  const replacements = [...changed].map(([path]) => prepare(files, path));
  const written: Replacement[] = [];
  try {
    for (const { path, temporary, mode } of replacements) {
      writeFileSync(temporary, changed.get(path) as string, { mode, flag: 'wx' });
      // The mode above is subject to the umask.
      chmodSync(temporary, mode);
    }
    for (const replacement of replacements) {
      renameSync(replacement.temporary, replacement.place);
      written.push(replacement);
    }
  } catch (error) {
    for (const { place, old, mode } of written) writeFileSync(place, old, { mode });
    for (const { temporary } of replacements) rmSync(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${files.root} cannot be written, and is as it was: ${reason}`);
  }
}

function prepare(files: DirectoryFiles, path: string): Replacement {
  const refuse = (reason: string): never => {
    throw new UsageError(`${files.root} is not written: ${path} ${reason}`);
  };
  try {
    const place = realpathSync(files.locate(path));
    // A link inside the tree is followed, so that it stays one.
    if (!isInside(files.tree, place)) refuse('is a link that leads out of the repository');
    const old = readFileSync(place);
    const read = files.read(path);
    if (read === null || !('text' in read) || !old.equals(Buffer.from(read.text, 'utf8'))) {
      refuse('has changed since it was read');
    }
    const temporary = `${place}.tasks-lint-${process.pid}`;
    const mode = statSync(place).mode & 0o7777;
    // A file can be replaced whose owner has locked it, which is not what a lock is for.
    if ((mode & 0o222) === 0) refuse('is read-only');
    return { path, place, temporary, old, mode };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return refuse(`cannot be read (${error instanceof Error ? error.message : error})`);
  }
}
