import { entriesInOrder, inOrder } from '../order.ts';
import { asString, bool, invalid, list, number, object, string, unknown, type Value } from '../value.ts';
import { type FunctionTable, TOO_LARGE } from './definition.ts';
import { nullable, text, textOf } from './parameters.ts';
import { texts } from './texts.ts';

/** A value as JSON text, or unknown where Go versions differ. */
export function encodeJson(value: Value): Value {
  const json = jsonOf(value);
  return json === null
    ? unknown('such a value is not encoded as Terraform does', null, 'string')
    : string(json);
}

/** Go's JSON: keys in order, and <, >, & and the line separators escaped. Null where Go versions differ. */
export function jsonOf(value: Value): string | null {
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
    // Go stops behind the first value, whatever follows a bracket that closes nothing (cty, json.Unmarshal).
    return /[\]}]/.test(given) ? unknown('such JSON is not evaluated') : invalid('it is no JSON');
  }
  // JSON.parse keeps 53 bits of a number and does not tell. Characters from U+0300 on may compose with others.
  if (/[\d.]{16}|\d[eE][+-]?\d{2}|\\u(?!0[0-2])/.test(given))
    return unknown('a number or character in the JSON is not evaluated');
  return valueOfJson(parsed, 0);
}

function valueOfJson(json: unknown, depth: number): Value {
  if (depth > 100) return TOO_LARGE;
  if (json === null) return { kind: 'null', type: 'any' };
  if (typeof json === 'string') return string(json);
  if (typeof json === 'number') return number(json);
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

export const ENCODING_FUNCTIONS = {
  base64decode: texts(1, decodeBase64),
  base64encode: texts(1, encodeBase64),
  jsondecode: { parameters: [text], run: decodeJson },
  jsonencode: { parameters: [nullable], result: 'string', run: ([value]) => encodeJson(value as Value) },
} satisfies FunctionTable;
