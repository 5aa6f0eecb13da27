import type { Span } from '../source/source-file.ts';
import { type Type, unifyTypes } from './type.ts';

/**
 * What an expression is worth before anything runs. Collections may hold unknown elements, so
 * `{ a = var.secret, b = 1 }.b` is known. Sets keep distinct known elements; `inOrder` gives Terraform's order.
 */
export type Value =
  /**
   * `type` where that is certain all the same; `near` for a number whose last digits are open: Terraform
   * counts with 512 bits, and a double may differ from that, as in 10 / 3.
   */
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly type?: Type; readonly near?: number }
  | { readonly kind: 'null'; readonly type?: Type }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** A list or a tuple; `shape` says which, where it is known, and `element` what type a list holds even when empty. */
  | {
      readonly kind: 'list';
      readonly elements: readonly Value[];
      readonly shape?: 'list' | 'tuple';
      readonly element?: Type;
    }
  | { readonly kind: 'set'; readonly elements: readonly Value[]; readonly element?: Type }
  /** An object or a map; `shape` says which, where it is known, and `element` what type a map holds even when empty. */
  | {
      readonly kind: 'object';
      readonly entries: ReadonlyMap<string, Value>;
      readonly shape?: 'map' | 'object';
      readonly element?: Type;
    };

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

/** A number; Terraform keeps the sign of -0, which shows in texts and sets, and nobody writes it. */
export function number(value: number): Value {
  return Object.is(value, -0)
    ? unknown('a negative zero is not evaluated', null, 'number')
    : { kind: 'number', value };
}

/** Below U+0300 every text is in NFC; to ask for more loads Unicode's tables, which takes longer than a whole template. */
const MAY_COMPOSE = /[\u0300-\uffff]/;

/** A string; cty normalizes every one to NFC (cty, NormalizeString), so two ways to write é are equal. */
export function string(value: string): Value {
  return { kind: 'string', value: MAY_COMPOSE.test(value) ? value.normalize('NFC') : value };
}

/** A list or a tuple; without a shape it may be either, and comparing it with another stays unknown. */
export function list(elements: readonly Value[], shape?: 'list' | 'tuple', element?: Type): Value {
  return { kind: 'list', elements, ...(shape && { shape }), ...(element && { element }) };
}

/** An object or a map; without a shape it may be either, and comparing it with another stays unknown. */
export function object(
  entries: Iterable<readonly [string, Value]>,
  shape?: 'map' | 'object',
  element?: Type,
): Value {
  return { kind: 'object', entries: new Map(entries), ...(shape && { shape }), ...(element && { element }) };
}

/** A value that nothing in the files decides; the type where that is certain all the same. */
export function unknown(text: string, span: Span | null = null, type?: Type): Value {
  const reason = { text, span, error: false };
  return type === undefined ? { kind: 'unknown', reason } : { kind: 'unknown', reason, type };
}

/** A value that Terraform would refuse to compute. */
export function invalid(text: string, span: Span | null = null): Value {
  return { kind: 'unknown', reason: { text, span, error: true } };
}

/** Whether Terraform would refuse to compute the value. */
export function isInvalid(value: Value): boolean {
  return value.kind === 'unknown' && value.reason.error;
}

/** Whether a value and everything in it is known. */
export function isWhollyKnown(value: Value): boolean {
  return firstUnknown(value) === null;
}

/** The first unknown in a value or below it, which says why the whole is not known. */
export function firstUnknown(value: Value): (Value & { kind: 'unknown' }) | null {
  if (value.kind === 'unknown') return value;
  for (const part of partsOf(value)) {
    const found = firstUnknown(part);
    if (found !== null) return found;
  }
  return null;
}

/** An unknown in place of a value, for the reason why that one is not known, with the type that is certain. */
export function unknownFrom(value: Value, type?: Type): Value {
  const source = firstUnknown(value);
  if (source === null) return unknown('it is not evaluated', null, type);
  return { kind: 'unknown', reason: source.reason, ...(type && { type }) };
}

