import { compare, valid } from 'semver';
import type { ProviderRange } from './block-check.ts';
import type { Template } from './template.ts';

/** What of the provider's history the template can use: the locked version, else the newest that its constraints admit. */
export function providerRangeOf(template: Template): ProviderRange {
  const { required, locked } = template.provider;
  const version = valid(locked?.version);
  const reaches = (wanted: string) =>
    version !== null
      ? compare(version, wanted) >= 0
      : required.every(({ constraint }) => constraint === null || constraint.admitsFrom(wanted));
  return {
    has(since, until) {
      if (since !== undefined && !reaches(since)) return 'not-yet';
      return until !== undefined && reaches(until) ? 'no-longer' : 'yes';
    },
  };
}
