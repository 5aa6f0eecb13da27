import { parseConstraint } from '../terraform/constraint.ts';
import type { ProviderRange } from './block-check.ts';
import type { Template } from './template.ts';

/** What of the provider's history the template can use: the locked version, else the newest that its constraints admit. */
export function providerRangeOf(template: Template): ProviderRange {
  const { required, locked } = template.provider;
  const reaches = (wanted: string) => {
    if (locked !== null) return isAtLeast(locked.version, wanted);
    return required.every(({ constraint }) => constraint === null || constraint.admitsFrom(wanted));
  };
  return {
    has(since, until) {
      if (since !== undefined && !reaches(since)) return 'not-yet';
      return until !== undefined && reaches(until) ? 'no-longer' : 'yes';
    },
  };
}

function isAtLeast(version: string, least: string): boolean {
  const constraint = parseConstraint(`>= ${least}`, 'provider');
  return !('error' in constraint) && constraint.admits(version);
}
