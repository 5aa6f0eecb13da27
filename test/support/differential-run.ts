import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceFile } from '../../src/source/source-file.ts';
import {
  convertFile,
  type Differential,
  differencesOf,
  differential,
  terraformFiles,
} from './differential.ts';
import { parser } from './hcl.ts';
import { excerpt, mutate, randomFrom } from './mutations.ts';

/** What became of mutated files. */
interface Mutations {
  /** Mutations that HCL refuses. */
  readonly refused: number;
  /** Valid mutations that our parser doubted. */
  readonly doubted: number;
  /** Refused ones that our parser did not doubt, and valid ones that it read differently. */
  readonly failures: readonly {
    readonly seed: number;
    readonly text: string;
    readonly error?: string;
    readonly places?: readonly string[];
  }[];
}

export function compareFolder(folder: string): Promise<Differential> {
  return differential(parser, folder);
}

/** Changes one token of a valid file of a folder, `count` times; the same seed gives the same file. */
export async function compareMutations(folder: string, first: number, count: number): Promise<Mutations> {
  const texts = terraformFiles(folder).map((path) => readFileSync(join(folder, path), 'utf8'));
  const valid = await Promise.all(
    texts.map(async (text) =>
      (await convertFile(new SourceFile('main.tf', text))).json === null ? [] : [text],
    ),
  );
  return mutateAll(valid.flat(), first, count);
}

/** Mutates texts that HCL takes and compares what the two parsers make of them. */
export async function mutateAll(bases: readonly string[], first: number, count: number): Promise<Mutations> {
  const failures: Mutations['failures'][number][] = [];
  let refused = 0;
  let doubted = 0;
  for (let seed = first; seed < first + count; seed++) {
    const random = randomFrom(seed);
    const base = bases[random(bases.length)] as string;
    const text = mutate(random(8) === 0 ? base : excerpt(base, random), random);
    const file = new SourceFile('main.tf', text);
    const parsed = parser.parse(file);
    const { json, error } = await convertFile(file);
    if (error.startsWith('parse config: ')) {
      refused++;
      if (parsed.doubt === null) failures.push({ seed, text, error });
      continue;
    }
    if (parsed.doubt !== null) doubted++;
    if (json === null || parsed.problems.length > 0) continue;
    const places = differencesOf(parsed.body, json);
    if (places.length > 0) failures.push({ seed, text, places });
  }
  return { refused, doubted, failures };
}
