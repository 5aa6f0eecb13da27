import { asBool, asNumber, asString, nearOf, type Value } from './value.ts';

/** Compares texts as Terraform sorts them: by bytes of UTF-8, which is by code points. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = codePointRank(a.charCodeAt(at)) - codePointRank(b.charCodeAt(at));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, though their own numbers do not. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/**
 * Below zero, zero or above as two numbers compare. Null where one is no number, or where they are too
 * close to each other for what is known of them.
 */
export function compareNumbers(a: Value, b: Value): number | null {
  const [left, right] = [nearOf(a), nearOf(b)];
  if (left === null || right === null) return null;
  const difference = left - right;
  const isExact = a.kind === 'number' && b.kind === 'number';
  const isClose = Math.abs(difference) <= Math.max(Math.abs(left), Math.abs(right)) * 1e-9;
  return !isExact && isClose ? null : difference;
}

/** The entries of an object in the order in which Terraform visits them: by key. */
export function entriesInOrder(value: Value & { kind: 'object' }): [string, Value][] {
  return [...value.entries].sort(([a], [b]) => compareText(a, b));
}

/**
 * The elements of a list or set in the order in which Terraform visits them, or null where that order
 * is not known: sets of anything but strings, numbers or bools are ordered by a hash (cty, set_internals.go).
 */
export function inOrder(value: Value & { kind: 'list' | 'set' }): readonly Value[] | null {
  const { elements } = value;
  if (value.kind === 'list' || elements.length < 2) return elements;
  const known = elements.filter((element) => element.kind !== 'null');
  const [first] = known;
  if (first === undefined || known.some((element) => element.kind !== first.kind)) return null;
  const order = ORDERS[first.kind];
  if (order === undefined) return null;
  return [...known.sort(order), ...elements.filter((element) => element.kind === 'null')];
}

const ORDERS: Partial<Record<Value['kind'], (a: Value, b: Value) => number>> = {
  string: (a, b) => compareText(asString(a) ?? '', asString(b) ?? ''),
  number: (a, b) => (asNumber(a) ?? 0) - (asNumber(b) ?? 0),
  bool: (a, b) => Number(asBool(a)) - Number(asBool(b)),
};
