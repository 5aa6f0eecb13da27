import { amountOf, isExact } from '../arithmetic.ts';
import { convertValue } from '../convert.ts';
import { inOrder } from '../order.ts';
import { formatNumber, invalid, list, string, unknown, unknownFrom, type Value } from '../value.ts';
import { type Charge, type FunctionTable, LONGEST_TEXT, TOO_LARGE } from './definition.ts';
import { encodeJson } from './encoding.ts';
import { anything, nullable } from './parameters.ts';
import { isPlain } from './texts.ts';

interface Verb {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly letter: string;
}

const VERB = /%(?:%|([-+0 #]*)(\d{0,4})(?:\.(\d{1,2}))?([a-zA-Z]))/y;

function format([pattern, ...values]: readonly Value[], charge: Charge): Value {
  const given = convertValue(pattern as Value, 'string');
  if (given.kind !== 'string') return given;
  if (!charge(given.value.length / 16)) return TOO_LARGE;
  // Terraform 1.11 gives an unknown for a null, whatever the format; what others give was not looked at.
  if (values.some((value) => value.kind === 'null')) return notFormatted;
  return formatText(given.value, values);
}

function formatText(pattern: string, values: readonly Value[]): Value {
  let result = '';
  let used = 0;
  for (let at = 0; at < pattern.length; ) {
    const next = pattern.indexOf('%', at);
    if (next === -1) {
      result += pattern.slice(at);
      break;
    }
    result += pattern.slice(at, next);
    VERB.lastIndex = next;
    const match = VERB.exec(pattern);
    if (match === null) return notFormatted;
    at = next + match[0].length;
    if (match[0] === '%%') {
      result += '%';
      continue;
    }
    const [, flags = '', width = '', precision, letter = ''] = match;
    const value = values[used++];
    if (value === undefined) return invalid('format has fewer arguments than verbs');
    const verb = {
      flags,
      width: Number(width),
      precision: precision === undefined ? null : Number(precision),
      letter,
    };
    const formatted = formatVerb(verb, value);
    if (formatted.kind !== 'string') return formatted;
    result += formatted.value;
    if (result.length > LONGEST_TEXT) return TOO_LARGE;
  }
  return used < values.length ? invalid('format has more arguments than verbs') : string(result);
}

/** Without a type, as Terraform might refuse it too. */
const notFormatted = unknown('such a format is not evaluated');

/** How each verb writes a value, before padding; flags beyond `-` and `0` are left unknown. */
const VERBS: Readonly<Record<string, (value: Value, verb: Verb) => Value>> = {
  s: (value) => convertValue(value, 'string'),
  v: (value) => {
    if (value.kind === 'list' || value.kind === 'set' || value.kind === 'object') return encodeJson(value);
    // Go writes numbers of seven digits, or very small ones, with an exponent here.
    const size = Math.abs(amountOf(value));
    if (value.kind === 'number' && size !== 0 && (size >= 1e6 || size < 1e-4)) return notFormatted;
    return convertValue(value, 'string');
  },
  q: (value) => {
    const converted = convertValue(value, 'string');
    return converted.kind === 'string' ? encodeJson(converted) : converted;
  },
  t: (value, { width }) => {
    const converted = convertValue(value, 'bool');
    if (width > 0) return notFormatted;
    return converted.kind === 'bool' ? string(String(converted.value)) : converted;
  },
  d: (value) => formatWhole(value, (amount) => formatNumber(amount)),
  x: (value) => formatWhole(value, (amount) => amount.toString(16)),
  X: (value) => formatWhole(value, (amount) => amount.toString(16).toUpperCase()),
  o: (value) => formatWhole(value, (amount) => amount.toString(8)),
  b: (value) => formatWhole(value, (amount) => amount.toString(2)),
  f: (value, { precision }) => {
    const converted = convertValue(value, 'number');
    if (converted.kind !== 'number') return converted;
    // Rounding of a half needs all of Terraform's digits; a short fraction has them.
    const places = precision ?? 6;
    const scaled = converted.value * 10 ** places;
    const isWhole = isExact(converted) && Number.isSafeInteger(scaled);
    return isWhole && places <= 9 ? string(converted.value.toFixed(places)) : notFormatted;
  },
};

function formatWhole(value: Value, write: (amount: number) => string): Value {
  const converted = convertValue(value, 'number');
  if (converted.kind !== 'number') return converted;
  if (!Number.isInteger(converted.value)) return invalid('a whole number is required');
  return isExact(converted) ? string(write(converted.value)) : notFormatted;
}

function formatVerb(verb: Verb, value: Value): Value {
  const write = VERBS[verb.letter];
  const flags = new Set(verb.flags);
  const isNumeric = 'dfxXob'.includes(verb.letter);
  const isKnownFlags = [...flags].every((flag) => flag === '-' || flag === '0') && flags.size < 2;
  const isKnownPrecision = verb.precision === null || verb.letter === 'f';
  if (write === undefined || !isKnownFlags || !isKnownPrecision) return notFormatted;
  if (verb.width > 1000) return notFormatted;
  const written = write(value, verb);
  if (written.kind !== 'string' || verb.width === 0) return written;
  if (!isPlain(written.value)) return notFormatted;
  if (verb.width <= written.value.length) return written;
  if (flags.has('-')) return string(written.value.padEnd(verb.width));
  if (!flags.has('0')) return string(written.value.padStart(verb.width));
  if (!isNumeric) return notFormatted;
  const sign = written.value.startsWith('-') ? '-' : '';
  return string(sign + written.value.slice(sign.length).padStart(verb.width - sign.length, '0'));
}

function formatList([pattern, ...values]: readonly Value[], charge: Charge): Value {
  const given = convertValue(pattern as Value, 'string');
  if (given.kind !== 'string') return given;
  if (values.some((value) => value.kind === 'null')) return notFormatted;
  const columns = values.map((value) =>
    value.kind === 'list' || value.kind === 'set' ? inOrder(value) : [value],
  );
  const lengths = values.flatMap((value, at) =>
    value.kind === 'list' || value.kind === 'set' ? [columns[at]?.length ?? 0] : [],
  );
  if (columns.includes(null)) return unknown('the order of such a set is not known');
  if (new Set(lengths).size > 1) return invalid('formatlist takes lists of one length');
  const length = lengths[0] ?? 1;
  const results: Value[] = [];
  for (let at = 0; at < length; at++) {
    if (!charge(given.value.length / 16 + values.length)) return TOO_LARGE;
    const row = columns.map((column, index) => {
      const value = values[index];
      const isList = value?.kind === 'list' || value?.kind === 'set';
      return (isList ? column?.[at] : column?.[0]) as Value;
    });
    if (row.some((value) => value.kind === 'null')) return notFormatted;
    const result = formatText(given.value, row);
    if (result.kind !== 'string') return unknownFrom(result);
    results.push(result);
  }
  return list(results, 'list', 'string');
}

export const FORMAT_FUNCTIONS = {
  format: { parameters: [anything], rest: nullable, result: 'string', run: format },
  formatlist: { parameters: [anything], rest: nullable, run: formatList },
} satisfies FunctionTable;
