import { amountOf } from '../arithmetic.ts';
import { convertValue, unifyValues } from '../convert.ts';
import { areEqual, withoutRepeats } from '../equality.ts';
import { compareText, inOrder } from '../order.ts';
import { type Type, unifyTypes } from '../type.ts';
import {
  asBool,
  bool,
  FALSE,
  invalid,
  isWhollyKnown,
  list,
  number,
  TRUE,
  unknown,
  unknownFrom,
  type Value,
} from '../value.ts';
import { type Definition, type FunctionTable, TOO_LARGE } from './definition.ts';
import {
  anything,
  type Collection,
  collection,
  elementTypeOf,
  type List,
  listOf,
  orNullOf,
  sequence,
  textOf,
  uniform,
  whole,
} from './parameters.ts';
import { isPlain, notPlain } from './texts.ts';

function length([value]: readonly Value[]): Value {
  const given = value as Value;
  if (given.kind === 'list') return number(given.elements.length);
  if (given.kind === 'object') return number(given.entries.size);
  if (given.kind === 'string') {
    return isPlain(given.value) ? number(given.value.length) : notPlain('number');
  }
  if (given.kind !== 'set') return invalid('length takes a text or a collection');
  return sizeOfSet(given) ?? unknownFrom(given, 'number');
}

/** Unknown elements may fall together with others; one alone cannot. */
function sizeOfSet(given: Value & { kind: 'set' }): Value | null {
  return given.elements.length < 2 || isWhollyKnown(given) ? number(given.elements.length) : null;
}

function contains([values, wanted]: readonly Value[]): Value {
  let open: Value | null = null;
  for (const element of (values as Collection).elements) {
    const equal = areEqual(element, wanted as Value);
    if (equal === true) return TRUE;
    if (equal === null) open ??= element;
  }
  return open === null ? FALSE : unknownFrom(open, 'bool');
}

function indexOf([values, wanted]: readonly Value[]): Value {
  for (const [at, element] of (values as List).elements.entries()) {
    const equal = areEqual(element, wanted as Value);
    if (equal === true) return number(at);
    if (equal === null) return unknownFrom(element, 'number');
  }
  return invalid('the list does not hold the value');
}

function element([values, index]: readonly Value[]): Value {
  const { elements } = values as List;
  const at = amountOf(index);
  if (elements.length === 0) return invalid('element takes a list that is not empty');
  // Terraform up to 1.11 refuses a negative index; later ones count from the end.
  return at < 0 ? unknown('a negative index is not evaluated') : (elements[at % elements.length] as Value);
}

function slice([values, from, to]: readonly Value[]): Value {
  const { elements, shape, element } = values as List;
  const start = amountOf(from);
  const end = amountOf(to);
  return start >= 0 && start <= end && end <= elements.length
    ? list(elements.slice(start, end), shape, element)
    : invalid('the slice lies outside the list');
}

function concat(given: readonly Value[]): Value {
  const lists = given as readonly List[];
  const elements = lists.flatMap((each) => each.elements);
  if (lists.some(({ shape }) => shape === 'tuple')) return list(elements, 'tuple');
  if (lists.length === 1) return lists[0] as Value;
  if (lists.every(({ shape }) => shape === 'list')) {
    const type = unifyTypes(lists.map(elementTypeOf));
    if (type === null) return unknown('the type of the list is not known');
    return convertValue(list(elements), { kind: 'list', element: type });
  }
  // Where they may be tuples only what is the same in both cases is known.
  const kinds = new Set(elements.map(({ kind }) => kind));
  const isOneKind = kinds.size <= 1 && isPrimitiveType(unifyValues(elements) ?? undefined);
  return isOneKind ? list(elements) : list(elements.map((part) => convertValue(part, 'unsure')));
}

function flatten([value]: readonly Value[]): Value {
  const elements: Value[] = [];
  const open = flattenInto(elements, value as Collection);
  return open ?? list(elements, 'tuple');
}

function flattenInto(elements: Value[], value: Collection): Value | null {
  const ordered = inOrder(value);
  if (ordered === null) return unknown('the order of such a set is not known');
  for (const part of ordered) {
    if (part.kind === 'unknown' && !isPrimitiveType(part.type)) return unknownFrom(part);
    if (part.kind === 'list' || part.kind === 'set') {
      const open = flattenInto(elements, part);
      if (open !== null) return open;
    } else {
      elements.push(part);
    }
  }
  return null;
}

