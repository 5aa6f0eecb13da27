import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { differential } from './support/differential.ts';
import { mutateAll } from './support/differential-run.ts';
import { fixtures, parser } from './support/hcl.ts';

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
  const { refused, doubted, failures } = await mutateAll(bases, FIRST, COUNT);
  expect(failures).toEqual([]);
  // A doubt about a valid file costs a slow second opinion, so it must stay rare.
  expect(doubted / (COUNT - refused)).toBeLessThan(0.01);
});
