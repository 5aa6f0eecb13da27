import type { SourceFile } from '../source/source-file.ts';
import { hasUnicode } from './scan.ts';

/** A line as `fmt` sees it: a heredoc and a comment of several lines do not end it. */
export interface Line {
  readonly start: number;
  /** Behind the line break. */
  readonly end: number;
  /** Offset of the first token; in a blank line that of the line break. */
  readonly first: number;
  readonly kind: 'blank' | 'comment' | 'code';
  /** Offset of the first `=` that assigns, or -1. */
  readonly sign: number;
  /** Whether the value behind `sign` ends in this line. */
  readonly whole: boolean;
  /** Offset of the `#` or `//` comment behind other tokens, or -1. */
  readonly comment: number;
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  /** Brackets opened less brackets closed. */
  readonly net: number;
  readonly opens: boolean;
  readonly closes: boolean;
  /** Whether the last token is the mark that ends a heredoc. */
  readonly endsHeredoc: boolean;
  /** Whether the line starts inside the `${…}` of a string or heredoc. */
  readonly inside: boolean;
}

const linesByFile = new WeakMap<SourceFile, readonly Line[]>();

/** The lines of a file, split once. */
export function linesOf(file: SourceFile): readonly Line[] {
  const lines = linesByFile.get(file) ?? linesIn(file.text);
  linesByFile.set(file, lines);
  return lines;
}

/** Index of the line that holds an offset; the end of the text belongs to the last line. */
export function lineIndexAt(lines: readonly Line[], offset: number): number {
  return Math.max(0, lastIndexUpTo(lines, offset));
}

/** Index of the last of sorted items that starts at or before an offset, or -1. */
export function lastIndexUpTo(items: readonly { readonly start: number }[], offset: number): number {
  let low = -1;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((items[middle] as { readonly start: number }).start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const BLANK = /[ \t\r]+/y;
const UNICODE_TOKEN =
  /\n|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"|<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n|[=!<>]=|=>|[\p{ID_Start}_][\p{ID_Continue}-]*|[\s\S]/uy;

/** The same for text in ASCII: the first use of Unicode's classes takes longer than a whole template. */
const ASCII_TOKEN =
  /\n|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"|<<-?([A-Za-z_][\w-]*)\r?\n|[=!<>]=|=>|[A-Za-z_][\w-]*|[\s\S]/y;
const QUOTED = /[^"\\\n$%]+|[$%]\{|\$\$\{|%%\{|\\[\s\S]|["\n$%]/uy;
const HEREDOC = /[^\n$%]+|[$%]\{|\$\$\{|%%\{|[\n$%]/uy;

/** Splits text into lines with the rules of HCL's scanner; never throws, whatever the text. */
export function linesIn(text: string): Line[] {
  const tokenPattern = hasUnicode(text) ? UNICODE_TOKEN : ASCII_TOKEN;
  const lines: Line[] = [];
  /** What is open: a brace, a `${`, a quoted string, or the mark of a heredoc. */
  const open: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = new LineReader(at, false);
  while (at < text.length) {
    const top = open.at(-1);
    if (top === '"') {
      QUOTED.lastIndex = at;
      const [piece = ''] = QUOTED.exec(text) ?? [];
      if (piece === '"' || piece === '\n' || piece === '') open.pop();
      if (piece === '\n' || piece === '') continue;
      at += piece.length;
      if (piece === '${' || piece === '%{') {
        open.push('${');
        line.bracket(1);
      }
      continue;
    }
    if (top?.startsWith('<<')) {
      if (text[at - 1] === '\n') {
        const lineEnd = text.indexOf('\n', at);
        const content = text.slice(at, lineEnd === -1 ? text.length : lineEnd).trimEnd();
        if (content.trimStart() === top.slice(2)) {
          open.pop();
          at += content.length;
          line.endHeredoc();
          continue;
        }
      }
      HEREDOC.lastIndex = at;
      const [piece = ''] = HEREDOC.exec(text) ?? [];
      at += piece.length;
      if (piece === '${' || piece === '%{') {
        open.push('${');
        line.bracket(1);
      }
      continue;
    }
    BLANK.lastIndex = at;
    if (BLANK.test(text)) {
      at = BLANK.lastIndex;
      continue;
    }
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (!match) break;
    const [token, marker] = match;
    const start = at;
    at += token.length;
    if (token === '\n') {
      lines.push(line.finish(text, at));
      line = new LineReader(at, open.length > 0 && open.includes('${'));
    } else if (token[0] === '#' || token.startsWith('//') || token.startsWith('/*')) {
      line.addComment(start, start + token.replace(/\r$/, '').length, token[1] !== '*');
    } else {
      line.token(start, token);
      if (marker !== undefined) open.push(`<<${marker}`);
      else if (token === '"' || token === '{') open.push(token);
      else if (token === '}') open.pop();
    }
  }
  if (at > line.start || line.first !== -1) lines.push(line.finish(text, text.length));
  return lines;
}

/** Takes the tokens of one line. */
class LineReader {
  readonly start: number;
  first = -1;
  readonly #inside: boolean;
  readonly #comments: { start: number; end: number }[] = [];
  #comment = -1;
  #sign = -1;
  #net = 0;
  #netBehindSign = 0;
  #inHeredoc = false;
  #firstToken = '';
  #lastToken = '';

  constructor(start: number, inside: boolean) {
    this.start = start;
    this.#inside = inside;
  }

  token(offset: number, token: string): void {
    if (token === '=' && this.#sign === -1 && this.first !== -1) this.#sign = offset;
    if (this.first === -1) this.first = offset;
    this.#firstToken ||= token;
    this.#lastToken = token;
    if (token.startsWith('<<')) this.#inHeredoc = true;
    else if (OPENING.has(token)) this.bracket(1);
    else if (CLOSING.has(token)) this.bracket(-1);
  }

  /** Counts a bracket; `fmt` indents by those in front of a heredoc only, but aligns by all. */
  bracket(change: number): void {
    if (!this.#inHeredoc) this.#net += change;
    if (this.#sign !== -1) this.#netBehindSign += change;
  }

  endHeredoc(): void {
    this.#lastToken = HEREDOC_END;
  }

  addComment(start: number, end: number, endsLine: boolean): void {
    if (endsLine && this.first !== -1) this.#comment = start;
    if (this.first === -1) this.first = start;
    this.#comments.push({ start, end });
  }

  finish(text: string, end: number): Line {
    const { start, first } = this;
    const blank = first === -1;
    return {
      start,
      end,
      first: blank ? start + text.slice(start, end).replace(/\r?\n$/, '').length : first,
      kind: blank ? 'blank' : this.#firstToken ? 'code' : 'comment',
      sign: this.#sign,
      whole: this.#netBehindSign === 0,
      comment: this.#comment,
      comments: this.#comments,
      net: this.#net,
      opens: OPENING.has(this.#lastToken),
      closes: CLOSING.has(this.#firstToken),
      endsHeredoc: this.#lastToken === HEREDOC_END,
      inside: this.#inside,
    };
  }
}

const OPENING = new Set(['{', '[', '(']);
const CLOSING = new Set(['}', ']', ')']);
const HEREDOC_END = 'heredoc end';
