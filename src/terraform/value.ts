import type { Span } from '../source/source-file.ts';

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

/**
 * Terraform's type of a value, which decides how values are converted to each other. `any` is the type
 * of a bare `null` and of what an empty collection holds: it yields to every other. `unsure` is a type
 * that Terraform knows and this program does not.
 */
export type Type =
  | 'any'
  | 'unsure'
  | 'string'
  | 'number'
  | 'bool'
  | { readonly kind: 'list' | 'set' | 'map'; readonly element: Type }
  | { readonly kind: 'tuple'; readonly elements: readonly Type[] }
  | { readonly kind: 'object'; readonly attributes: ReadonlyMap<string, Type> };

export const NULL: Value = { kind: 'null' };
export const TRUE: Value = { kind: 'bool', value: true };
export const FALSE: Value = { kind: 'bool', value: false };

export function bool(value: boolean): Value {
  return value ? TRUE : FALSE;
}

export function number(value: number): Value {
  return { kind: 'number', value };
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

/** The elements of a collection, in no order that means anything; nothing for other values. */
export function partsOf(value: Value): Iterable<Value> {
  if (value.kind === 'list' || value.kind === 'set') return value.elements;
  return value.kind === 'object' ? value.entries.values() : [];
}

const NUMERIC = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

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

/** A number as Terraform writes it: never with an exponent, and `-0` with its sign. */
export function formatNumber(value: number): string {
  if (Object.is(value, -0)) return '-0';
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
  const digits = text.replace(/[eE].*$/, '').replace(/^[+-]?0*\.?0*|\./g, '');
  const exact = digits.length <= 15 || Number.isSafeInteger(value);
  if (!Number.isFinite(value)) return null;
  return exact ? number(value) : approximately(value);
}

/** A number whose last digits may differ from Terraform's: unknown, but good for comparing and rounding at a distance. */
export function approximately(near: number): Value {
  const reason = { text: 'its last digits are not known', span: null, error: false };
  return { kind: 'unknown', reason, type: 'number', near };
}

/** The number that a value is or is near to, else null. */
export function nearOf(value: Value): number | null {
  if (value.kind === 'number') return value.value;
  return value.kind === 'unknown' ? (value.near ?? null) : null;
}

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

function every(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
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

/** Whether two types are one, or null where that is not certain. */
function sameType(a: Type, b: Type): boolean | null {
  if (a === 'unsure' || b === 'unsure') return null;
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if (a.kind !== b.kind) return false;
  const [left, right] = [partTypes(a), partTypes(b)];
  if (left.length !== right.length) return false;
  if (a.kind === 'object' && b.kind === 'object') {
    return every([...a.attributes].map(([name, type]) => sameType(type, b.attributes.get(name) ?? 'any')));
  }
  return every(left.map((type, at) => sameType(type, right[at] as Type)));
}

/** Whether Terraform converts one type to the other where it meets no value that forbids it; null where that is not certain. */
function canConvert(from: Type, to: Type): boolean | null {
  if (from === 'any' || to === 'any') return true;
  if (from === 'unsure' || to === 'unsure') return null;
  if (typeof from === 'string' && typeof to === 'string') {
    return from === to || from === 'string' || to === 'string';
  }
  if (typeof from === 'string' || typeof to === 'string') return false;
  const isSequence = ({ kind }: Structure) => kind === 'list' || kind === 'set' || kind === 'tuple';
  if (isSequence(from) !== isSequence(to)) return false;
  if (sameType(from, to) === true) return true;
  const isCollection = ({ kind }: Structure) => kind === 'list' || kind === 'set' || kind === 'map';
  if (!isCollection(from) || !isCollection(to)) return null;
  return canConvert(partTypes(from)[0] as Type, partTypes(to)[0] as Type);
}

type Structure = Exclude<Type, string>;

/**
 * The one type that values of these types are converted to where Terraform wants one: the branches of a
 * conditional, the elements of a list (cty, convert/unify.go). Null where it refuses; `unsure` where
 * this program does not follow.
 */
export function unifyTypes(types: readonly Type[]): Type | null {
  const decisive = types.filter((type) => type !== 'any');
  const unified = unifyDecisive(decisive);
  // A null next to anything but primitives: Terraform may settle for any type at all, or refuse.
  const isMixed = decisive.length > 0 && decisive.length < types.length;
  if (isMixed && typeof unified !== 'string') return 'unsure';
  // Sure types that lead to an unsure one inside: whether Terraform takes or refuses them is open as a whole.
  return unified !== null && !isSure(unified) && types.every(isSure) ? 'unsure' : unified;
}

function unifyDecisive(types: readonly Type[]): Type | null {
  const primitives = types.filter((type) => typeof type === 'string' && type !== 'unsure');
  const structures = types.filter((type): type is Structure => typeof type !== 'string');
  if (primitives.length > 0 && structures.length > 0) return null;
  if (types.includes('unsure')) return 'unsure';
  if (types.length === 0) return 'any';
  if (structures.length > 0) return unifyStructures(structures);
  const kinds = new Set(primitives);
  if (kinds.size === 1) return primitives[0] as Type;
  return kinds.has('string') ? 'string' : null;
}

/**
 * What follows when values have no type in common: Terraform refuses them, unless one is not known,
 * for that one might fail or be something else.
 */
export function refuseMixture(values: readonly Value[], text: string): Value {
  const open = values.map(firstUnknown).find((each) => each !== null && !each.reason.error);
  return open ? unknown(open.reason.text, open.reason.span) : invalid(text);
}

/** Whether no part of a type is unsure. */
export function isSure(type: Type): boolean {
  return typeof type === 'string' ? type !== 'unsure' : partTypes(type).every(isSure);
}

/** Whether it is certain what a conversion to the type does: no part is unsure, and none may be anything. */
export function isCertain(type: Type): boolean {
  if (typeof type === 'string') return type !== 'unsure';
  return partTypes(type).every((part) => part !== 'any' && isCertain(part));
}

function unifyStructures(types: readonly Structure[]): Type | null {
  const kinds = new Set(types.map((type) => type.kind));
  const only = (...allowed: Structure['kind'][]) => [...kinds].every((kind) => allowed.includes(kind));
  if (only('set')) return collection('set', types);
  if (only('tuple')) return unifyTuples(types);
  if (only('tuple', 'list')) return collection('list', types);
  if (only('object')) return unifyObjects(types);
  if (only('object', 'map')) return collection('map', types);
  return only('tuple', 'list', 'set') ? 'unsure' : null;
}

function unifyTuples(types: readonly Structure[]): Type | null {
  const tuples = types.map(partTypes);
  const [first] = tuples;
  if (first === undefined || tuples.some((tuple) => tuple.length !== first.length))
    return collection('list', types);
  const elements = first.map((_, at) => unifyTypes(tuples.map((tuple) => tuple[at] as Type)));
  return isComplete(elements) ? { kind: 'tuple', elements } : null;
}

function unifyObjects(types: readonly Structure[]): Type | null {
  const objects = types.map((type) => (type.kind === 'object' ? type.attributes : new Map<string, Type>()));
  const [first] = objects;
  const names = [...(first?.keys() ?? [])];
  const alike = objects.every(
    (attributes) => attributes.size === names.length && names.every((name) => attributes.has(name)),
  );
  if (!alike) return collection('map', types);
  const unified = names.map((name) => unifyTypes(objects.map((attributes) => attributes.get(name) as Type)));
  if (!isComplete(unified)) return null;
  return { kind: 'object', attributes: new Map(names.map((name, at) => [name, unified[at] as Type])) };
}

function isComplete(types: readonly (Type | null)[]): types is readonly Type[] {
  return !types.includes(null);
}

function collection(kind: 'list' | 'set' | 'map', types: readonly Structure[]): Type | null {
  const element = unifyTypes(types.flatMap(partTypes));
  return element === null ? null : { kind, element };
}

function partTypes(type: Structure): readonly Type[] {
  if (type.kind === 'tuple') return type.elements;
  return type.kind === 'object' ? [...type.attributes.values()] : [type.element];
}

/** A value converted to a type, as Terraform does for arguments; `invalid` where it cannot be. */
export function convertValue(value: Value, type: Type): Value {
  if (type === 'any') return value;
  if (type === 'unsure') return weaken(value);
  if (value.kind === 'null') return convertNull(value.type ?? 'unsure', type);
  if (value.kind === 'unknown') return convertUnknown(value, type);
  if (typeof type === 'string') return PRIMITIVES[type](value);
  switch (type.kind) {
    case 'list':
    case 'set':
      return convertToSequence(value, type.kind, type.element);
    case 'tuple':
      return convertToTuple(value, type.elements);
    case 'map':
      return convertToMap(value, type.element);
    case 'object':
      return convertToObject(value, type.attributes);
  }
}

function convertUnknown(value: Value & { kind: 'unknown' }, type: Type): Value {
  if (value.reason.error || value.type === type) return value;
  const { text, span } = value.reason;
  return canConvert(value.type ?? 'unsure', type) === false
    ? invalid('a value of another type is required', span)
    : unknown(text, span, type);
}

/** Nulls have types too: `tonumber(tobool(null))` is refused. */
function convertNull(from: Type, to: Type): Value {
  const isPossible = from === 'unsure' ? true : canConvert(from, to);
  if (isPossible === true) return { kind: 'null', type: to };
  return isPossible === null
    ? unknown('whether a null of that type can be converted is not known')
    : invalid('a null of another type is given');
}

function convertToSequence(value: Value, kind: 'list' | 'set', element: Type): Value {
  if (value.kind !== 'list' && value.kind !== 'set') return refused(value, `a ${kind}`);
  const elements = inOrder(value);
  if (elements === null && kind === 'list') return unknown('the order of such a set is not known');
  const obstacle = obstacleInEmpty(value, value.elements.length, element);
  if (obstacle !== null) return obstacle;
  const known = element === 'unsure' ? undefined : element;
  return gather(
    (elements ?? value.elements).map((part) => convertValue(part, element)),
    (parts) => (kind === 'list' ? list(parts, 'list', known) : set(parts, known)),
  );
}

function convertToMap(value: Value, element: Type): Value {
  if (value.kind !== 'object') return refused(value, 'a map');
  const obstacle = obstacleInEmpty(value, value.entries.size, element);
  if (obstacle !== null) return obstacle;
  const names = [...value.entries.keys()];
  const known = element === 'unsure' ? undefined : element;
  return gather(
    [...value.entries.values()].map((part) => convertValue(part, element)),
    (parts) => object(zip(names, parts), 'map', known),
  );
}

/** An empty list of lists is no list of strings either, though it holds nothing that says so. */
function obstacleInEmpty({ element }: { readonly element?: Type }, size: number, wanted: Type): Value | null {
  if (size > 0 || element === undefined) return null;
  const isPossible = canConvert(element, wanted);
  if (isPossible === true || wanted === 'unsure') return null;
  return isPossible === null
    ? unknown('whether what the empty collection would hold can be converted is not known')
    : invalid('the collection is empty, but of a type that cannot be converted');
}

function convertToTuple(value: Value, types: readonly Type[]): Value {
  if (value.kind !== 'list' || value.elements.length !== types.length) return refused(value, 'a tuple');
  if (value.shape === undefined) return unknown('whether it is a list or a tuple is not known');
  if (value.shape === 'list') return refused(value, 'a tuple');
  return gather(
    value.elements.map((element, at) => convertValue(element, types[at] as Type)),
    (parts) => list(parts, 'tuple'),
  );
}

/** Attributes that the type does not have are dropped, and those that it has must be there. */
function convertToObject(value: Value, attributes: ReadonlyMap<string, Type>): Value {
  if (value.kind !== 'object') return refused(value, 'an object');
  if (value.shape !== 'object') return unknown('how a map becomes an object is not evaluated');
  const parts = [...attributes].map(([name, type]) => {
    const part = value.entries.get(name);
    return part === undefined ? invalid(`the attribute "${name}" is required`) : convertValue(part, type);
  });
  return gather(parts, (converted) => object(zip([...attributes.keys()], converted), 'object'));
}

function zip(names: readonly string[], parts: readonly Value[]): [string, Value][] {
  return names.map((name, at) => [name, parts[at] as Value]);
}

/** A collection of parts, or the first of them that Terraform refuses. */
function gather(parts: readonly Value[], collect: (parts: readonly Value[]) => Value): Value {
  return parts.find(isInvalid) ?? collect(parts);
}

const PRIMITIVES: Record<'string' | 'number' | 'bool', (value: Value) => Value> = {
  string: (value) => {
    const text = asString(value);
    return text === null ? refused(value, 'a string') : string(text);
  },
  number: (value) => {
    if (value.kind === 'number') return value;
    if (value.kind !== 'string') return refused(value, 'a number');
    // Go also reads `1p3` and more digits than a double holds.
    if (isNumberForGo(value.value)) return unknown('a number that long is not evaluated', null, 'number');
    return numberFromText(value.value) ?? refused(value, 'a number');
  },
  bool: (value) => {
    const truth = asBool(value);
    return truth === null ? refused(value, 'a bool') : bool(truth);
  },
};

function isNumberForGo(text: string): boolean {
  return /^[+-]?[\d.]*\d[\d.]*[eEpP][+-]?\d+$/.test(text) && asNumber(string(text)) === null;
}

const NAMES: Record<Value['kind'], string> = {
  unknown: 'an unknown value',
  null: 'null',
  bool: 'a bool',
  number: 'a number',
  string: 'a string',
  list: 'a list',
  set: 'a set',
  object: 'an object',
};

function refused(value: Value, wanted: string): Value {
  return invalid(`${wanted} is required and ${NAMES[value.kind]} is given`);
}

/**
 * What is left of a value when it is converted to a type that is not known: a string stays what it is
 * (in Terraform the others become strings), a number may become text, a list may become a set.
 */
function weaken(value: Value): Value {
  switch (value.kind) {
    case 'bool':
    case 'number':
      return unknown('its type follows from a value that is not known');
    case 'list':
      return value.elements.length === 0
        ? list([])
        : unknown('its type follows from a value that is not known');
    case 'set':
      return value.elements.every((element) => element.kind === 'string')
        ? value
        : unknown('its type follows from a value that is not known');
    case 'object':
      return object([...value.entries].map(([key, part]) => [key, weaken(part)]));
    default:
      return value;
  }
}
