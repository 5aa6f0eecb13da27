import type { Expression, Step } from '../hcl/syntax.ts';
import { type Value, unknown } from './value.ts';

/** What names mean where an expression stands; the module tree implements it, see scope.ts. */
export interface Scope {
  /**
   * The value of a traversal's head and how many of its steps were used up; the rest is applied by the
   * evaluator. Asked only for names that no `for` expression around binds. Returns null for a name that
   * cannot stand there.
   */
  resolve(root: string, steps: readonly Step[], key: (step: Step) => Value): Resolved | null;
}

export interface Resolved {
  readonly value: Value;
  readonly used: number;
}

/** The value of an expression in a scope: known, or unknown with the reason. Never throws. */
export function evaluate(expression: Expression, _scope: Scope): Value {
  return unknown('not written yet', expression.span);
}
