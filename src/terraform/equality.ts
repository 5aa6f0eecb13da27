import { compareNumbers, inOrder } from './order.ts';
import { every, sameType, type Type } from './type.ts';
import { isWhollyKnown, typeOf, unknown, type Value } from './value.ts';

/**
 * Whether two values are equal to Terraform's `==`, or null where that is not known. Types count:
 * `1 == "1"` is false, and so is `[1] == tolist([1])`.
 */
export function areEqual(a: Value, b: Value): boolean | null {
  if (a.kind === 'unknown' || b.kind === 'unknown') return compareNumbers(a, b) === null ? null : false;
  if (a.kind === 'null' || b.kind === 'null') return a.kind === b.kind;
  return areEqualInside(a, b);
}

function areEqualInside(a: Value, b: Value): boolean | null {
  if (a.kind === 'unknown' || b.kind === 'unknown') return null;
  if (a.kind !== b.kind) {
    // A null of another type makes the types of the collections around differ.
    return false;
  }
  switch (a.kind) {
    case 'null':
      return sameType(typeOf(a), typeOf(b));
    case 'number':
    case 'bool':
    case 'string':
      return a.value === (b as typeof a).value;
    case 'list':
      return areListsEqual(a, b as typeof a);
    case 'set':
      return areSetsEqual(a, b as typeof a);
    case 'object':
      return areObjectsEqual(a, b as typeof a);
  }
}

function areListsEqual(a: Value & { kind: 'list' }, b: Value & { kind: 'list' }): boolean | null {
  if (a.elements.length !== b.elements.length) return false;
  const inside = every(a.elements.map((element, at) => areEqualInside(element, b.elements[at] as Value)));
  if (inside !== true) return inside;
  return haveSameShape(a, b);
}

function areObjectsEqual(a: Value & { kind: 'object' }, b: Value & { kind: 'object' }): boolean | null {
  if (a.entries.size !== b.entries.size) return false;
  const pairs: (boolean | null)[] = [];
  for (const [key, value] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined) return false;
    pairs.push(areEqualInside(value, other));
  }
  const inside = every(pairs);
  if (inside !== true) return inside;
  return haveSameShape(a, b);
}

type Shaped = Value & { kind: 'list' | 'object' };

/** Equal content is equal only in the same type, and only an empty collection hides what it holds. */
function haveSameShape(a: Shaped, b: Shaped): boolean | null {
  if (a.shape === undefined || b.shape === undefined) return null;
  if (a.shape !== b.shape) return false;
  const isEmpty = a.kind === 'list' ? a.elements.length === 0 : a.entries.size === 0;
  const isCollection = a.shape === 'list' || a.shape === 'map';
  return isEmpty && isCollection ? sameType(typeOf(a), typeOf(b)) : true;
}

function areSetsEqual(a: Value & { kind: 'set' }, b: Value & { kind: 'set' }): boolean | null {
  const open = [...a.elements, ...b.elements].some((element) => !isWhollyKnown(element));
  if (open) return null;
  if (a.elements.length !== b.elements.length) return false;
  if (a.elements.length === 0) return sameType(typeOf(a), typeOf(b));
  // Primitives have an order, so that large sets need no comparison of each with each.
  const left = inOrder(a);
  const right = inOrder(b);
  if (left !== null && right !== null) {
    return every(left.map((element, at) => areEqualInside(element, right[at] as Value)));
  }
  return a.elements.length === 1 ? areEqualInside(a.elements[0] as Value, b.elements[0] as Value) : null;
}

/** A set of these values: equal ones fall together, unknown ones stay apart as nobody knows. */
export function set(elements: readonly Value[], element?: Type): Value {
  const distinct = withoutRepeats(elements);
  if (distinct === null) return unknown('it is too large to evaluate');
  return { kind: 'set', elements: distinct, ...(element && { element }) };
}

/** The first of each group of equal values, or null where there are too many to compare. */
export function withoutRepeats(elements: readonly Value[]): Value[] | null {
  const distinct: Value[] = [];
  const structures: Value[] = [];
  const primitives = new Set<string>();
  for (const element of elements) {
    const key = primitiveKey(element);
    if (key !== null ? primitives.has(key) : structures.some((other) => areEqual(other, element) === true)) {
      continue;
    }
    if (key !== null) primitives.add(key);
    else structures.push(element);
    if (structures.length > 1000) return null;
    distinct.push(element);
  }
  return distinct;
}

function primitiveKey(value: Value): string | null {
  if (value.kind === 'null') return 'null';
  if (value.kind === 'number') return `number ${value.value}`;
  return value.kind === 'string' || value.kind === 'bool' ? `${value.kind} ${value.value}` : null;
}
