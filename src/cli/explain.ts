import { rules } from '../../rules/index.ts';
import { didYouMean } from '../engine/closest.ts';
import { docsUrl } from '../version.ts';
import { type Environment, EXIT, UsageError } from './environment.ts';
import { rulePage } from './rule-pages.ts';

/** Prints the page of a rule. */
export async function runExplain(ruleId: string, { stdout }: Environment): Promise<number> {
  const page = rulePage(ruleId);
  if (page === null) {
    throw new UsageError(
      `there is no rule "${ruleId}"${didYouMean(
        ruleId,
        rules.map((rule) => rule.id),
      )}`,
    );
  }
  stdout.write(page.endsWith('\n') ? page : `${page}\n`);
  return EXIT.ok;
}

/** Prints all rules with their summaries. */
export async function runRules(asJson: boolean, { stdout }: Environment): Promise<number> {
  if (asJson) {
    const list = rules.map(({ id, summary, options = {} }) => ({ id, summary, docs: docsUrl(id), options }));
    stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return EXIT.ok;
  }
  const width = Math.max(...rules.map((rule) => rule.id.length));
  for (const { id, summary } of rules) stdout.write(`${id.padEnd(width)}  ${summary}\n`);
  return EXIT.ok;
}
