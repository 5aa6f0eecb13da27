import { convertValue, refuseMixture, unifyParts, unifyValues } from '../convert.ts';
import { isSure } from '../type.ts';
import { invalid, isWhollyKnown, partsOf, typeOf, unknown, unknownFrom, type Value } from '../value.ts';
import type { Definition, FunctionTable, Parameter } from './definition.ts';
import { type Collection, collection, type Entries, entries, MIXED, maybe, nullable } from './parameters.ts';

/** The first argument that is neither null nor an empty text, converted to the type that all have in common. */
function coalesce(given: readonly Value[]): Value {
  const types = given.map(typeOf);
  const type = unifyValues(given);
  // A null of any type lets most of the others stand beside each other as they are (cty, convert.Unify).
  const isLoose = given.some(
    ({ kind }, at) => kind === 'null' && ['any', 'unsure'].includes(types[at] as string),
  );
  if (type === null ? isLoose : type === 'unsure' && types.every(isSure))
    return unknown('the types of the arguments are not brought together');
  if (type === null) return refuseMixture(given, 'the arguments of coalesce have no type in common');
  for (const value of given) {
    const converted = convertValue(value, type);
    if (value.kind === 'unknown' || converted.kind === 'unknown') return unknownFrom(converted);
    if (converted.kind === 'null' || (converted.kind === 'string' && converted.value === '')) continue;
    // An argument further on may yet turn out to have no type in common with a collection.
    if (type === 'unsure' && converted.kind !== 'string')
      return unknown('the types of the arguments are not all known');
    return converted;
  }
  return invalid('all arguments of coalesce are null or empty');
}

const conversion = (type: 'string' | 'number' | 'bool'): Definition => ({
  parameters: [nullable],
  result: type,
  run: ([value]) => convertValue(value as Value, type),
});

/** tolist, toset and tomap: elements are converted to the type that they have in common. */
const collecting = (kind: 'list' | 'set' | 'map', takes: Parameter): Definition => ({
  parameters: [maybe(takes)],
  partial: true,
  run: ([value]) => {
    const given = value as Value;
    if (given.kind === 'null') {
      return convertValue(given, { kind, element: typeOf(given) === 'any' ? 'any' : 'unsure' });
    }
    const collected = given as Collection | Entries;
    const element = unifyParts(collected);
    if (element === null) return refuseMixture([given], 'the elements have no type in common');
    const isEmpty = [...partsOf(collected)].length === 0;
    if (element === 'unsure' && isWhollyKnown(given) && !isEmpty) return MIXED;
    return convertValue(given, { kind, element });
  },
});

export const TYPE_FUNCTIONS = {
  coalesce: { parameters: [nullable], rest: nullable, decides: true, partial: true, run: coalesce },
  nonsensitive: { parameters: [nullable], partial: true, run: ([value]) => value as Value },
  sensitive: { parameters: [nullable], partial: true, run: ([value]) => value as Value },
  tobool: conversion('bool'),
  tolist: collecting('list', collection),
  tomap: collecting('map', entries),
  tonumber: conversion('number'),
  toset: collecting('set', collection),
  tostring: conversion('string'),
} satisfies FunctionTable;
