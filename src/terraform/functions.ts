import type { Charge, Definition } from './functions/definition.ts';
import { ENCODING_FUNCTIONS } from './functions/encoding.ts';
import { FORMAT_FUNCTIONS } from './functions/format.ts';
import { LIST_FUNCTIONS } from './functions/lists.ts';
import { MAP_FUNCTIONS } from './functions/maps.ts';
import { NUMBER_FUNCTIONS } from './functions/numbers.ts';
import { anything } from './functions/parameters.ts';
import { PATTERN_FUNCTIONS } from './functions/patterns.ts';
import { SET_FUNCTIONS } from './functions/sets.ts';
import { TEXT_FUNCTIONS } from './functions/texts.ts';
import { TYPE_FUNCTIONS } from './functions/types.ts';
import { invalid, isInvalid, isWhollyKnown, nearOf, unknown, unknownFrom, type Value } from './value.ts';

/**
 * A call of one of Terraform's functions with evaluated arguments, none of which failed. A function that
 * is not in the table below is unknown, since a wrong answer is worse than none.
 */
export function callFunction(name: string, values: readonly Value[], charge: Charge): Value {
  const definition = FUNCTIONS.get(name);
  if (definition === undefined) return unknown(`the function ${name} is not evaluated`);
  const { parameters, rest, optional = 0, result } = definition;
  const least = parameters.length - optional;
  if (values.length < least || (rest === undefined && values.length > parameters.length)) {
    return invalid(`the function ${name} is called with ${values.length} arguments`);
  }
  const converted = values.map((value, at) => (parameters[at] ?? rest ?? anything)(value));
  const failure = converted.find(isInvalid);
  if (failure !== undefined) return failure;
  const open = definition.decides ? -1 : converted.findIndex((value) => !isEnough(value, definition));
  if (open === -1) return definition.run(converted, charge);
  // What is known and yet too intricate to convert might be refused by Terraform, which leaves no type behind.
  const isRefusable = isWhollyKnown(values[open] as Value);
  return unknownFrom(converted[open] as Value, isRefusable ? 'unsure' : result);
}

/** Whether enough of an argument is known for a function to run. */
function isEnough(value: Value, { partial, near }: Definition): boolean {
  if (value.kind === 'unknown') return near === true && nearOf(value) !== null;
  return partial === true || isWhollyKnown(value);
}

const FUNCTIONS = new Map<string, Definition>(
  Object.entries<Definition>({
    ...NUMBER_FUNCTIONS,
    ...TEXT_FUNCTIONS,
    ...PATTERN_FUNCTIONS,
    ...FORMAT_FUNCTIONS,
    ...ENCODING_FUNCTIONS,
    ...LIST_FUNCTIONS,
    ...MAP_FUNCTIONS,
    ...SET_FUNCTIONS,
    ...TYPE_FUNCTIONS,
  }),
);
