import {
  approximately,
  areEqual,
  asBool,
  asString,
  bool,
  compareNumbers,
  compareText,
  convertValue,
  entriesInOrder,
  FALSE,
  firstUnknown,
  formatNumber,
  inOrder,
  invalid,
  isCertain,
  isInvalid,
  isSure,
  isWhollyKnown,
  list,
  nearOf,
  number,
  numberFromText,
  object,
  refuseMixture,
  set,
  string,
  TRUE,
  type Type,
  typeOf,
  unifyTypes,
  unknown,
  type Value,
  withoutRepeats,
} from './value.ts';

/** Takes steps off what an evaluation may cost; false when none are left. */
export type Charge = (steps: number) => boolean;

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
  const open = definition.decides ? undefined : converted.find((value) => !isEnough(value, definition));
  if (open !== undefined) return unknownFrom(open, result);
  return definition.run(converted, charge);
}

/** Whether enough of an argument is known for a function to run. */
function isEnough(value: Value, { partial, near }: Definition): boolean {
  if (value.kind === 'unknown') return near === true && nearOf(value) !== null;
  return partial === true || isWhollyKnown(value);
}

/** What an argument must be: the value converted as the function takes it, or `invalid`. */
type Parameter = (value: Value) => Value;

interface Definition {
  readonly parameters: readonly Parameter[];
  /** What further arguments must be, for a function that takes any number of them. */
  readonly rest?: Parameter;
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** The type of the result where it is the same for all arguments. */
  readonly result?: Type;
  /** True when arguments may hold unknown elements. */
  readonly partial?: boolean;
  /** True when an argument may be a number whose last digits are open. */
  readonly near?: boolean;
  /** True when the function also takes arguments that are unknown themselves. */
  readonly decides?: boolean;
  readonly run: (values: readonly Value[], charge: Charge) => Value;
}

type List = Value & { kind: 'list' };
type Collection = Value & { kind: 'list' | 'set' };
type Entries = Value & { kind: 'object' };

const TOO_LARGE = unknown('it is too large to evaluate');
const LONGEST_TEXT = 1 << 20;
const LONGEST_LIST = 100_000;

function unknownFrom(value: Value, type: Type | undefined): Value {
  const source = firstUnknown(value);
  return unknown(source?.reason.text ?? 'it is not evaluated', source?.reason.span ?? null, type);
}

// Parameters.

const nullable: Parameter = (value) => value;

const anything: Parameter = (value) => (value.kind === 'null' ? invalid('an argument is null') : value);

const primitive =
  (type: 'string' | 'number' | 'bool'): Parameter =>
  (value) => {
    const given = anything(value);
    return given.kind === 'unknown' ? given : convertValue(given, type);
  };

const text = primitive('string');
const amount = primitive('number');

const ofKind =
  (wanted: string, ...kinds: Value['kind'][]): Parameter =>
  (value) => {
    const given = anything(value);
    return given.kind === 'unknown' || kinds.includes(given.kind) ? given : invalid(`${wanted} is required`);
  };

const entries = ofKind('a map or object', 'object');
const sequence = ofKind('a list', 'list');
const collection = ofKind('a list or set', 'list', 'set');

/** A list of one element type: tuples and sets are converted, their elements to the type in common. */
const uniform: Parameter = (value) => {
  const given = collection(value);
  if (given.kind !== 'list' && given.kind !== 'set') return given;
  const type = given.element ?? unifyTypes(given.elements.map(typeOf));
  if (type === null) return refuseMixture(given.elements, 'the elements have no type in common');
  if (type === 'unsure' && isWhollyKnown(given) && given.kind === 'list' && given.shape === 'tuple')
    return MIXED;
  return convertValue(given, { kind: 'list', element: type });
};

const MIXED = unknown('how the types of the elements are brought together is not evaluated');

const listOf =
  (type: 'string' | 'number' | 'bool'): Parameter =>
  (value) => {
    const given = collection(value);
    return given.kind === 'unknown' ? given : convertValue(given, { kind: 'list', element: type });
  };

// Arithmetic, which the operators share.

/** Whether a double holds a number exactly and arithmetic with its like stays exact. */
function isExact(value: Value): boolean {
  return value.kind === 'number' && (Number.isSafeInteger(value.value) || isShortFraction(value.value));
}

