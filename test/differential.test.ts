import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { differential } from './support/differential.ts';
import { mutateAll } from './support/differential-run.ts';
import { fixtures, parser } from './support/hcl.ts';

test('HashiCorp’s parser and ours read all fixtures alike', { timeout: 600_000 }, async () => {
  const folder = fileURLToPath(new URL('../fixtures/', import.meta.url));
  const { compared, missed, doubted, disagreements } = await differential(parser, folder);
  expect(compared).toBeGreaterThan(500);
  // What is nested deeper than we read is left to the judge.
  const needless = doubted.filter((line) => !line.endsWith(': not read to its end'));
  expect({ missed, needless, disagreements }).toEqual({ missed: [], needless: [], disagreements: [] });
});

/** How many mutations to try; `npm run differential -- fixtures --mutations 20000 --from 1` tries more and others. */
const COUNT = 1500;

test('mutated files: what HCL refuses is doubted, what it takes is read alike', {
  timeout: 600_000,
}, async () => {
  const bases = fixtures('valid').map(([, text]) => text);
  const { refused, doubted, failures } = await mutateAll(bases, 0, COUNT);
  expect(failures).toEqual([]);
  // A doubt about a valid file costs a slow second opinion, so it must stay rare.
  expect(doubted / (COUNT - refused)).toBeLessThan(0.01);
});
