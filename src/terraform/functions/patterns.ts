import type { Type } from '../type.ts';
import { invalid, list, object, string, typeOf, unknown, type Value } from '../value.ts';
import { type Charge, type FunctionTable, LONGEST_TEXT, TOO_LARGE } from './definition.ts';
import { text, textOf } from './parameters.ts';

/** `replace` with a regular expression, whose matches are replaced by a text that may name groups. */
export function replacePattern(whole: string, pattern: string, by: string, charge: Charge): Value {
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
  for (const part of by.split(/(\$\$|\$\{\d{1,2}\}|\$\d{1,2}(?![\w\x80-\uffff]))/)) {
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
  return list(matches.map(matchedValue), 'list', typeOfMatch(expression));
}

/** The type of all matches of a pattern, seen from one that always matches. */
function typeOfMatch(expression: RegExp): Type {
  return typeOf(
    matchedValue(new RegExp(`${expression.source}|`, expression.flags).exec('') as RegExpExecArray),
  );
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

export const PATTERN_FUNCTIONS = {
  regex: { parameters: [text, text], run: matchPattern },
  regexall: { parameters: [text, text], run: matchAllPatterns },
} satisfies FunctionTable;
