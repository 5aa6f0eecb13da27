import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git, ROOT } from './cli.ts';

/** Paths of what a release tag holds: the files under version control and dist/, which is committed. */
function releasedPaths(): string[] {
  const listed = git(['ls-files', '-z'], ROOT).split('\0');
  const built = git(['ls-files', '-z', '--others', '--', 'dist'], ROOT).split('\0');
  return [...new Set([...listed, ...built])].filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

/** A git repository with the content that a release tag has here and now; returns the name of its tag. */
export function makeReleaseRepository(folder: string): string {
  for (const path of releasedPaths()) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(ROOT, path), to, { verbatimSymlinks: true });
  }
  git(['init', '--quiet'], folder);
  git(['add', '--all', '--force'], folder);
  git(['commit', '--quiet', '--message', 'release'], folder);
  git(['tag', 'v0.0.0'], folder);
  return 'v0.0.0';
}

/** Writes files by their paths below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, content);
  }
}