function isPrimitiveType(type: Type | undefined): boolean {
  return type === 'string' || type === 'number' || type === 'bool';
}

function distinct([values]: readonly Value[]): Value {
  const { elements } = values as List;
  const kept = withoutRepeats(elements);
  return kept === null ? TOO_LARGE : list(kept, 'list', (values as List).element);
}

function one([values]: readonly Value[]): Value {
  const given = values as Collection;
  if (given.kind === 'set' && sizeOfSet(given) === null) return unknownFrom(given);
  if (given.elements.length > 1) return invalid('one takes at most one element');
  const type = given.kind === 'list' && given.shape === 'tuple' ? 'any' : given.element;
  return given.elements[0] ?? { kind: 'null', ...(type && { type }) };
}

function compact([values]: readonly Value[]): Value {
  const kept = (values as List).elements.filter(
    (element) => element.kind !== 'null' && textOf(element) !== '',
  );
  return list(kept, 'list', 'string');
}

function sort([values]: readonly Value[]): Value {
  const { elements } = values as List;
  if (elements.some((each) => each.kind === 'null')) return invalid('an element to sort is null');
  return list(
    [...elements].sort((a, b) => compareText(textOf(a), textOf(b))),
    'list',
    'string',
  );
}

function reverse([values]: readonly Value[]): Value {
  const given = values as Collection;
  const elements = inOrder(given);
  if (elements === null || (given.kind === 'set' && !isWhollyKnown(given)))
    return unknown('the order of such a set is not known');
  return list([...elements].reverse(), given.kind === 'list' ? given.shape : 'list', given.element);
}

const truths =
  (deciding: boolean): Definition['run'] =>
  ([values]) => {
    const { elements } = values as List;
    // A null is not true: it makes alltrue false and leaves anytrue alone (lang/funcs/collection.go).
    const decides = (element: Value) =>
      deciding ? asBool(element) === true : element.kind === 'null' || asBool(element) === false;
    if (elements.some(decides)) return bool(deciding);
    const open = elements.find((element) => element.kind === 'unknown');
    return open === undefined ? bool(!deciding) : unknownFrom(open, 'bool');
  };

function chunk([values, size]: readonly Value[]): Value {
  const { elements, element } = values as List;
  const width = amountOf(size);
  const type: Type | undefined = element && { kind: 'list', element };
  if (width < 0) return invalid('the size of a chunk is negative');
  if (elements.length === 0) return list([], 'list', type);
  const step = width === 0 ? elements.length : width;
  const chunks: Value[] = [];
  for (let at = 0; at < elements.length; at += step)
    chunks.push(list(elements.slice(at, at + step), 'list', element));
  return list(chunks, 'list', type);
}

function coalesceList(given: readonly Value[]): Value {
  for (const value of given) {
    if (value.kind === 'list' && value.elements.length > 0) return value;
  }
  return invalid('all arguments of coalescelist are empty');
}

export const LIST_FUNCTIONS = {
  alltrue: { parameters: [listOf('bool')], result: 'bool', partial: true, run: truths(false) },
  anytrue: { parameters: [listOf('bool')], result: 'bool', partial: true, run: truths(true) },
  chunklist: { parameters: [uniform, whole], partial: true, run: chunk },
  coalescelist: {
    parameters: [orNullOf(sequence, 'list', 'tuple')],
    rest: orNullOf(sequence, 'list', 'tuple'),
    partial: true,
    run: coalesceList,
  },
  compact: { parameters: [listOf('string')], run: compact },
  concat: { parameters: [sequence], rest: sequence, partial: true, run: concat },
  contains: { parameters: [collection, anything], result: 'bool', partial: true, run: contains },
  distinct: { parameters: [uniform], run: distinct },
  element: { parameters: [sequence, whole], partial: true, run: element },
  flatten: { parameters: [collection], partial: true, run: flatten },
  index: { parameters: [sequence, anything], result: 'number', partial: true, run: indexOf },
  length: { parameters: [anything], result: 'number', partial: true, run: length },
  one: { parameters: [collection], partial: true, run: one },
  reverse: { parameters: [collection], partial: true, run: reverse },
  slice: { parameters: [sequence, whole, whole], partial: true, run: slice },
  sort: { parameters: [listOf('string')], run: sort },
} satisfies FunctionTable;
