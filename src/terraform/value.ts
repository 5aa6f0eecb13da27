import type { Span } from '../source/source-file.ts';

/**
 * What an expression is worth before anything runs. Collections may hold unknown elements, so
 * `{ a = var.secret, b = 1 }.b` is known. Sets keep distinct known elements in order of first appearance.
 */
export type Value =
  | { readonly kind: 'unknown'; readonly reason: UnknownReason }
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** A list or a tuple. */
  | { readonly kind: 'list'; readonly elements: readonly Value[] }
  | { readonly kind: 'set'; readonly elements: readonly Value[] }
  /** An object or a map. */
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Value> };

/** Why a value is unknown, in words that finish the sentence "cannot be known because …". */
export interface UnknownReason {
  readonly text: string;
  /** The expression that could not be known, where there is one. */
  readonly span: Span | null;
  /** True when Terraform itself would refuse the expression (wrong type, missing key), so that `try` and `can` see an error. */
  readonly error: boolean;
}

export const NULL: Value = { kind: 'null' };
export const TRUE: Value = { kind: 'bool', value: true };
export const FALSE: Value = { kind: 'bool', value: false };

export function bool(value: boolean): Value {
  return value ? TRUE : FALSE;
}

export function number(value: number): Value {
  return { kind: 'number', value };
}

export function string(value: string): Value {
  return { kind: 'string', value };
}

export function list(elements: readonly Value[]): Value {
  return { kind: 'list', elements };
}

export function object(entries: Iterable<readonly [string, Value]>): Value {
  return { kind: 'object', entries: new Map(entries) };
}

/** A value that nothing in the files decides. */
export function unknown(text: string, span: Span | null = null): Value {
  return { kind: 'unknown', reason: { text, span, error: false } };
}

/** A value that Terraform would refuse to compute. */
export function invalid(text: string, span: Span | null = null): Value {
  return { kind: 'unknown', reason: { text, span, error: true } };
}

/** Whether a value and everything in it is known. */
export function isWhollyKnown(value: Value): boolean {
  switch (value.kind) {
    case 'unknown':
      return false;
    case 'list':
    case 'set':
      return value.elements.every(isWhollyKnown);
    case 'object':
      return [...value.entries.values()].every(isWhollyKnown);
    default:
      return true;
  }
}

/** The number of a value, converting a numeric string as Terraform does, else null. */
export function asNumber(value: Value): number | null {
  if (value.kind === 'number') return value.value;
  if (value.kind === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value.value)) return Number(value.value);
  return null;
}

/** The text of a value, converting a number or a bool as Terraform does, else null. */
export function asString(value: Value): string | null {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'number') return formatNumber(value.value);
  return value.kind === 'bool' ? String(value.value) : null;
}

/** The truth of a value, converting "true" and "false" as Terraform does, else null. */
export function asBool(value: Value): boolean | null {
  if (value.kind === 'bool') return value.value;
  if (value.kind === 'string' && (value.value === 'true' || value.value === 'false')) {
    return value.value === 'true';
  }
  return null;
}

/** A number as Terraform writes it: no exponent below 1e21. */
export function formatNumber(value: number): string {
  return Object.is(value, -0) ? '0' : String(value);
}
