import { convertValue, refuseMixture } from '../convert.ts';
import { set } from '../equality.ts';
import { unifyTypes } from '../type.ts';
import { isWhollyKnown, unknown, unknownFrom, type Value } from '../value.ts';
import { type Definition, type FunctionTable, TOO_LARGE } from './definition.ts';
import { jsonOf } from './encoding.ts';
import { type Collection, collection, elementTypeOf, MIXED, uniform } from './parameters.ts';

/** A function of sets; their elements are first converted to the type that all have in common. */
const sets = (
  combine: (first: readonly Value[], others: readonly (readonly Value[])[]) => readonly Value[],
): Definition['run'] => {
  return (given) => {
    const lists = given.map((each) => uniform(each));
    const open = lists.find((each) => each.kind === 'unknown');
    if (open !== undefined) return open;
    const types = lists.map(elementTypeOf);
    // cty panics where some sets hold nulls of any type and others do not.
    const hasBareNulls = given.some(
      (each, at) => types[at] === 'any' && (each as Collection).elements.length > 0,
    );
    if (hasBareNulls && types.some((each) => each !== 'any'))
      return unknown('how sets of nulls are brought together is not evaluated');
    const type = unifyTypes(types);
    if (type === null) return refuseMixture(given, 'the elements of the sets have no type in common');
    if (type === 'unsure') return MIXED;
    const converted = given.map((each) => convertValue(each, { kind: 'set', element: type }));
    const failure = converted.find((each) => each.kind === 'unknown' || !isWhollyKnown(each));
    if (failure !== undefined) return unknownFrom(failure);
    const [first = [], ...others] = converted.map((each) => (each as Collection).elements);
    if (
      first.length * others.length > 10_000 &&
      first.some((each) => each.kind === 'object' || each.kind === 'list')
    )
      return TOO_LARGE;
    return set(combine(first, others), type);
  };
};

/** Tells quickly whether a list of primitives holds a value. */
function membership(elements: readonly Value[]): (value: Value) => boolean {
  const known = new Set(elements.map(identityOf));
  return (value) => known.has(identityOf(value));
}

/** A text that equal values of one type have in common. */
function identityOf(value: Value): string {
  return `${value.kind} ${jsonOf(value)}`;
}

export const SET_FUNCTIONS = {
  setintersection: {
    parameters: [collection],
    rest: collection,
    run: sets((first, others) => {
      const tests = others.map(membership);
      return first.filter((value) => tests.every((has) => has(value)));
    }),
  },
  setsubtract: {
    parameters: [collection, collection],
    run: sets((first, [second = []]) => {
      const has = membership(second);
      return first.filter((value) => !has(value));
    }),
  },
  setunion: {
    parameters: [collection],
    rest: collection,
    run: sets((first, others) => [...first, ...others.flat()]),
  },
} satisfies FunctionTable;
