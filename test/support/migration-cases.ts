import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../fixtures/migrations/', import.meta.url));

/** A template of some old shape, and what migrating makes of it. */
export interface MigrationCase {
  readonly name: string;
  /** Semver range of Coder versions. */
  readonly target: string | null;
  readonly before: ReadonlyMap<string, string>;
  /** Every file afterwards; null when nobody wrote it down. */
  readonly after: ReadonlyMap<string, string> | null;
  /** What is left to do, and whether the migration is complete. */
  readonly left: string | null;
}

/** All cases by name. */
export function readMigrationCases(): MigrationCase[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => {
      const folder = join(FOLDER, name);
      const target = join(folder, 'target.txt');
      const left = join(folder, 'left.txt');
      return {
        name,
        target: existsSync(target) ? readFileSync(target, 'utf8').trim() : null,
        before: readTexts(join(folder, 'before')) ?? new Map(),
        after: readTexts(join(folder, 'after')),
        left: existsSync(left) ? readFileSync(left, 'utf8') : null,
      };
    });
}

/** Writes the goldens of a case. */
export function writeMigrationCase(name: string, after: ReadonlyMap<string, string>, left: string): void {
  const folder = join(FOLDER, name);
  rmSync(join(folder, 'after'), { recursive: true, force: true });
  for (const [path, text] of after) {
    const target = join(folder, 'after', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  writeFileSync(join(folder, 'left.txt'), left);
}

function readTexts(folder: string): Map<string, string> | null {
  if (!existsSync(folder)) return null;
  const texts = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    texts.set(path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
  }
  return texts;
}
