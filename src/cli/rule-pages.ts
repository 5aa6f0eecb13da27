import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rules } from '../../rules/index.ts';
import type { RuleMetadata } from '../report/format.ts';
import { docsUrl } from '../version.ts';

/** The page of a rule as Markdown; null for an id that is no rule's. */
export function rulePage(ruleId: string): string | null {
  if (!rules.some((rule) => rule.id === ruleId)) return null;
  // From sources this file is two folders below the package, in a bundle one.
  for (const up of ['../..', '..']) {
    const path = fileURLToPath(new URL(`${up}/rules/${ruleId}.md`, import.meta.url));
    if (existsSync(path)) return readFileSync(path, 'utf8');
  }
  return null;
}

/** All rules as reports list them; pages are read when a format asks for one. */
export function ruleMetadata(): RuleMetadata[] {
  return rules.map(({ id, summary }) => ({
    id,
    summary,
    docs: docsUrl(id),
    get help() {
      return rulePage(id) ?? summary;
    },
  }));
}
