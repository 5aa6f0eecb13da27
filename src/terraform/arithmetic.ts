import { approximately, nearOf, number, unknown, type Value } from './value.ts';

/**
 * The arithmetic operators, on numbers and what is near to one. Terraform computes with 512 bits, so
 * all that is not exact in 53 is only near.
 */
export const arithmetic: Record<'+' | '-' | '*' | '/' | '%', Operation> = {
  '+': (a, b) => added(amountOf(a), amountOf(b), [a, b]),
  '-': (a, b) => added(amountOf(a), -amountOf(b), [a, b]),
  '*': (a, b) => exactly(amountOf(a) * amountOf(b), [a, b]),
  '/': (a, b) => {
    const divisor = amountOf(b);
    // Terraform has infinity for all but 0 / 0, though no text for it.
    if (divisor === 0) return unknown('a division by zero is not evaluated', null, 'number');
    const quotient = amountOf(a) / divisor;
    return quotient * divisor === amountOf(a) ? exactly(quotient, [a, b]) : approximately(quotient);
  },
  '%': (a, b) => {
    if (amountOf(b) === 0)
      return unknown('a remainder of a division by zero is not evaluated', null, 'number');
    // Next to a multiple of b the remainder of a number that is only near may be anything.
    if (!isExact(a) || !isExact(b))
      return unknown('the remainder is not known to the last digit', null, 'number');
    return exactly((amountOf(a) % amountOf(b)) + 0, [a, b]);
  },
};

type Operation = (a: Value, b: Value) => Value;

/** Numbers that cancel each other out leave nothing but the digits that are not known: 0.1 + 0.2 - 0.3. */
function added(a: number, b: number, operands: readonly Value[]): Value {
  const result = exactly(a + b, operands);
  const isLost = Math.abs(a + b) < Math.max(Math.abs(a), Math.abs(b)) / 10;
  return isLost && result.kind !== 'number'
    ? unknown('too many digits of the number are not known', null, 'number')
    : result;
}

function exactly(result: number, operands: readonly Value[]): Value {
  const numbers = [...operands.map(amountOf), result];
  const fits = numbers.every(Number.isSafeInteger) || numbers.every(isShortFraction);
  return fits && operands.every(isExact) ? number(result) : approximately(result);
}

/** Whether a double holds a number exactly and arithmetic with its like stays exact. */
export function isExact(value: Value): boolean {
  return value.kind === 'number' && (Number.isSafeInteger(value.value) || isShortFraction(value.value));
}

function isShortFraction(value: number): boolean {
  return Math.abs(value) < 1e9 && Number.isInteger(value * 64);
}

/** The number of an argument that was converted by `amount`. */
export function amountOf(value: Value | undefined): number {
  return nearOf(value ?? number(0)) ?? 0;
}
