import { amountOf, arithmetic, isExact } from '../arithmetic.ts';
import { compareNumbers } from '../order.ts';
import { invalid, list, nearOf, number, unknown, type Value } from '../value.ts';
import type { Definition, FunctionTable } from './definition.ts';
import { amount, type List, listOf, whole } from './parameters.ts';

const rounding =
  (round: (value: number) => number): Definition['run'] =>
  ([given]) => {
    const value = amountOf(given);
    const isClose = Math.abs(value - Math.round(value)) <= 1e-9 * Math.max(1, Math.abs(value));
    if (given?.kind !== 'number' && isClose) {
      return unknown('the number is too close to a whole one to round it', null, 'number');
    }
    return number(round(value) + 0);
  };

const extreme =
  (wins: (order: number) => boolean): Definition['run'] =>
  (values) => {
    let best = values[0] as Value;
    for (const value of values.slice(1)) {
      const order = compareNumbers(value, best);
      if (order === null) return unknown('the numbers are too close to tell apart', null, 'number');
      if (wins(order)) best = value;
    }
    return best;
  };

function sum([values]: readonly Value[]): Value {
  let total: Value = number(0);
  const { elements } = values as List;
  if (elements.length === 0) return invalid('sum needs at least one number');
  for (const element of elements) {
    if (element.kind !== 'number') return invalid('a number to sum up is null');
    if (nearOf(total) !== null) total = arithmetic['+'](total, element);
  }
  return total;
}

function range(values: readonly Value[]): Value {
  if (!values.every(isExact)) return unknown('a range of such numbers is not evaluated');
  const [first = 0, second, third] = values.map(amountOf);
  const [start, end] = second === undefined ? [0, first] : [first, second];
  const step = third ?? (end < start ? -1 : 1);
  if (step === 0 && start !== end) return invalid('the step of a range is zero');
  if ((end - start) * step < 0) return invalid('the step of a range leads away from its end');
  const numbers: Value[] = [];
  for (let at = start; step > 0 ? at < end : at > end; at += step) {
    // Terraform's own limit (lang/funcs, cty stdlib RangeFunc).
    if (numbers.length >= 1024) return invalid('a range has more than 1024 numbers');
    numbers.push(number(at));
  }
  return list(numbers, 'list', 'number');
}

export const NUMBER_FUNCTIONS = {
  abs: {
    parameters: [amount],
    result: 'number',
    run: ([value]) => number(Math.abs(amountOf(value))),
  },
  ceil: { parameters: [amount], near: true, result: 'number', run: rounding(Math.ceil) },
  floor: { parameters: [amount], near: true, result: 'number', run: rounding(Math.floor) },
  max: {
    parameters: [amount],
    rest: amount,
    near: true,
    result: 'number',
    run: extreme((order) => order > 0),
  },
  min: {
    parameters: [amount],
    rest: amount,
    near: true,
    result: 'number',
    run: extreme((order) => order < 0),
  },
  range: { parameters: [amount, amount, amount], optional: 2, run: range },
  signum: {
    parameters: [whole],
    result: 'number',
    run: ([value]) => number(Math.sign(amountOf(value)) + 0),
  },
  sum: { parameters: [listOf('number')], result: 'number', run: sum },
} satisfies FunctionTable;
