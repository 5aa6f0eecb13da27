import type { Call, Expression } from '../hcl/syntax.ts';
import { textOf } from '../source/source-file.ts';
import { convertValue } from './convert.ts';
import { set } from './equality.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { callFunction } from './functions.ts';
import { inOrder } from './order.ts';
import type { Type } from './type.ts';
import { invalid, isInvalid, list, NULL, object, unknown, unknownFrom, type Value } from './value.ts';

/** Converts a value to the type of a variable, as Terraform does when it is set; a text in its place leaves it alone. */
export function convertToVariable(value: Value, constraint: Expression): Value {
  const type = typeIn(constraint);
  if (type !== null) return convertValue(value, type);
  if (constraint.kind === 'traversal' && (constraint.root === 'list' || constraint.root === 'map'))
    return collectAny(constraint.root, value);
  const [argument] = constraint.kind === 'call' ? constraint.arguments : [];
  if (constraint.kind !== 'call' || argument === undefined) return value;
  if (value.kind === 'unknown') return isInvalid(value) ? value : unknownFrom(value, 'unsure');
  if (value.kind === 'null') return NULL;
  if (constraint.name === 'object') return toObject(value, argument);
  return toCollection(value, constraint, argument);
}

/** The type that a constraint names; null for objects, tuples and `any`, which are more than a type. */
function typeIn(constraint: Expression): Type | null {
  if (constraint.kind === 'traversal' && constraint.steps.length === 0) {
    const { root } = constraint;
    return root === 'string' || root === 'number' || root === 'bool' ? root : null;
  }
  const [argument] = constraint.kind === 'call' ? constraint.arguments : [];
  if (constraint.kind !== 'call' || argument === undefined) return null;
  const { name } = constraint;
  const element = typeIn(argument);
  if (element === null || (name !== 'list' && name !== 'set' && name !== 'map')) return null;
  return { kind: name, element };
}

const NO_NAMES: Scope = { resolve: () => null };

/** Attributes that the type does not have are dropped; what is optional gets its default, or null. */
function toObject(value: Value, attributes: Expression): Value {
  if (value.kind !== 'object') return invalid('an object is required');
  if (attributes.kind !== 'object' || value.shape !== 'object') return notFollowed;
  const parts = new Map<string, Value>();
  for (const { name, value: constraint } of attributes.entries) {
    if (name === null) return notFollowed;
    const optional = constraint.kind === 'call' && constraint.name === 'optional' ? constraint.arguments : [];
    const [wanted = constraint, fallback] = optional;
    const given = value.entries.get(name);
    if (given === undefined && optional.length === 0) return invalid(`the attribute "${name}" is required`);
    const isAbsent = given === undefined || given.kind === 'null';
    const part = isAbsent && fallback !== undefined ? evaluate(fallback, NO_NAMES) : given;
    const converted = convertToVariable(part ?? { kind: 'null', type: 'any' }, wanted);
    if (isInvalid(converted)) return converted;
    parts.set(name, converted);
  }
  return object(parts, 'object');
}

function toCollection(value: Value, { name }: Call, element: Expression): Value {
  if (name !== 'list' && name !== 'set' && name !== 'map') return notFollowed;
  const constraint = textOf(element.span);
  if (constraint === 'any') return collectAny(name, value);
  if (/\bany\b/.test(constraint)) return notFollowed;
  if (name === 'map') {
    if (value.kind !== 'object') return invalid('a map is required');
    const parts = [...value.entries].map(([key, part]) => [key, convertToVariable(part, element)] as const);
    return parts.map(([, part]) => part).find(isInvalid) ?? object(parts, 'map');
  }
  if (value.kind !== 'list' && value.kind !== 'set') return invalid(`a ${name} is required`);
  const parts = inOrder(value)?.map((part) => convertToVariable(part, element));
  if (parts === undefined) return unknown('the order of such a set is not known');
  return parts.find(isInvalid) ?? (name === 'list' ? list(parts, 'list') : set(parts));
}

/** `list(any)` and its old spelling `list`: the elements take the type that they have in common. */
function collectAny(kind: 'list' | 'set' | 'map', value: Value): Value {
  return callFunction(`to${kind}`, [value], () => true);
}

const notFollowed = unknown('how a value becomes one of such a type is not evaluated');