/** The elements of a collection, in no order that means anything; nothing for other values. */
export function partsOf(value: Value): Iterable<Value> {
  if (value.kind === 'list' || value.kind === 'set') return value.elements;
  return value.kind === 'object' ? value.entries.values() : [];
}

const NUMERIC = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** The number of a value, converting a numeric string as Terraform does, else null. */
export function asNumber(value: Value): number | null {
  if (value.kind === 'number') return value.value;
  if (value.kind !== 'string' || !NUMERIC.test(value.value)) return null;
  const parsed = Number(value.value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** The text of a value, converting a number or a bool as Terraform does, else null. */
export function asString(value: Value): string | null {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'number') return formatNumber(value.value);
  return value.kind === 'bool' ? String(value.value) : null;
}

/** The truth of a value, converting "true", "false", "1" and "0" as Terraform does, else null. */
export function asBool(value: Value): boolean | null {
  if (value.kind === 'bool') return value.value;
  if (value.kind !== 'string') return null;
  if (value.value === 'true' || value.value === '1') return true;
  return value.value === 'false' || value.value === '0' ? false : null;
}

/** A number as Terraform writes it: never with an exponent. */
export function formatNumber(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent] = match;
  const shift = Number(exponent);
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`;
  return sign + whole + fraction.padEnd(shift, '0');
}

/** A number that was read from decimal text, only near it where the digits do not survive as a double. */
export function numberFromText(text: string): Value | null {
  if (!NUMERIC.test(text)) return null;
  const value = Number(text);
  const digits = text.replace(/[eE].*/s, '').replace(/^[+-]?0*\.?0*|\./g, '');
  if (digits === '') return number(value);
  const isExact = digits.length <= 15 || (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value));
  return isExact && isNormal(value) ? number(value) : approximately(value);
}

/**
 * A number whose last digits may differ from Terraform's: unknown, but good for comparing and rounding at a
 * distance, where a double has all its digits.
 */
export function approximately(near: number): Value {
  if (!isNormal(near)) return unknown('a number of that size is not evaluated', null, 'number');
  const reason = { text: 'its last digits are not known', span: null, error: false };
  return { kind: 'unknown', reason, type: 'number', near };
}

/** Whether a double is far enough from zero and infinity to have all its digits. */
function isNormal(value: number): boolean {
  const size = Math.abs(value);
  return size >= 1e-300 && size <= 1e300;
}

/** The number that a value is or is near to, else null. */
export function nearOf(value: Value): number | null {
  if (value.kind === 'number') return value.value;
  return value.kind === 'unknown' ? (value.near ?? null) : null;
}

/** The type of a value, as far as it is certain. */
export function typeOf(value: Value): Type {
  switch (value.kind) {
    case 'unknown':
      // HCL gives an expression that failed the type `dynamic`, unless it is an operator's.
      return value.type ?? (value.reason.error ? 'any' : 'unsure');
    case 'null':
      return value.type ?? 'unsure';
    case 'list':
      if (value.shape === 'tuple') return { kind: 'tuple', elements: value.elements.map(typeOf) };
      return value.shape === 'list'
        ? { kind: 'list', element: elementType(value, value.elements) }
        : 'unsure';
    case 'set':
      return { kind: 'set', element: elementType(value, value.elements) };
    case 'object':
      if (value.shape === 'object') {
        return {
          kind: 'object',
          attributes: new Map([...value.entries].map(([key, part]) => [key, typeOf(part)])),
        };
      }
      return value.shape === 'map'
        ? { kind: 'map', element: elementType(value, [...value.entries.values()]) }
        : 'unsure';
    default:
      return value.kind;
  }
}

function elementType({ element }: { readonly element?: Type }, elements: readonly Value[]): Type {
  if (element !== undefined) return element;
  return elements.length === 0 ? 'unsure' : (unifyTypes(elements.map(typeOf)) ?? 'unsure');
}
