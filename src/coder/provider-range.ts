import { compare, valid } from 'semver';
import type { ProviderRange } from './block-check.ts';
import type { Template } from './template.ts';

/** What of the provider's history the template can use: the locked version, else the newest that its constraints admit. */
export function providerRangeOf(template: Template): ProviderRange {
  const { required, locked } = template.provider;
  const reaches = (wanted: string) => {
    // What a release brings or drops, its prereleases do as well: 2.4.0-pre0 knows form_type.
    const first = `${wanted}-0`;
    if (locked !== null) return valid(locked.version) !== null && compare(locked.version, first) >= 0;
    return required.every(({ constraint }) => constraint === null || constraint.admitsFrom(first));
  };
  return {
    has(since, until) {
      if (since !== undefined && !reaches(since)) return 'not-yet';
      return until !== undefined && reaches(until) ? 'no-longer' : 'yes';
    },
  };
}
