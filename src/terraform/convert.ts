import { set } from './equality.ts';
import { inOrder } from './order.ts';
import { canConvert, type Type, unifyTypes } from './type.ts';
import {
  asBool,
  asNumber,
  asString,
  bool,
  firstUnknown,
  invalid,
  isInvalid,
  list,
  NULL,
  numberFromText,
  object,
  partsOf,
  string,
  typeOf,
  unknown,
  type Value,
} from './value.ts';

type Collection = Value & { kind: 'list' | 'set' | 'object' };

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

/** An empty list of lists is no list of strings either, though it holds nothing that says so; an empty tuple is. */
function obstacleInEmpty(value: Collection, size: number, wanted: Type): Value | null {
  if (size > 0 || isLiteral(value)) return null;
  const isPossible = canConvert(value.element ?? 'unsure', wanted);
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
    if (isNumberForGo(value.value)) return unknown('such a number is not evaluated');
    return numberFromText(value.value) ?? refused(value, 'a number');
  },
  bool: (value) => {
    const truth = asBool(value);
    return truth === null ? refused(value, 'a bool') : bool(truth);
  },
};

/** Whether Go alone reads a text as a number: `1p3`, infinity, and more digits than a double holds. */
function isNumberForGo(text: string): boolean {
  if (/^[+-]?[iI]nf$/.test(text)) return true;
  return /^[+-]?\.*\d[\d.]*[eEpP][+-]?\d+$/.test(text) && asNumber(string(text)) === null;
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
 * (in Terraform the others become strings), a number may become text, a list a set, and a set a list.
 */
function weaken(value: Value): Value {
  switch (value.kind) {
    case 'bool':
    case 'number':
    case 'set':
      return unknown('its type follows from a value that is not known');
    case 'list':
      return value.elements.length === 0
        ? list([])
        : unknown('its type follows from a value that is not known');
    case 'object':
      return object([...value.entries].map(([key, part]) => [key, weaken(part)]));
    case 'null':
      return NULL;
    default:
      return value;
  }
}

/**
 * The one type that values are converted to where Terraform wants one, as `unifyTypes` says it; null also
 * where a value whose type is not known is certain to be of another family.
 */
export function unifyValues(values: readonly Value[]): Type | null {
  const families = new Set(values.map(familyOf).filter((family) => family !== null));
  return families.size > 1 ? null : unifyTypes(values.map(typeOf));
}

/** The one type of what a collection holds, or null; an empty one tells it only where it is a tuple or object. */
export function unifyParts(value: Collection): Type | null {
  const parts = [...partsOf(value)];
  return value.element ?? (parts.length === 0 && !isLiteral(value) ? 'unsure' : unifyValues(parts));
}

function isLiteral(value: Collection): boolean {
  return value.kind !== 'set' && (value.shape === 'tuple' || value.shape === 'object');
}

/** Whether a value is primitive, has elements, or has keys; null where that is not certain. */
function familyOf(value: Value): 'primitive' | 'sequence' | 'mapping' | null {
  if (value.kind === 'list' || value.kind === 'set') return 'sequence';
  if (value.kind === 'object') return 'mapping';
  const type = typeOf(value);
  if (type === 'any' || type === 'unsure') return null;
  if (typeof type === 'string') return 'primitive';
  return type.kind === 'map' || type.kind === 'object' ? 'mapping' : 'sequence';
}

/**
 * What follows when values have no type in common: Terraform refuses them, unless one is not known,
 * for that one might fail or be something else.
 */
export function refuseMixture(values: readonly Value[], text: string): Value {
  const open = values.map(firstUnknown).find((each) => each !== null && !each.reason.error);
  return open ? unknown(open.reason.text, open.reason.span) : invalid(text);
}
