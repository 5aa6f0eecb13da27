import type { SourceFile } from '../source/source-file.ts';
import { escapedSequence } from './scan.ts';

/** A stretch of literal text of a template while its final value is worked out. */
export interface Piece {
  readonly kind: 'piece';
  value: string;
  readonly start: number;
  readonly end: number;
}

/** A `${…}` or `%{…}` between pieces, and whether its edges carry `~`. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly trimsBefore: boolean;
  readonly trimsBehind: boolean;
}

/** The value of literal template text from `start` to `end`; `escapes` says whether `\` escapes. */
export function decodeText(text: string, start: number, end: number, escapes: boolean): string {
  const raw = text.slice(start, end);
  if (!(escapes && raw.includes('\\')) && !raw.includes('$${') && !raw.includes('%%{')) return raw;
  let value = '';
  let from = 0;
  for (let at = 0; at < raw.length; ) {
    const character = raw[at];
    if (character === '$' || character === '%') {
      const length = escapedSequence(raw, at);
      if (length === 3) {
        value += raw.slice(from, at + 1);
        from = at + 2;
      }
      at += length;
    } else if (character === '\\' && escapes) {
      value += raw.slice(from, at);
      const { decoded, length } = decodeEscape(raw, at);
      value += decoded;
      at += length;
      from = at;
    } else at++;
  }
  return value + raw.slice(from);
}

function decodeEscape(raw: string, at: number): { decoded: string; length: number } {
  const letter = raw[at + 1];
  switch (letter) {
    case 'n':
      return { decoded: '\n', length: 2 };
    case 'r':
      return { decoded: '\r', length: 2 };
    case 't':
      return { decoded: '\t', length: 2 };
    case '"':
    case '\\':
      return { decoded: letter, length: 2 };
    case 'u':
    case 'U': {
      const length = letter === 'u' ? 4 : 8;
      const digits = raw.slice(at + 2, at + 2 + length);
      const code =
        /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1;
      if (code >= 0 && code <= 0x10ffff) return { decoded: String.fromCodePoint(code), length: 2 + length };
    }
  }
  // What HCL refuses stands for itself; the scan has raised its doubt.
  return { decoded: raw.slice(at, at + 2), length: 2 };
}

/** The pieces of a stretch of template text: one per line where `byLine`, since HCL trims line by line. */
export function piecesOf(
  file: SourceFile,
  start: number,
  end: number,
  escapes: boolean,
  byLine: boolean,
): Piece[] {
  const { text } = file;
  const pieces: Piece[] = [];
  for (let from = start; from < end; ) {
    const lineBreak = byLine ? text.indexOf('\n', from) : -1;
    const to = lineBreak === -1 || lineBreak >= end ? end : lineBreak + 1;
    pieces.push({ kind: 'piece', value: decodeText(text, from, to, escapes), start: from, end: to });
    from = to;
  }
  return pieces;
}

/** Takes off what `~` trims: the blanks of the neighbouring piece, which in a heredoc is a line. */
export function trimAtMarks(flat: readonly (Piece | Sequence)[]): void {
  for (let index = 0; index < flat.length; index++) {
    const sequence = flat[index];
    if (sequence?.kind !== 'sequence') continue;
    const before = flat[index - 1];
    if (sequence.trimsBefore && before?.kind === 'piece') before.value = withoutTrailingBlanks(before.value);
    const behind = flat[index + 1];
    if (sequence.trimsBehind && behind?.kind === 'piece') behind.value = behind.value.replace(LEADING, '');
  }
}

/** Takes the smallest common indentation off the lines of a `<<-` heredoc, by HCL's own algorithm. */
export function removeIndentation(flat: readonly (Piece | Sequence)[]): void {
  let smallest = Number.POSITIVE_INFINITY;
  let lineStarts = true;
  const indented: Piece[] = [];
  for (const item of flat) {
    if (lineStarts) {
      lineStarts = false;
      let blanks = 0;
      if (item.kind === 'piece') {
        const rest = item.value.replace(LEADING, '');
        if (rest === '' && item.value.endsWith('\n')) blanks = Number.POSITIVE_INFINITY;
        else {
          blanks = item.value.length - rest.length;
          indented.push(item);
        }
      }
      if (blanks < smallest) smallest = blanks;
    }
    if (item.kind === 'piece' && item.value.endsWith('\n')) lineStarts = true;
  }
  for (const piece of indented) piece.value = piece.value.slice(smallest);
}

/** Blanks as Go's `unicode.IsSpace` has them. */
const LEADING = /^[\t\n\v\f\r \u0085\p{Z}]+/u;
const BLANK = /[\t\n\v\f\r \u0085\p{Z}]/u;

/** From the end on: a pattern would try each run of blanks from each of its characters. */
function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && BLANK.test(text[end - 1] as string)) end--;
  return text.slice(0, end);
}
