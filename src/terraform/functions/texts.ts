import { amountOf } from '../arithmetic.ts';
import type { Type } from '../type.ts';
import { bool, invalid, list, string, unknown, type Value } from '../value.ts';
import {
  type Charge,
  type Definition,
  type FunctionTable,
  LONGEST_LIST,
  LONGEST_TEXT,
  TOO_LARGE,
} from './definition.ts';
import { type List, listOf, text, textOf, whole } from './parameters.ts';
import { replacePattern } from './patterns.ts';

const ASCII = /^[\0-\x7f]*$/;

/**
 * Terraform counts and cuts texts by grapheme cluster. For plain letters these are UTF-16 units; beyond,
 * the answer depends on the version of Unicode that Terraform was built with.
 */
export function isPlain(value: string): boolean {
  return ASCII.test(value) ? !value.includes('\r\n') : /^[\x20-\x7e\xa1-\xac\xae-\u02ff]*$/.test(value);
}

/** What a function gives instead of a result for a text that is not plain. */
export const notPlain = (type?: Type) => unknown('a text with such characters is not evaluated', null, type);

/** A function of texts to a text, of plain texts only where `plain` says so. */
export const texts = (
  count: number,
  run: (...values: string[]) => string | Value,
  plain = false,
): Definition => ({
  parameters: Array.from({ length: count }, () => text),
  result: 'string',
  run: (values) => {
    const given = values.map(textOf);
    if (plain && !given.every(isPlain)) return notPlain('string');
    const result = run(...given);
    return typeof result === 'string' ? string(result) : result;
  },
});

const test = (run: (value: string, part: string) => boolean): Definition => ({
  parameters: [text, text],
  result: 'bool',
  run: ([value, part]) => bool(run(textOf(value), textOf(part))),
});

/** Changes case letter by letter as Go does; ß and its like have no single counterpart in Go. */
function mapLetters(value: string, change: (letter: string) => string): string | Value {
  if (ASCII.test(value)) return change(value);
  if (!/^[\0-\u00de\u00e0-\u00fe]*$/.test(value) || value.includes('\u00b5')) return notPlain('string');
  return change(value);
}

function title(value: string): string | Value {
  if (!ASCII.test(value)) return notPlain('string');
  return value.replace(
    /(^|[^A-Za-z0-9_])([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/** `value` without the characters of a set at both ends. */
function trimCharacters(value: string, isCut: (character: string) => boolean): string {
  const characters = [...value];
  let start = 0;
  let end = characters.length;
  while (start < end && isCut(characters[start] as string)) start++;
  while (end > start && isCut(characters[end - 1] as string)) end--;
  return characters.slice(start, end).join('');
}

const SPACE = /^[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

function chomp(value: string): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === '\n' || value[end - 1] === '\r')) end--;
  return value.slice(0, end);
}

function substring([value, offset, length]: readonly Value[]): Value {
  const given = textOf(value);
  if (!isPlain(given)) return notPlain('string');
  const [from, size] = [amountOf(offset), amountOf(length)];
  if (from < 0 && size === 0) return unknown('such a part of a text is not evaluated', null, 'string');
  // A negative offset counts from the end; cty does not say so, but one before the start is the start.
  const start = from < 0 ? Math.max(0, given.length + from) : from;
  return string(size < 0 ? given.slice(start) : given.slice(start, start + size));
}

function indent([spaces, value]: readonly Value[]): Value {
  const size = amountOf(spaces);
  const lines = textOf(value).split('\n', LONGEST_LIST + 1);
  if (size < 0) return invalid('indent takes no negative number of spaces');
  if (size * lines.length > LONGEST_TEXT || lines.length > LONGEST_LIST) return TOO_LARGE;
  return string(lines.join(`\n${' '.repeat(size)}`));
}

function split([separator, value]: readonly Value[]): Value {
  const [by, given] = [textOf(separator), textOf(value)];
  if (by === '' && !ASCII.test(given)) return notPlain();
  const parts = given.split(by, LONGEST_LIST + 1);
  return parts.length > LONGEST_LIST ? TOO_LARGE : list(parts.map(string), 'list', 'string');
}

function join([separator, ...lists]: readonly Value[]): Value {
  const elements = lists.flatMap((each) => (each as List).elements);
  if (elements.some((element) => element.kind === 'null')) return invalid('an element to join is null');
  const parts = elements.map(textOf);
  const by = textOf(separator);
  const length = parts.reduce((total, part) => total + part.length, by.length * parts.length);
  return length > LONGEST_TEXT ? TOO_LARGE : string(parts.join(by));
}

function replaceText([value, pattern, replacement]: readonly Value[], charge: Charge): Value {
  const [given, search, by] = [textOf(value), textOf(pattern), textOf(replacement)];
  // Between slashes it is a regular expression (lang/funcs/string.go, ReplaceFunc).
  if (search.length > 1 && search.startsWith('/') && search.endsWith('/')) {
    return replacePattern(given, search.slice(1, -1), by, charge);
  }
  if (search === '' && !ASCII.test(given)) return notPlain('string');
  const parts = given.split(search, LONGEST_LIST + 1);
  if (parts.length > LONGEST_LIST || given.length + parts.length * by.length > LONGEST_TEXT) return TOO_LARGE;
  // JavaScript splits at the empty text between letters only, Go also before and behind them.
  return string(search === '' ? ['', ...parts, ''].join(by) : parts.join(by));
}

export const TEXT_FUNCTIONS = {
  chomp: texts(1, chomp),
  endswith: test((value, part) => value.endsWith(part)),
  indent: { parameters: [whole, text], result: 'string', run: indent },
  join: { parameters: [text, listOf('string')], rest: listOf('string'), result: 'string', run: join },
  lower: texts(1, (value) => mapLetters(value, (letters) => letters.toLowerCase())),
  replace: { parameters: [text, text, text], result: 'string', run: replaceText },
  split: { parameters: [text, text], run: split },
  startswith: test((value, part) => value.startsWith(part)),
  strcontains: test((value, part) => value.includes(part)),
  strrev: texts(1, (value) => [...value].reverse().join(''), true),
  substr: { parameters: [text, whole, whole], result: 'string', run: substring },
  title: texts(1, title),
  trim: texts(2, (value, cut) => trimCharacters(value, (character) => cut.includes(character))),
  trimprefix: texts(2, (value, prefix) => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  trimspace: texts(1, (value) => trimCharacters(value, (character) => SPACE.test(character))),
  trimsuffix: texts(2, (value, suffix) =>
    suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  ),
  upper: texts(1, (value) => mapLetters(value, (letters) => letters.toUpperCase())),
} satisfies FunctionTable;
