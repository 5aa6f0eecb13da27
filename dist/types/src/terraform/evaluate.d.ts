import type { Expression, Step } from '../hcl/syntax.js';
import { type Value } from './value.js';
/** What names mean where an expression stands; the module tree implements it, see scope.ts. */
export interface Scope {
    /**
     * The value of a traversal's head and how many of its steps were used up; the rest is applied by the
     * evaluator. Asked only for names that no `for` expression around binds. Returns null for a name that
     * cannot stand there.
     */
    resolve(root: string, steps: readonly Step[], key: (step: Step) => Value): Resolved | null;
}
/** What a name is worth with so many of the steps behind it. */
export interface Resolved {
    readonly value: Value;
    readonly used: number;
}
/** What is left to spend on all evaluations that share it; each of them has a limit of its own besides. */
export interface Effort {
    steps: number;
}
/** Enough for every expression of a real template, many times over. */
export declare function createEffort(): Effort;
/** The value of an expression in a scope: known, or unknown with the reason. Never throws; bounded in time and size. */
export declare function evaluate(expression: Expression, scope: Scope, effort?: Effort): Value;
