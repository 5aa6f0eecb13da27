import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readArguments } from './read-arguments.js';
import { buildSources, root } from './source-build.js';

/*
 * Reads every .tf file below a folder with our parser and HashiCorp's and prints where they disagree; with
 * `--mutations n` also n broken and mended copies of the valid ones, and the share that our parser should
 * have doubted. Missed ones are written to the folder of `--keep`.
 */
const { values, positionals } = readArguments({
  allowPositionals: true,
  options: {
    mutations: { type: 'string', default: '0' },
    from: { type: 'string', default: '0' },
    keep: { type: 'string' },
  },
});
const folder = resolve(positionals[0] ?? join(root, 'fixtures'));
const built = await buildSources({ differential: 'test/support/differential-run.ts' });
const { compareFolder, compareMutations } = await import(new URL('differential.js', built));

const { compared, refused, missed, doubted, disagreements } = await compareFolder(folder);
console.log(`${compared} files read by both parsers, ${disagreements.length} read differently`);
for (const { path, places } of disagreements) console.log(`  ${path}\n    ${places.join('\n    ')}`);
console.log(`${refused.length} files refused by HCL, ${missed.length} of them without a doubt of ours`);
for (const line of missed) console.log(`  ${line}`);
console.log(`${doubted.length} valid files doubted`);
for (const line of doubted) console.log(`  ${line}`);

let failed = disagreements.length + missed.length;
const count = Number(values.mutations);
if (count > 0) {
  const result = await compareMutations(folder, Number(values.from), count);
  const { refused, failures } = result;
  const misses = failures.filter(({ places }) => places === undefined);
  console.log(
    `${count} mutations: ${refused} refused by HCL, ${misses.length} of them missed (${((100 * misses.length) / Math.max(1, refused)).toFixed(3)} %), ${failures.length - misses.length} read differently, ${result.doubted} valid ones doubted`,
  );
  for (const { seed, error, places } of failures)
    console.log(`  seed ${seed}: ${error ?? places.join('; ')}`);
  if (values.keep !== undefined) {
    mkdirSync(values.keep, { recursive: true });
    for (const { seed, text } of failures) writeFileSync(join(values.keep, `mutation-${seed}.tf`), text);
  }
  failed += failures.length;
}
if (failed > 0) process.exitCode = 1;
