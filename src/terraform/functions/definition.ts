import type { Type } from '../type.ts';
import { unknown, type Value } from '../value.ts';

/** How one of Terraform's functions is called and computed. */
export interface Definition {
  readonly parameters: readonly Parameter[];
  /** What further arguments must be, for a function that takes any number of them. */
  readonly rest?: Parameter;
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** The type of the result where it is the same for all arguments. */
  readonly result?: Type;
  /** True when arguments may hold unknown elements. */
  readonly partial?: boolean;
  /** True when an argument may be a number whose last digits are open. */
  readonly near?: boolean;
  /** True when the function also takes arguments that are unknown themselves. */
  readonly decides?: boolean;
  readonly run: (values: readonly Value[], charge: Charge) => Value;
}

/** What an argument must be: the value converted as the function takes it, or `invalid`. */
export type Parameter = (value: Value) => Value;

/** Takes steps off what an evaluation may cost; false when none are left. */
export type Charge = (steps: number) => boolean;

/** What a function gives instead of a result that would be larger than the lengths below. */
export const TOO_LARGE = unknown('it is too large to evaluate');
/** UTF-16 units of a text. */
export const LONGEST_TEXT = 1 << 20;
/** Elements of a list. */
export const LONGEST_LIST = 100_000;

/** The functions of one family, by their names in Terraform. */
export type FunctionTable = Readonly<Record<string, Definition>>;
