import { convertValue, refuseMixture, unifyParts } from '../convert.ts';
import type { Structure, Type } from '../type.ts';
import { asString, invalid, isWhollyKnown, string, typeOf, unknown, type Value } from '../value.ts';
import type { Parameter } from './definition.ts';

export type List = Value & { kind: 'list' };
export type Collection = Value & { kind: 'list' | 'set' };
export type Entries = Value & { kind: 'object' };

/** Takes everything. */
export const nullable: Parameter = (value) => value;

/** Takes everything but null. */
export const anything: Parameter = (value) =>
  value.kind === 'null' ? invalid('an argument is null') : value;

/** A parameter that takes null as it is. */
export const maybe =
  (parameter: Parameter): Parameter =>
  (value) =>
    value.kind === 'null' ? value : parameter(value);

const primitive =
  (type: 'string' | 'number' | 'bool'): Parameter =>
  (value) => {
    const given = anything(value);
    return given.kind === 'unknown' ? given : convertValue(given, type);
  };

export const text = primitive('string');
export const amount = primitive('number');

/** A number that Terraform reads as an integer of 64 bits. */
export const whole: Parameter = (value) => {
  const given = amount(value);
  if (given.kind !== 'number' || Number.isSafeInteger(given.value)) return given;
  return Number.isInteger(given.value)
    ? unknown('a number that large is not evaluated')
    : invalid('a whole number is required');
};

const ofKind =
  (wanted: string, ...kinds: Value['kind'][]): Parameter =>
  (value) => {
    const given = anything(value);
    return given.kind === 'unknown' || kinds.includes(given.kind) ? given : invalid(`${wanted} is required`);
  };

export const entries = ofKind('a map or object', 'object');
export const sequence = ofKind('a list', 'list');
export const collection = ofKind('a list or set', 'list', 'set');

/** A list of one element type: tuples and sets are converted, their elements to the type in common. */
export const uniform: Parameter = (value) => {
  const given = collection(value);
  if (given.kind !== 'list' && given.kind !== 'set') return given;
  const type = unifyParts(given);
  if (type === null) return refuseMixture(given.elements, 'the elements have no type in common');
  if (type === 'unsure' && isWhollyKnown(given) && given.kind === 'list' && given.shape === 'tuple')
    return MIXED;
  return convertValue(given, { kind: 'list', element: type });
};

/** What comes of elements whose types Terraform brings together in a way that is not followed here. */
export const MIXED = unknown('how the types of the elements are brought together is not evaluated');

/** A list whose elements are converted to a primitive type; tuples and sets become one. */
export const listOf =
  (type: 'string' | 'number' | 'bool'): Parameter =>
  (value) => {
    const given = collection(value);
    return given.kind === 'unknown' ? given : convertValue(given, { kind: 'list', element: type });
  };

/** A parameter that also takes nulls of types of these kinds. */
export const orNullOf =
  (parameter: Parameter, ...kinds: Structure['kind'][]): Parameter =>
  (value) => {
    if (value.kind !== 'null') return parameter(value);
    const type = typeOf(value);
    if (type === 'unsure') return unknown('the type of a null is not known');
    return isOfKind(type, ...kinds) ? value : invalid('an argument is null');
  };

/** Whether a type is certain to be of one of these kinds. */
export function isOfKind(type: Type, ...kinds: Structure['kind'][]): boolean {
  return typeof type === 'object' && kinds.includes(type.kind);
}

/** The text of an argument that was converted by `text`. */
export function textOf(value: Value | undefined): string {
  return asString(value ?? string('')) ?? '';
}

/** What type a list holds, empty or not. */
export function elementTypeOf(value: Value): Type {
  const type = typeOf(value);
  return typeof type === 'object' && type.kind === 'list' ? type.element : 'unsure';
}
