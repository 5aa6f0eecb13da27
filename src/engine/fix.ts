import type { Finding } from '../rule.ts';
import type { Analysis } from './lint.ts';

/** A fix that was applied, with the finding that asked for it. */
export interface AppliedFix {
  /** Round from 1 in which it was applied. */
  readonly round: number;
  readonly finding: Finding;
  /** What the template was analysed as when the fix was made: its spans lie in those files. */
  readonly analysis: Analysis;
}
