import { convertValue } from '../convert.ts';
import { entriesInOrder } from '../order.ts';
import { canConvert, every, isCertain, sameType, type Type } from '../type.ts';
import {
  asBool,
  invalid,
  isInvalid,
  list,
  numberFromText,
  object,
  string,
  typeOf,
  unknown,
  unknownFrom,
  type Value,
} from '../value.ts';
import type { FunctionTable } from './definition.ts';
import {
  type Entries,
  entries,
  isOfKind,
  type List,
  listOf,
  nullable,
  sequence,
  text,
  textOf,
} from './parameters.ts';

function keys([value]: readonly Value[]): Value {
  const names = entriesInOrder(value as Entries).map(([key]) => string(key));
  return withShape(names, value as Entries, 'string');
}

function values([value]: readonly Value[]): Value {
  const given = value as Entries;
  return withShape(
    entriesInOrder(given).map(([, part]) => part),
    given,
    given.element,
  );
}

/** A list where it comes from a map, a tuple where from an object. */
function withShape(elements: readonly Value[], { shape }: Entries, element: Type | undefined): Value {
  if (shape === undefined) return list(elements);
  return shape === 'map' ? list(elements, 'list', element) : list(elements, 'tuple');
}

function lookup([map, key, fallback]: readonly Value[]): Value {
  const given = map as Entries;
  const name = textOf(key);
  const converted = fallback && convertFallback(given, fallback);
  // A fallback of a wrong type is refused even where the key is there.
  if (converted !== undefined && isInvalid(converted)) return converted;
  return given.entries.get(name) ?? converted ?? invalid(`the map has no key "${name}"`);
}

/** The fallback of a lookup: as it is for an object, converted to the type of the elements for a map. */
function convertFallback(given: Entries, fallback: Value): Value {
  if (given.shape === 'object') return fallback;
  const type = typeOf({ ...given, shape: 'map' });
  const element = typeof type === 'object' && type.kind === 'map' ? type.element : 'unsure';
  if (given.shape === 'map' && isCertain(element)) return convertValue(fallback, element);
  if (given.shape === 'map' && canConvert(typeOf(fallback), element) === false)
    return invalid('the fallback is of another type than the elements of the map');
  // Whether it is converted is open; these come out the same, or fail.
  const isText =
    fallback.kind === 'string' && numberFromText(fallback.value) === null && asBool(fallback) === null;
  return isText || element === fallback.kind
    ? fallback
    : unknown('the type of the map is not known well enough');
}

/**
 * Arguments of one map type give a map, all others an object. Nulls count by their type, but behind one that
 * may be of any type Terraform looks at no more types (cty, MergeFunc).
 */
function merge(given: readonly Value[]): Value {
  const stranger = given.findIndex(({ kind }) => kind !== 'object' && kind !== 'null');
  if (stranger !== -1) {
    const isUnseen = given.slice(0, stranger).some((value) => !isOfKind(typeOf(value), 'map', 'object'));
    return isUnseen
      ? unknown('what is behind a null is not looked at')
      : invalid('a map or object is required');
  }
  const merged = new Map<string, Value>();
  for (const value of given) {
    if (value.kind !== 'object') continue;
    for (const [key, part] of value.entries) merged.set(key, part);
  }
  const all = given.map(typeOf);
  const types = all.includes('any') ? all.slice(0, all.indexOf('any')) : all;
  const nulls = types.filter((_, at) => given[at]?.kind === 'null');
  if (nulls.some((type) => type !== 'unsure' && !isOfKind(type, 'map', 'object')))
    return invalid('a null that is no map is merged');
  if (nulls.includes('unsure')) return unknown('whether a null is a map is not known');
  const [first, ...others] = types;
  const isOneType = every(others.map((type) => sameType(first as Type, type)));
  if (first === undefined || types.length < all.length || isOneType === false)
    return object(merged, 'object');
  // MergeFunc of cty panics on nulls of one object type, unless it has no attributes.
  if (nulls.length === types.length && isOfKind(first, 'object'))
    return unknown('what nulls of one object type merge into is not evaluated');
  if (types.some((type) => isOfKind(type, 'object'))) return object(merged, 'object');
  const isMap = isOneType === true && typeof first === 'object' && first.kind === 'map';
  return isMap ? object(merged, 'map', first.element) : object(merged);
}

function zipMap([names, values]: readonly Value[]): Value {
  const keyElements = (names as List).elements;
  const { elements, shape, element } = values as List;
  if (keyElements.length !== elements.length) return invalid('zipmap takes as many keys as values');
  if (keyElements.some((key) => key.kind === 'null')) return invalid('a key is null');
  const open = keyElements.find((key) => key.kind === 'unknown');
  if (open !== undefined) return unknownFrom(open);
  const pairs = keyElements.map((key, at) => [textOf(key), elements[at] as Value] as const);
  if (shape === undefined) return object(pairs);
  return shape === 'tuple' ? object(pairs, 'object') : object(pairs, 'map', element);
}

export const MAP_FUNCTIONS = {
  keys: { parameters: [entries], partial: true, run: keys },
  lookup: { parameters: [entries, text, nullable], optional: 1, partial: true, run: lookup },
  merge: { parameters: [], rest: nullable, partial: true, run: merge },
  values: { parameters: [entries], partial: true, run: values },
  zipmap: { parameters: [listOf('string'), sequence], partial: true, run: zipMap },
} satisfies FunctionTable;
