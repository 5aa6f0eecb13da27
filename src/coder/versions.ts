import { parseConstraint } from '../terraform/constraint.ts';

/** Whether a version constraint admits a version; one that cannot be read admits none. */
export function admits(constraint: string, version: string): boolean {
  const parsed = parseConstraint(constraint);
  return !('error' in parsed) && parsed.admits(version);
}

/** The lowest release that a version constraint admits; null when it admits none or cannot be read. */
export function lowestOf(constraint: string): string | null {
  const parsed = parseConstraint(constraint);
  return 'error' in parsed ? null : parsed.lowest;
}

/** Major and minor number of a version: `2.13` for `2.13.0`. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
