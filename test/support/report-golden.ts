import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const FOLDER = new URL('../../fixtures/report/', import.meta.url);

/** Holds a text against fixtures/report/<name>; `UPDATE=1` writes it. A missing file fails, so none is forgotten. */
export function expectGolden(name: string, actual: string): void {
  const path = fileURLToPath(new URL(name, FOLDER));
  if (process.env.UPDATE === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  if (!existsSync(path)) throw new Error(`fixtures/report/${name} is missing; write it with UPDATE=1`);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}