function isShortFraction(value: number): boolean {
  return Math.abs(value) < 1e9 && Number.isInteger(value * 64);
}

function exactly(result: number, operands: readonly Value[]): Value {
  if (!Number.isFinite(result)) return unknown('the number is too large to evaluate', null, 'number');
  const numbers = [...operands.map(amountOf), result];
  const fits = numbers.every(Number.isSafeInteger) || numbers.every(isShortFraction);
  return fits && operands.every(isExact) ? number(result) : approximately(result);
}

/** The number of an argument that was converted by `amount`. */
function amountOf(value: Value | undefined): number {
  return nearOf(value ?? number(0)) ?? 0;
}

type Operation = (a: Value, b: Value) => Value;

/**
 * The arithmetic operators, on numbers and what is near to one. Terraform computes with 512 bits, so
 * all that is not exact in 53 is only near.
 */
export const arithmetic: Record<'+' | '-' | '*' | '/' | '%', Operation> = {
  '+': (a, b) => exactly(amountOf(a) + amountOf(b), [a, b]),
  '-': (a, b) => exactly(amountOf(a) - amountOf(b), [a, b]),
  '*': (a, b) => exactly(amountOf(a) * amountOf(b), [a, b]),
  '/': (a, b) => {
    const divisor = amountOf(b);
    // Terraform has infinity for all but 0 / 0, though no text for it.
    if (divisor === 0) return unknown('a division by zero is not evaluated', null, 'number');
    const quotient = amountOf(a) / divisor;
    return quotient * divisor === amountOf(a) ? exactly(quotient, [a, b]) : near(quotient);
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

function near(value: number): Value {
  return Number.isFinite(value)
    ? approximately(value)
    : unknown('the number is too large to evaluate', null, 'number');
}

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

function signum(value: number): Value {
  // lang/funcs/number.go reads it as an int, and refuses a fraction.
  return Number.isInteger(value) ? number(Math.sign(value) + 0) : invalid('signum takes a whole number');
}

function sum([values]: readonly Value[]): Value {
  let total: Value = number(0);
  const { elements } = values as List;
  if (elements.length === 0) return invalid('sum needs at least one number');
  for (const element of elements) {
    if (element.kind !== 'number') return invalid('a number to sum up is null');
    if (total.kind === 'number') total = arithmetic['+'](total, element);
  }
  return total;
}

function range(values: readonly Value[]): Value {
  if (!values.every(isExact)) return unknown('a range of such numbers is not evaluated');
  const [first = 0, second, third] = values.map(amountOf);
  const [start, end] = second === undefined ? [0, first] : [first, second];
  const step = third ?? (end < start ? -1 : 1);
  if (step === 0) return invalid('the step of a range is zero');
  if ((end - start) * step < 0) return invalid('the step of a range leads away from its end');
  const numbers: Value[] = [];
  for (let at = start; step > 0 ? at < end : at > end; at += step) {
    // Terraform's own limit (lang/funcs, cty stdlib RangeFunc).
    if (numbers.length >= 1024) return invalid('a range has more than 1024 numbers');
    numbers.push(number(at));
  }
  return list(numbers, 'list', 'number');
}

// Texts.

/** The text of an argument that was converted by `text`. */
function textOf(value: Value | undefined): string {
  return asString(value ?? string('')) ?? '';
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * Terraform counts and cuts texts by grapheme cluster. For plain letters these are UTF-16 units; beyond,
 * the answer depends on the version of Unicode that Terraform was built with.
 */
function isPlain(value: string): boolean {
  return ASCII.test(value) ? !value.includes('\r\n') : /^[\x20-\x7e\xa1-\xac\xae-\u02ff]*$/.test(value);
}

const notPlain = (type?: Type) => unknown('a text with such characters is not evaluated', null, type);

/** A function of texts to a text, of plain texts only where `plain` says so. */
const texts = (count: number, run: (...values: string[]) => string | Value, plain = false): Definition => ({
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
  const whole = textOf(value);
  if (!isPlain(whole)) return notPlain('string');
  const [from, size] = [amountOf(offset), amountOf(length)];
  if (!Number.isInteger(from) || !Number.isInteger(size)) return invalid('substr takes whole numbers');
  if (from < 0 && size === 0) return unknown('such a part of a text is not evaluated', null, 'string');
  // A negative offset counts from the end; cty does not say so, but one before the start is the start.
  const start = from < 0 ? Math.max(0, whole.length + from) : from;
  return string(size < 0 ? whole.slice(start) : whole.slice(start, start + size));
}

function indent([spaces, value]: readonly Value[]): Value {
  const size = amountOf(spaces);
  const lines = textOf(value).split('\n', LONGEST_LIST + 1);
  if (!Number.isInteger(size) || size < 0) return invalid('indent takes a whole number of spaces');
  if (size * lines.length > LONGEST_TEXT || lines.length > LONGEST_LIST) return TOO_LARGE;
  return string(lines.join(`\n${' '.repeat(size)}`));
}

function split([separator, value]: readonly Value[]): Value {
  const [by, whole] = [textOf(separator), textOf(value)];
  if (by === '' && !ASCII.test(whole)) return notPlain();
  const parts = whole.split(by, LONGEST_LIST + 1);
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
  const [whole, search, by] = [textOf(value), textOf(pattern), textOf(replacement)];
  // Between slashes it is a regular expression (lang/funcs/string.go, ReplaceFunc).
  if (search.length > 1 && search.startsWith('/') && search.endsWith('/')) {
    return replacePattern(whole, search.slice(1, -1), by, charge);
  }
  if (search === '' && !ASCII.test(whole)) return notPlain('string');
  const parts = whole.split(search, LONGEST_LIST + 1);
  if (parts.length > LONGEST_LIST || whole.length + parts.length * by.length > LONGEST_TEXT) return TOO_LARGE;
  // JavaScript splits at the empty text between letters only, Go also before and behind them.
  return string(search === '' ? ['', ...parts, ''].join(by) : parts.join(by));
}

function replacePattern(whole: string, pattern: string, by: string, charge: Charge): Value {
  const expression = compilePattern(pattern, whole, charge);
  if (!(expression instanceof RegExp)) return expression;
  const template = parseReplacement(by);
  if (template === null) return unknown('such a replacement is not evaluated', null, 'string');
  let result = '';
  let end = 0;
  for (const match of whole.matchAll(new RegExp(expression, `${expression.flags}g`))) {
    if (match[0] === '') return unknown('a pattern that matches nothing is not evaluated', null, 'string');
    if (template.some((part) => typeof part === 'number' && part >= match.length))
      return unknown('such a replacement is not evaluated');
    result += whole.slice(end, match.index);
    result += template.map((part) => (typeof part === 'number' ? (match[part] ?? '') : part)).join('');
    end = match.index + match[0].length;
    if (result.length > LONGEST_TEXT) return TOO_LARGE;
  }
  return string(result + whole.slice(end));
}

/** A replacement as texts and group numbers; null for named groups and what Go reads in its own way. */
function parseReplacement(by: string): (string | number)[] | null {
  const parts: (string | number)[] = [];
  for (const part of by.split(/(\$\$|\$\{\d{1,2}\}|\$\d{1,2}(?!\w))/)) {
    const group = /^\$\{?(\d+)\}?$/.exec(part);
    if (group !== null) parts.push(Number(group[1]));
    else if (part === '$$') parts.push('$');
    else if (part.includes('$')) return null;
    else parts.push(part);
  }
  return parts;
}

function matchPattern([pattern, value]: readonly Value[], charge: Charge): Value {
  const [source, whole] = [textOf(pattern), textOf(value)];
  const expression = compilePattern(source, whole, charge);
  if (!(expression instanceof RegExp)) return expression;
  const match = expression.exec(whole);
  return match === null ? invalid('the pattern does not match') : matchedValue(match);
}

function matchAllPatterns([pattern, value]: readonly Value[], charge: Charge): Value {
  const whole = textOf(value);
  const expression = compilePattern(textOf(pattern), whole, charge);
  if (!(expression instanceof RegExp)) return expression;
  const matches = [...whole.matchAll(new RegExp(expression, `${expression.flags}g`))];
  if (matches.some(([text]) => text === ''))
    return unknown('a pattern that matches nothing is not evaluated');
  // Without a group every match is a text, and none is an empty list of texts.
  return list(matches.map(matchedValue), 'list', /\(/.test(expression.source) ? undefined : 'string');
}

/** What regex gives for a match: the text, or the groups as a tuple, or named groups as an object. */
function matchedValue(match: RegExpExecArray): Value {
  const group = (value: string | undefined): Value =>
    value === undefined ? { kind: 'null', type: 'string' } : string(value);
  if (match.groups !== undefined) {
    return object(
      Object.entries(match.groups).map(([name, value]) => [name, group(value)] as const),
      'object',
    );
  }
  return match.length === 1 ? string(match[0]) : list(match.slice(1).map(group), 'tuple');
}

/**
 * One token of the patterns that mean the same in Go (RE2) and JavaScript: escaped punctuation, classes,
 * simple sets, groups, quantifiers, anchors, plain characters.
 */
const PATTERN_TOKEN =
  /\\[dDwWsS]|\\[.*+?()[\]{}|^$\\/-]|\[\^?(?:\\[dws]|\\[.*+?()[\]{}|^$\\/-]|[\w .,:;@#%=!~"'/+*?(){}|$<>&-])+\]|\(\?P<[A-Za-z]\w*>|\(\?:|[()|^$.]|(?:[*+?]|\{\d{1,2}(?:,\d{0,2})?\})\??|[\w ,:;@#%=!~"'/<>&`-]/y;

/** RE2's classes are ASCII, and its dot stops at \n only. */
const PATTERN_REPLACEMENTS: Readonly<Record<string, string>> = {
  '\\s': '[\\t\\n\\f\\r ]',
  '\\S': '[^\\t\\n\\f\\r ]',
  '.': '[^\\n]',
  '\\/': '\\/',
};

/**
 * A pattern for JavaScript, or unknown where it is not plainly the same there. Patterns and texts are
 * untrusted and JavaScript backtracks: a group that repeats may hold nothing that varies, and the number of
 * quantifiers limits the length of the text.
 */
function compilePattern(pattern: string, subject: string, charge: Charge): RegExp | Value {
  const refused = unknown('such a regular expression is not evaluated');
  if (pattern.length > 500) return refused;
  const source: string[] = [];
  const groups: { varies: boolean }[] = [];
  let closed: { varies: boolean } | null = null;
  let quantifiers = 0;
  let canQuantify = false;
  let names = 0;
  let captures = 0;
  for (let at = 0; at < pattern.length; ) {
    PATTERN_TOKEN.lastIndex = at;
    const token = PATTERN_TOKEN.exec(pattern)?.[0];
    if (token === undefined) return refused;
    at += token.length;
    if (/^([*+?]|\{\d)/.test(token)) {
      if (!canQuantify || !isOrdered(token)) return refused;
      if (closed?.varies && !token.startsWith('?')) return refused;
      quantifiers++;
      for (const group of groups) group.varies = true;
      source.push(token);
      canQuantify = false;
      continue;
    }
    if (token.startsWith('[') && !isPlainSet(token)) return refused;
    closed = null;
    canQuantify = true;
    if (token === '(' || token.startsWith('(?')) {
      if (token !== '(?:') {
        captures++;
        for (const group of groups) group.varies = true;
      }
      if (token.startsWith('(?P')) names++;
      groups.push({ varies: false });
      source.push(token.replace('?P<', '?<'));
      canQuantify = false;
    } else if (token === ')') {
      closed = groups.pop() ?? null;
      if (closed === null) return refused;
      source.push(token);
    } else {
      if (token === '|') for (const group of groups) group.varies = true;
      if (token === '|' || token === '^' || token === '$') canQuantify = false;
      source.push(
        PATTERN_REPLACEMENTS[token] ?? (/^["'#%&,:;<=>@`~!/ -]$/.test(token) ? escapeForU(token) : token),
      );
    }
  }
  if (groups.length > 0 || (names > 0 && names !== captures)) return refused;
  const cost = (subject.length + 1) ** (quantifiers + 1) + pattern.length;
  if (cost > 1e7 || !charge(cost / 10))
    return unknown('such a regular expression on such a text is not evaluated');
  try {
    return new RegExp(source.join(''), 'u');
  } catch {
    return refused;
  }
}

/** In JavaScript's `u` mode these stand for themselves unescaped. */
function escapeForU(character: string): string {
  return character === '/' ? '\\/' : character;
}

function isOrdered(quantifier: string): boolean {
  const bounds = /^\{(\d+),(\d+)\}/.exec(quantifier);
  return bounds === null || Number(bounds[1]) <= Number(bounds[2]);
}

/** A set whose hyphens are ranges between two letters or two digits, or the first or last character. */
function isPlainSet(token: string): boolean {
  const inner = token.replace(/^\[\^?|\]$/g, '');
  const rest = inner
    .replace(/^-|-$/g, '')
    .replace(/([a-z])-([a-z])|([A-Z])-([A-Z])|([0-9])-([0-9])/g, (range) =>
      (range[0] as string) <= (range[2] as string) ? '' : '-',
    );
  return !/(^|[^\\])-/.test(rest) && !/\[|\\s|--/.test(inner.replace(/\\\[/g, ''));
}

// format

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
    if (match === null) return unknown('such a format is not evaluated', null, 'string');
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

const notFormatted = unknown('such a format is not evaluated', null, 'string');

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
  return isExact(converted) && !Object.is(converted.value, -0)
    ? string(write(converted.value))
    : notFormatted;
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
  if (written.kind !== 'string' || verb.width <= written.value.length) return written;
  if (!isPlain(written.value)) return notFormatted;
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
    if (result.kind !== 'string') return result;
    results.push(result);
  }
  return list(results, 'list', 'string');
}

// JSON and base64.

function encodeJson(value: Value): Value {
  const json = jsonOf(value);
  return json === null
    ? unknown('such a value is not encoded as Terraform does', null, 'string')
    : string(json);
}

/** Go's JSON: keys in order, and <, >, & and the line separators escaped. Null where Go versions differ. */
function jsonOf(value: Value): string | null {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'string':
      return jsonString(value.value);
    case 'list':
    case 'set': {
      const parts = inOrder(value)?.map(jsonOf);
      return parts === undefined || parts.includes(null) ? null : `[${parts.join(',')}]`;
    }
    case 'object': {
      const parts = entriesInOrder(value).map(([key, part]) => [jsonString(key), jsonOf(part)] as const);
      if (parts.some(([key, part]) => key === null || part === null)) return null;
      return `{${parts.map(([key, part]) => `${key}:${part}`).join(',')}}`;
    }
    default:
      return asString(value);
  }
}

function jsonString(value: string): string | null {
  // Go writes \b and \f as such since 1.22 only, and a lone half of a pair in its own way.
  if (/[\b\f\x7f]/.test(value) || /\p{Surrogate}/u.test(value)) return null;
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function decodeJson([source]: readonly Value[]): Value {
  const given = textOf(source);
  let parsed: unknown;
  try {
    parsed = JSON.parse(given);
  } catch {
    return invalid('it is no JSON');
  }
  // JSON.parse keeps 53 bits of a number and does not tell.
  if (/[\d.]{16}|\d[eE][+-]?\d{2}|\\u[dD][89a-fA-F]/.test(given))
    return unknown('a number or character in the JSON is not evaluated');
  return valueOfJson(parsed, 0);
}

function valueOfJson(json: unknown, depth: number): Value {
  if (depth > 100) return TOO_LARGE;
  if (json === null) return { kind: 'null', type: 'any' };
  if (typeof json === 'string') return string(json);
  if (typeof json === 'number') return numberFromText(formatNumber(json)) ?? TOO_LARGE;
  if (typeof json === 'boolean') return bool(json);
  if (Array.isArray(json)) {
    return list(
      json.map((part) => valueOfJson(part, depth + 1)),
      'tuple',
    );
  }
  return object(
    Object.entries(json as object).map(([key, part]) => [key, valueOfJson(part, depth + 1)] as const),
    'object',
  );
}

function encodeBase64(value: string): string {
  const bytes = new TextEncoder().encode(value);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function decodeBase64(value: string): string | Value {
  const compact = value.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return invalid('it is no base64');
  const bytes = Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return invalid('the decoded text is no UTF-8');
  }
}

// Collections.

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

function keys([value]: readonly Value[]): Value {
  const names = entriesInOrder(value as Entries).map(([key]) => string(key));
  return withShape(names, value as Entries, 'string');
}

function values([value]: readonly Value[]): Value {
  const given = value as Entries;
  return withShape(
    entriesInOrder(given).map(([, part]) => part),
    given,
    given.element,
  );
}

/** A list where it comes from a map, a tuple where from an object. */
function withShape(elements: readonly Value[], { shape }: Entries, element: Type | undefined): Value {
  if (shape === undefined) return list(elements);
  return shape === 'map' ? list(elements, 'list', element) : list(elements, 'tuple');
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

function lookup([map, key, fallback]: readonly Value[]): Value {
  const given = map as Entries;
  const name = textOf(key);
  const converted = fallback && convertFallback(given, fallback);
  // A fallback of a wrong type is refused even where the key is there.
  if (converted !== undefined && isInvalid(converted)) return converted;
  return given.entries.get(name) ?? converted ?? invalid(`the map has no key "${name}"`);
}

/** The fallback of a lookup: as it is for an object, converted to the type of the elements for a map. */
function convertFallback(given: Entries, fallback: Value): Value {
  if (given.shape === 'object') return fallback;
  const type = typeOf({ ...given, shape: 'map' });
  const element = typeof type === 'object' && type.kind === 'map' ? type.element : 'unsure';
  if (given.shape === 'map' && isCertain(element)) return convertValue(fallback, element);
  // Whether it is converted is open; these come out the same, or fail.
  const isText =
    fallback.kind === 'string' && numberFromText(fallback.value) === null && asBool(fallback) === null;
  return isText || element === fallback.kind
    ? fallback
    : unknown('the type of the map is not known well enough');
}

function element([values, index]: readonly Value[]): Value {
  const { elements } = values as List;
  const at = amountOf(index);
  if (elements.length === 0) return invalid('element takes a list that is not empty');
  if (!Number.isInteger(at)) return invalid('the index is no whole number');
  // Terraform up to 1.11 refuses a negative index; later ones count from the end.
  return at < 0 ? unknown('a negative index is not evaluated') : (elements[at % elements.length] as Value);
}

function slice([values, from, to]: readonly Value[]): Value {
  const { elements, shape, element } = values as List;
  const start = amountOf(from);
  const end = amountOf(to);
  const isInside =
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= elements.length;
  return isInside
    ? list(elements.slice(start, end), shape, element)
    : invalid('the slice lies outside the list');
}

function merge(given: readonly Value[]): Value {
  const maps = given.filter((value): value is Entries => value.kind === 'object');
  const merged = new Map<string, Value>();
  for (const { entries } of maps) for (const [key, value] of entries) merged.set(key, value);
  // Maps of one element type give a map, all else an object; element types are not compared here.
  if (maps.length === 0 || maps.some(({ shape }) => shape === 'object')) return object(merged, 'object');
  return maps.length === 1 ? (maps[0] as Value) : object(merged);
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
  const isOneKind = kinds.size <= 1 && isPrimitiveType(unifyTypes(elements.map(typeOf)) ?? undefined);
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
    if (part.kind === 'unknown' && !isPrimitiveType(part.type)) return unknownFrom(part, undefined);
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
  if (given.kind === 'set' && sizeOfSet(given) === null) return unknownFrom(given, undefined);
  if (given.elements.length > 1) return invalid('one takes at most one element');
  return (
    given.elements[0] ??
    (given.kind === 'list' && given.shape === 'tuple' ? { kind: 'null', type: 'any' } : { kind: 'null' })
  );
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

function zipMap([names, values]: readonly Value[]): Value {
  const keyElements = (names as List).elements;
  const { elements, shape, element } = values as List;
  if (keyElements.length !== elements.length) return invalid('zipmap takes as many keys as values');
  if (keyElements.some((key) => key.kind === 'null')) return invalid('a key is null');
  const open = keyElements.find((key) => key.kind === 'unknown');
  if (open !== undefined) return unknownFrom(open, undefined);
  const pairs = keyElements.map((key, at) => [textOf(key), elements[at] as Value] as const);
  if (shape === undefined) return object(pairs);
  return shape === 'tuple' ? object(pairs, 'object') : object(pairs, 'map', element);
}

/** A function of sets; their elements are first converted to the type that all have in common. */
const sets = (
  combine: (first: readonly Value[], others: readonly (readonly Value[])[]) => readonly Value[],
): Definition['run'] => {
  return (given) => {
    const lists = given.map((each) => uniform(each));
    const open = lists.find((each) => each.kind === 'unknown');
    if (open !== undefined) return open;
    const type = unifyTypes(lists.map(elementTypeOf));
    if (type === null) return refuseMixture(given, 'the elements of the sets have no type in common');
    const converted = given.map((each) => convertValue(each, { kind: 'set', element: type }));
    const failure = converted.find((each) => each.kind === 'unknown' || !isWhollyKnown(each));
    if (failure !== undefined) return isInvalid(failure) ? failure : unknownFrom(failure, undefined);
    const [first = [], ...others] = converted.map((each) => (each as Collection).elements);
    if (
      first.length * others.length > 10_000 &&
      first.some((each) => each.kind === 'object' || each.kind === 'list')
    )
      return TOO_LARGE;
    return set(combine(first, others), type === 'unsure' ? undefined : type);
  };
};

/** What type a list holds, empty or not. */
function elementTypeOf(value: Value): Type {
  const type = typeOf(value);
  return typeof type === 'object' && type.kind === 'list' ? type.element : 'unsure';
}

/** Tells quickly whether a list of primitives holds a value. */
function membership(elements: readonly Value[]): (value: Value) => boolean {
  const known = new Set(elements.map(identityOf));
  return (value) => known.has(identityOf(value));
}

/** A text that equal values of one type have in common. */
function identityOf(value: Value): string {
  return `${value.kind} ${jsonOf(value)}`;
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
  if (!Number.isInteger(width) || width < 0) return invalid('the size of a chunk is a whole number');
  if (elements.length === 0) return list([], 'list', type);
  const step = width === 0 ? elements.length : width;
  const chunks: Value[] = [];
  for (let at = 0; at < elements.length; at += step)
    chunks.push(list(elements.slice(at, at + step), 'list', element));
  return list(chunks, 'list', type);
}

/** The first argument that is neither null nor an empty text, converted to the type that all have in common. */
function coalesce(given: readonly Value[]): Value {
  const types = given.map(typeOf);
  const type = unifyTypes(types);
  if (type === null) return refuseMixture(given, 'the arguments of coalesce have no type in common');
  if (type === 'unsure' && types.every(isSure))
    return unknown('the types of the arguments are not brought together');
  for (const value of given) {
    const converted = convertValue(value, type);
    if (value.kind === 'unknown' || converted.kind === 'unknown') return unknownOrInvalid(converted);
    if (converted.kind === 'null' || (converted.kind === 'string' && converted.value === '')) continue;
    // An argument further on may yet turn out to have no type in common with a collection.
    if (type === 'unsure' && converted.kind !== 'string')
      return unknown('the types of the arguments are not all known');
    return converted;
  }
  return invalid('all arguments of coalesce are null or empty');
}

function unknownOrInvalid(value: Value): Value {
  return isInvalid(value) ? value : unknownFrom(value, undefined);
}

function coalesceList(given: readonly Value[]): Value {
  for (const value of given as Collection[]) {
    if (value.elements.length > 0) return value;
  }
  return invalid('all arguments of coalescelist are empty');
}

const conversion = (type: 'string' | 'number' | 'bool'): Definition => ({
  parameters: [nullable],
  result: type,
  run: ([value]) => convertValue(value as Value, type),
});

/** tolist, toset and tomap: elements are converted to the type that they have in common. */
const collecting = (kind: 'list' | 'set' | 'map', takes: Parameter): Definition => ({
  parameters: [(value) => (value.kind === 'null' ? value : takes(value))],
  partial: true,
  run: ([value]) => {
    const given = value as Value;
    if (given.kind === 'null') return convertValue(given, { kind, element: 'unsure' });
    const parts = given.kind === 'object' ? [...given.entries.values()] : (given as Collection).elements;
    const own =
      given.kind === 'list' || given.kind === 'set' || given.kind === 'object' ? given.element : undefined;
    const element = own ?? unifyTypes(parts.map(typeOf));
    if (element === null) return refuseMixture([given], 'the elements have no type in common');
    if (element === 'unsure' && isWhollyKnown(given)) return MIXED;
    return convertValue(given, { kind, element });
  },
});

const maybe =
  (parameter: Parameter): Parameter =>
  (value) =>
    value.kind === 'null' ? value : parameter(value);

const FUNCTIONS = new Map<string, Definition>(
  Object.entries({
    abs: {
      parameters: [amount],
      result: 'number',
      run: ([value]) => number(Math.abs(amountOf(value))),
    },
    alltrue: { parameters: [listOf('bool')], result: 'bool', partial: true, run: truths(false) },
    anytrue: { parameters: [listOf('bool')], result: 'bool', partial: true, run: truths(true) },
    base64decode: texts(1, decodeBase64),
    base64encode: texts(1, encodeBase64),
    ceil: { parameters: [amount], near: true, result: 'number', run: rounding(Math.ceil) },
    chomp: texts(1, chomp),
    chunklist: { parameters: [uniform, amount], partial: true, run: chunk },
    coalesce: { parameters: [nullable], rest: nullable, decides: true, partial: true, run: coalesce },
    coalescelist: { parameters: [sequence], rest: sequence, partial: true, run: coalesceList },
    compact: { parameters: [listOf('string')], run: compact },
    concat: { parameters: [sequence], rest: sequence, partial: true, run: concat },
    contains: { parameters: [collection, anything], result: 'bool', partial: true, run: contains },
    distinct: { parameters: [uniform], run: distinct },
    element: { parameters: [sequence, amount], partial: true, run: element },
    endswith: test((value, part) => value.endsWith(part)),
    flatten: { parameters: [collection], partial: true, run: flatten },
    floor: { parameters: [amount], near: true, result: 'number', run: rounding(Math.floor) },
    format: { parameters: [anything], rest: nullable, result: 'string', run: format },
    formatlist: { parameters: [anything], rest: nullable, run: formatList },
    indent: { parameters: [amount, text], result: 'string', run: indent },
    index: { parameters: [sequence, anything], result: 'number', partial: true, run: indexOf },
    join: { parameters: [text, listOf('string')], rest: listOf('string'), result: 'string', run: join },
    jsondecode: { parameters: [text], run: decodeJson },
    jsonencode: { parameters: [nullable], result: 'string', run: ([value]) => encodeJson(value as Value) },
    keys: { parameters: [entries], partial: true, run: keys },
    length: { parameters: [anything], result: 'number', partial: true, run: length },
    lookup: { parameters: [entries, text, nullable], optional: 1, partial: true, run: lookup },
    lower: texts(1, (value) => mapLetters(value, (letters) => letters.toLowerCase())),
    max: {
      parameters: [amount],
      rest: amount,
      near: true,
      result: 'number',
      run: extreme((order) => order > 0),
    },
    merge: { parameters: [], rest: maybe(entries), partial: true, run: merge },
    min: {
      parameters: [amount],
      rest: amount,
      near: true,
      result: 'number',
      run: extreme((order) => order < 0),
    },
    nonsensitive: { parameters: [nullable], partial: true, run: ([value]) => value as Value },
    one: { parameters: [collection], partial: true, run: one },
    range: { parameters: [amount, amount, amount], optional: 2, run: range },
    regex: { parameters: [text, text], run: matchPattern },
    regexall: { parameters: [text, text], run: matchAllPatterns },
    replace: { parameters: [text, text, text], result: 'string', run: replaceText },
    reverse: { parameters: [collection], partial: true, run: reverse },
    sensitive: { parameters: [nullable], partial: true, run: ([value]) => value as Value },
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
    signum: {
      parameters: [amount],
      result: 'number',
      run: ([value]) => signum(amountOf(value)),
    },
    slice: { parameters: [sequence, amount, amount], partial: true, run: slice },
    sort: { parameters: [listOf('string')], run: sort },
    split: { parameters: [text, text], run: split },
    startswith: test((value, part) => value.startsWith(part)),
    strcontains: test((value, part) => value.includes(part)),
    strrev: texts(1, (value) => [...value].reverse().join(''), true),
    substr: { parameters: [text, amount, amount], result: 'string', run: substring },
    sum: { parameters: [listOf('number')], result: 'number', run: sum },
    title: texts(1, title),
    tobool: conversion('bool'),
    tolist: collecting('list', collection),
    tomap: collecting('map', entries),
    tonumber: conversion('number'),
    toset: collecting('set', collection),
    tostring: conversion('string'),
    trim: texts(2, (value, cut) => trimCharacters(value, (character) => cut.includes(character))),
    trimprefix: texts(2, (value, prefix) => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
    trimspace: texts(1, (value) => trimCharacters(value, (character) => SPACE.test(character))),
    trimsuffix: texts(2, (value, suffix) =>
      suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
    ),
    upper: texts(1, (value) => mapLetters(value, (letters) => letters.toUpperCase())),
    values: { parameters: [entries], partial: true, run: values },
    zipmap: { parameters: [listOf('string'), sequence], partial: true, run: zipMap },
  } satisfies Record<string, Definition>),
);
