import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SourceFile } from '../src/source/source-file.ts';
import { convertFile, differencesOf, differential } from './support/differential.ts';
import { fixtures, parser } from './support/hcl.ts';
import { excerpt, mutate, randomFrom } from './support/mutations.ts';

describe('HashiCorp’s parser and ours read the same', () => {
  const folders = [fileURLToPath(new URL('../fixtures/', import.meta.url))];
  if (process.env.DIFFERENTIAL_FOLDER) folders.push(process.env.DIFFERENTIAL_FOLDER);

  test.each(folders)('in %s', { timeout: 600_000 }, async (folder) => {
    const { compared, missed, disagreements } = await differential(parser, folder);
    expect(compared).toBeGreaterThan(0);
    expect({ missed, disagreements }).toEqual({ missed: [], disagreements: [] });
  });
});

/** How many mutations to try and where to start; a longer run is worth it after a change to the scan. */
const COUNT = Number(process.env.MUTATIONS ?? 1500);
const FIRST = Number(process.env.MUTATIONS_FROM ?? 0);

test('mutated files: what HCL refuses is doubted, what it takes is read alike', {
  timeout: 3_600_000,
}, async () => {
  const bases = fixtures('valid').map(([, text]) => text);
  const failures: unknown[] = [];
  let valid = 0;
  let doubted = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = randomFrom(seed);
    const base = bases[random(bases.length)] as string;
    const text = mutate(random(8) === 0 ? base : excerpt(base, random), random);
    const file = new SourceFile('main.tf', text);
    const parsed = parser.parse(file);
    const { json, error } = await convertFile(file);
    if (error.startsWith('parse config: ')) {
      if (parsed.doubt === null) failures.push({ seed, text, error });
      continue;
    }
    valid++;
    if (parsed.doubt !== null) doubted++;
    if (json === null || parsed.problems.length > 0) continue;
    const places = differencesOf(parsed.body, json);
    if (places.length > 0) failures.push({ seed, text, places });
  }
  expect(failures).toEqual([]);
  // A doubt about a valid file costs a slow second opinion, so it must stay rare.
  expect(doubted / valid).toBeLessThan(0.01);
});
