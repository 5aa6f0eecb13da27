import type { SourceFile } from '../source/source-file.ts';
import type { Comment, SyntaxProblem } from './syntax.ts';

/** Nesting of brackets, blocks and operators at which a file is refused; real templates stay below 20. */
export const MAX_DEPTH = 500;

/** Templates inside templates at which a file is refused: the grammar's own scanner forgets them at 63. */
const MAX_TEMPLATE_DEPTH = 50;

/** Strings in a row at which a file is refused: none but labels follow each other, and no block has so many. */
const MAX_STRINGS = 1000;

/** Where a heredoc's text lies: from behind the line break of `<<MARK` to the start of the marker's line. */
interface Heredoc {
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly indented: boolean;
}

/** What separates the items of one brace pair: line breaks that HCL heeds, and commas. */
export interface Separator {
  readonly offset: number;
  readonly comma: boolean;
}

/**
 * One linear pass over a file with the rules of HCL's own scanner. The grammar wants a lexed token for
 * each blank, comment and character of a string, which is most of a template and most of its time: `compact`
 * is the file without them, each word, reference and number a single character, heredocs turned into quoted
 * strings, and `starts`/`ends` lead back.
 */
export interface Scan {
  readonly compact: string;
  /** Offset in the file of each character of `compact`. */
  readonly starts: Int32Array;
  /** Offset in the file behind each character of `compact`. */
  readonly ends: Int32Array;
  readonly comments: readonly Comment[];
  /** Heredocs by the offset of their `<<`. */
  readonly heredocs: ReadonlyMap<number, Heredoc>;
  /** Offset behind each closed string and heredoc, by the offset at which it opens. */
  readonly templateEnds: ReadonlyMap<number, number>;
  /** Separators by the offset of the opening brace of a body or an object; -1 is the file itself. */
  readonly separators: ReadonlyMap<number, readonly Separator[]>;
  /** Offsets of words that start a line outside strings and heredocs: where a broken file may be taken up again. */
  readonly lineWords: readonly number[];
  /** Whether everything that was opened is closed. */
  readonly closed: boolean;
  /** Offset at which the file is nested too deeply to be read, else null. */
  readonly tooDeepAt: number | null;
  /** Offset at which it is plain that a file is no HCL, else null. */
  readonly rubbishAt: number | null;
  /** The first thing that HCL's scanner would refuse, else null. */
  readonly doubt: string | null;
}

/** What is open while scanning; braces are told apart because only some of them heed line breaks. */
type Open =
  | 'brace'
  | 'for brace'
  | 'paren'
  | 'bracket'
  | 'quoted'
  | 'heredoc'
  | 'interpolation'
  | 'directive';

interface Frame {
  readonly open: Open;
  /** Offset of what opened it; the key of its separators. */
  readonly at: number;
  /** Operators seen in it since the last separator, and directives that are open: they nest too. */
  operators: number;
  /** The word that ends a heredoc; empty for one that runs to the end of the text. */
  readonly marker: string;
  readonly bodyStart: number;
}

/** The words of HCL as patterns. */
interface Words {
  readonly identifier: RegExp;
  readonly heredoc: RegExp;
  readonly for: RegExp;
  /** What opens a part of a template or closes it; `else` does neither. */
  readonly directive: RegExp;
}

const UNICODE_WORDS: Words = {
  identifier: /[\p{ID_Start}_][\p{ID_Continue}-]*/uy,
  heredoc: /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy,
  for: /for(?![\p{ID_Continue}-])/uy,
  directive: /%\{~?[ \t\r\n]*(?:(if|for)|end(?:if|for))(?![\p{ID_Continue}-])/uy,
};

/** The same for text in ASCII: the first use of Unicode's classes takes longer than a whole template. */
const ASCII_WORDS: Words = {
  identifier: /[A-Za-z_][\w-]*/y,
  heredoc: /<<(-?)([A-Za-z_][\w-]*)\r?\n/y,
  for: /for(?![\w-])/y,
  directive: /%\{~?[ \t\r\n]*(?:(if|for)|end(?:if|for))(?![\w-])/y,
};

/** Whether a text has a character beyond ASCII. */
export function hasUnicode(text: string): boolean {
  return /[\u0080-\uffff]/.test(text);
}

const KEYWORDS = new Set(['for', 'in', 'if', 'else', 'endif', 'endfor', 'true', 'false', 'null']);
const HEX = /^[0-9a-fA-F]+$/;

/** A part of a file to scan, and how. */
interface ScanOptions {
  readonly from?: number;
  readonly to?: number;
  /** Shows the grammar each `${…}` and `%{…}` as an empty `${}`, so that an error inside stays inside. */
  readonly hollow?: boolean;
}

/** Scans a file; never throws, whatever the text. */
export function scan(file: SourceFile, options: ScanOptions = {}): Scan {
  return new Scanner(file, options).run();
}

/** The problem of a file that is nested too deeply to be given to any parser. */
export function tooDeepProblem(file: SourceFile, at: number): SyntaxProblem {
  return {
    span: { file, start: at, end: Math.min(at + 1, file.text.length) },
    summary: 'Nested too deeply',
    detail: `The file is nested too deeply here to be checked: brackets, templates and operators add up to more than ${MAX_DEPTH} levels.`,
    unverified: true,
  };
}

/** Scans a whole text as one template, the right-hand side of an argument. */
export function scanTemplate(file: SourceFile): Scan {
  return new Scanner(file, {}).runTemplate();
}

class Scanner {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #words: Words;
  readonly #end: number;
  readonly #hollow: boolean;
  #at: number;
  readonly #pieces: string[] = [];
  #starts = new Int32Array(1024);
  #ends = new Int32Array(1024);
  #length = 0;
  readonly #comments: Comment[] = [];
  readonly #heredocs = new Map<number, Heredoc>();
  readonly #templateEnds = new Map<number, number>();
  readonly #separators = new Map<number, Separator[]>();
  readonly #stack: Frame[] = [];
  #top: Frame = frame('brace', -1);
  /** Operators of all open frames below the top. */
  #operatorsBelow = 0;
  #templates = 0;
  readonly #lineWords: number[] = [];
  #closed = true;
  /** Depth of the stack at which a hollow sequence was opened; 0 outside of one. */
  #mutedFrom = 0;
  #doubt: string | null = null;
  #tooDeepAt: number | null = null;
  #rubbishAt: number | null = null;
  /** Strings that follow each other without anything but blanks and comments between them. */
  #strings = 0;
  /** Whether blanks or a comment stood before the current token, and the last character emitted. */
  #gap = false;
  #last = '';

  constructor(file: SourceFile, { from = 0, to = file.text.length, hollow = false }: ScanOptions) {
    this.#file = file;
    this.#text = file.text;
    this.#words = hasUnicode(file.text) ? UNICODE_WORDS : ASCII_WORDS;
    this.#at = from;
    this.#end = to;
    this.#hollow = hollow;
  }

  run(): Scan {
    if (this.#at === 0) {
      if (/\r(?!\n)/.test(this.#text)) this.#suspect('carriage return without line feed');
      if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    }
    this.#readAll();
    if (this.#stack.length > 0) {
      this.#closed = false;
      this.#suspect('unclosed bracket, string or heredoc');
    }
    return this.#result();
  }

  #readAll(): void {
    while (this.#at < this.#end && this.#tooDeepAt === null && this.#rubbishAt === null) {
      const { open } = this.#top;
      if (open === 'quoted') this.#quotedText();
      else if (open === 'heredoc') this.#heredocText();
      else this.#token();
    }
  }

  #result(): Scan {
    while (this.#stack.length > 0 && this.#tooDeepAt === null) this.#closeAtEnd();
    return {
      compact: this.#pieces.join(''),
      starts: this.#starts.subarray(0, this.#length),
      ends: this.#ends.subarray(0, this.#length),
      comments: this.#comments,
      heredocs: this.#heredocs,
      templateEnds: this.#templateEnds,
      separators: this.#separators,
      lineWords: this.#lineWords,
      closed: this.#closed,
      tooDeepAt: this.#tooDeepAt,
      rubbishAt: this.#rubbishAt,
      doubt: this.#doubt,
    };
  }

  runTemplate(): Scan {
    // Without a marker the text runs to its end.
    this.#emit('_=', 0, 0);
    this.#emit('"', 0, 0);
    this.#push('heredoc', 0, '', 0);
    this.#heredocs.set(0, { bodyStart: 0, bodyEnd: this.#end, indented: false });
    this.#readAll();
    if (this.#stack.length > 1) this.#suspect('unclosed bracket, string or heredoc');
    else this.#templateEnds.set(0, this.#end);
    return this.#result();
  }

  #suspect(reason: string): void {
    this.#doubt ??= reason;
  }

  /** Hands `text`, which stands for the source from `start` to `end`, to the grammar. */
  #emit(text: string, start: number, end: number): void {
    if (text !== '"') this.#strings = 0;
    if (this.#mutedFrom > 0) return;
    const length = text.length;
    if (this.#length + length + 1 > this.#starts.length) this.#grow(length + 1);
    if (this.#gap) {
      this.#gap = false;
      if (!isDelimiter(this.#last) && !isDelimiter(text)) {
        this.#pieces.push(' ');
        this.#starts[this.#length] = start;
        this.#ends[this.#length] = start;
        this.#length++;
      }
    }
    this.#pieces.push(text);
    const exact = end - start === length;
    for (let index = 0; index < length; index++) {
      this.#starts[this.#length] = exact ? start + index : start;
      this.#ends[this.#length] = exact ? start + index + 1 : end;
      this.#length++;
    }
    this.#last = text[length - 1] as string;
  }

  #grow(by: number): void {
    const size = Math.max(this.#starts.length * 2, this.#length + by);
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#starts = starts;
    this.#ends = ends;
  }

  #push(open: Open, at: number, marker = '', bodyStart = at): void {
    this.#stack.push(this.#top);
    this.#operatorsBelow += this.#top.operators;
    this.#top = frame(open, at, marker, bodyStart);
    if (open === 'quoted' || open === 'heredoc') this.#templates++;
    if (this.#stack.length + this.#operatorsBelow > MAX_DEPTH || this.#templates > MAX_TEMPLATE_DEPTH) {
      this.#tooDeepAt ??= at;
    }
  }

  #pop(): void {
    if (this.#stack.length === this.#mutedFrom) this.#mutedFrom = 0;
    if (this.#top.open === 'quoted' || this.#top.open === 'heredoc') this.#templates--;
    this.#top = this.#stack.pop() as Frame;
    this.#operatorsBelow -= this.#top.operators;
  }

  /** Whether line breaks end something here: in a file, a body and an object, but not inside other brackets. */
  #heedsLines(): boolean {
    return this.#top.open === 'brace';
  }

  #separator(offset: number, comma: boolean): void {
    this.#top.operators = 0;
    if (!this.#heedsLines()) return;
    const list = this.#separators.get(this.#top.at);
    if (list === undefined) this.#separators.set(this.#top.at, [{ offset, comma }]);
    else list.push({ offset, comma });
  }

  #operator(length: number): void {
    this.#top.operators++;
    if (this.#stack.length + this.#operatorsBelow + this.#top.operators > MAX_DEPTH) {
      this.#tooDeepAt ??= this.#at;
    }
    this.#take(length);
  }

  #take(length: number): void {
    const start = this.#at;
    this.#at += length;
    this.#emit(this.#text.slice(start, this.#at), start, this.#at);
  }

  #token(): void {
    const text = this.#text;
    const at = this.#at;
    const code = text.charCodeAt(at);
    if (isWordStart(code)) {
      this.#word(this.#wordEnd(at));
      return;
    }
    switch (code) {
      case 0x20:
      case 0x09:
        this.#at++;
        this.#gap = true;
        return;
      case 0x0d:
        this.#at++;
        this.#gap = true;
        return;
      case 0x0a:
        this.#gap = true;
        if (this.#heedsLines()) this.#separator(at, false);
        this.#at++;
        return;
      case 0x22: // "
        this.#emit('"', at, at + 1);
        this.#at++;
        this.#push('quoted', at);
        if (++this.#strings > MAX_STRINGS) this.#rubbishAt = at;
        return;
      case 0x23: // #
        this.#lineComment('#');
        return;
      case 0x2f: // /
        if (text.charCodeAt(at + 1) === 0x2f) this.#lineComment('//');
        else if (text.charCodeAt(at + 1) === 0x2a) this.#blockComment();
        else this.#operator(1);
        return;
      case 0x7b: // {
        this.#words.for.lastIndex = skipBlank(text, at + 1);
        this.#take(1);
        this.#push(this.#words.for.test(text) ? 'for brace' : 'brace', at);
        return;
      case 0x28: // (
        this.#take(1);
        this.#push('paren', at);
        return;
      case 0x5b: // [
        this.#checkSplat(at + 1);
        this.#take(1);
        this.#push('bracket', at);
        return;
      case 0x7d: // }
        this.#closeBrace();
        return;
      case 0x29: // )
      case 0x5d: // ]
        if (this.#top.open === (code === 0x29 ? 'paren' : 'bracket')) this.#pop();
        else this.#suspect('unbalanced brackets');
        this.#take(1);
        return;
      case 0x2c: // ,
        this.#separator(at, true);
        this.#take(1);
        return;
      case 0x3c: // <
        if (text.charCodeAt(at + 1) === 0x3c && this.#openHeredoc()) return;
        this.#operator(1);
        return;
      case 0x2e: // .
      case 0x3a: // :
        this.#take(1);
        return;
      case 0x3d: // =
        if (text.charCodeAt(at + 1) === 0x3d) this.#operator(2);
        else this.#take(1);
        return;
      case 0x21: // !
      case 0x25: // %
      case 0x26: // &
      case 0x2a: // *
      case 0x2b: // +
      case 0x2d: // -
      case 0x3e: // >
      case 0x3f: // ?
      case 0x7c: // |
        this.#operator(1);
        return;
      case 0x7e: // ~
        this.#stripMark();
        return;
    }
    if (isDigit(code)) this.#number();
    else if (code > 127) {
      const end = this.#unicodeWordEnd(at);
      if (end > at) this.#take(end - at);
      else this.#stray();
    } else this.#stray();
  }

  /**
   * Which word it is means nothing to the grammar unless it is a keyword, and one letter is read faster than ten: so
   * words and whole references (`data.coder_task.me.prompt`) are one letter each.
   */
  #word(end: number): void {
    const text = this.#text;
    const start = this.#at;
    const word = text.slice(start, end);
    const isKeyword = KEYWORDS.has(word);
    if (this.#templates === 0 && (start === 0 || text.charCodeAt(start - 1) === 0x0a)) {
      this.#lineWords.push(start);
    }
    let behind = end;
    while (!isKeyword && behind < this.#end && text.charCodeAt(behind) === 0x2e) {
      const next = this.#wordEnd(behind + 1);
      if (next === behind + 1) break;
      behind = next;
    }
    this.#at = behind;
    this.#emit(isKeyword ? word : 'a', start, behind);
    if (!isKeyword && this.#heedsLines()) this.#separateFromKey(behind);
  }

  /** Without the line break, an object's next key `(…)` would look like the arguments of a call. */
  #separateFromKey(at: number): void {
    const next = skipBlank(this.#text, at);
    if (next === at || this.#text.charCodeAt(next) !== 0x28) return;
    if (this.#text.slice(at, next).includes('\n')) this.#emit(',', at, at);
  }

  /** Offset behind the word that starts at an offset; the offset itself when none does. */
  #wordEnd(at: number): number {
    const text = this.#text;
    let end = at;
    if (isWordStart(text.charCodeAt(at))) while (end < this.#end && isWordPart(text.charCodeAt(end))) end++;
    return end < this.#end && text.charCodeAt(end) > 127 ? this.#unicodeWordEnd(at) : end;
  }

  /** A character that belongs to no token; the grammar sees it and reports an error there. */
  #stray(): void {
    this.#suspect('character that HCL does not know');
    const start = this.#at;
    this.#at += (this.#text.codePointAt(start) as number) > 0xffff ? 2 : 1;
    this.#emit('\u0001', start, this.#at);
  }

  #unicodeWordEnd(at: number): number {
    const { identifier } = this.#words;
    identifier.lastIndex = at;
    return identifier.test(this.#text) ? Math.min(identifier.lastIndex, this.#end) : at;
  }

  /** HCL takes `1.2.3` and `1e5` for one number each; the grammar is shown a single digit. */
  #number(): void {
    const text = this.#text;
    const start = this.#at;
    let end = start;
    for (let at = start; at < this.#end; at++) {
      const code = text.charCodeAt(at);
      if (isDigit(code)) end = at + 1;
      else if (code === 0x65 || code === 0x45) {
        const sign = text.charCodeAt(at + 1);
        if (sign === 0x2b || sign === 0x2d) at++;
        if (!isDigit(text.charCodeAt(at + 1))) break;
      } else if (code !== 0x2e) break;
    }
    const literal = text.slice(start, end);
    this.#at = end;
    if (isWordStart(text.charCodeAt(end))) this.#suspect('word glued to a number');
    if (/^\d+$/.test(literal)) this.#emit('0', start, end);
    else if (this.#last === '.') {
      // `a.0.1` is one number to HCL, which refuses it; `a.0e1` is one too, but the grammar cannot read it.
      this.#suspect('malformed index');
      this.#emit(literal, start, end);
    } else {
      if (!/^\d+(\.\d+)?([eE][-+]?\d+)?$/.test(literal)) this.#suspect('malformed number');
      this.#emit('0', start, end);
    }
  }

  /** `~` is a token of its own only at the inner edges of `${…}` and `%{…}`. */
  #stripMark(): void {
    const { open, at } = this.#top;
    const inTemplate = open === 'interpolation' || open === 'directive';
    const opens = inTemplate && this.#at === at + 2;
    const closes = inTemplate && this.#text[this.#at + 1] === '}';
    if (!opens && !closes) this.#suspect('`~` outside the edges of a template sequence');
    this.#take(1);
  }

  #lineComment(style: '#' | '//'): void {
    const start = this.#at;
    let end = this.#text.indexOf('\n', start);
    if (end === -1 || end > this.#end) end = this.#end;
    this.#at = end;
    this.#gap = true;
    if (this.#text.charCodeAt(end - 1) === 0x0d) end--;
    this.#comments.push({
      span: { file: this.#file, start, end },
      style,
      text: this.#text.slice(start + style.length, end).trim(),
    });
  }

  #blockComment(): void {
    const start = this.#at;
    const close = this.#text.indexOf('*/', start + 2);
    const closed = close !== -1 && close + 2 <= this.#end;
    if (!closed) this.#suspect('unclosed comment');
    const end = closed ? close + 2 : this.#end;
    this.#at = end;
    this.#gap = true;
    this.#comments.push({
      span: { file: this.#file, start, end },
      style: '/*',
      text: this.#text.slice(start + 2, closed ? close : end).trim(),
    });
  }

  #openHeredoc(): boolean {
    const { heredoc } = this.#words;
    heredoc.lastIndex = this.#at;
    const match = heredoc.exec(this.#text);
    if (match === null || heredoc.lastIndex > this.#end) return false;
    const start = this.#at;
    this.#at = heredoc.lastIndex;
    this.#emit('"', start, this.#at);
    this.#push('heredoc', start, match[2] as string, this.#at);
    this.#heredocs.set(start, { bodyStart: this.#at, bodyEnd: this.#end, indented: match[1] === '-' });
    return true;
  }

  /** HCL wants `[*]` on one line. */
  #checkSplat(at: number): void {
    const star = skipBlank(this.#text, at);
    if (this.#text.charCodeAt(star) !== 0x2a) return;
    if (this.#text.slice(at, skipBlank(this.#text, star + 1)).includes('\n')) {
      this.#suspect('line break inside a splat');
    }
  }

  #closeBrace(): void {
    const at = this.#at;
    while (this.#top.open === 'paren' || this.#top.open === 'bracket') {
      this.#suspect('unbalanced brackets');
      this.#pop();
    }
    if (this.#stack.length === 0) this.#suspect('unbalanced braces');
    else this.#pop();
    this.#at = at + 1;
    this.#gap = false;
    this.#emit('}', at, at + 1);
  }

  #openSequence(at: number): void {
    const open = this.#text.charCodeAt(at) === 0x24 ? 'interpolation' : 'directive';
    if (open === 'directive') this.#countDirective(at);
    this.#emit(open === 'interpolation' || this.#hollow ? '${' : '%{', at, at + 2);
    this.#at = at + 2;
    this.#push(open, at);
    if (this.#hollow && this.#mutedFrom === 0) this.#mutedFrom = this.#stack.length;
  }

  #countDirective(at: number): void {
    const { directive } = this.#words;
    directive.lastIndex = at;
    const match = directive.exec(this.#text);
    if (match === null) return;
    if (match[1] !== undefined) this.#top.operators++;
    else if (this.#top.operators > 0) this.#top.operators--;
  }

  /** Reads the literal text of a quoted string up to its end or the next `${` or `%{`. */
  #quotedText(): void {
    const text = this.#text;
    for (let at = this.#at; at < this.#end; at++) {
      switch (text.charCodeAt(at)) {
        case 0x22: // "
          this.#emit('"', at, at + 1);
          this.#at = at + 1;
          this.#templateEnds.set(this.#top.at, this.#at);
          this.#pop();
          return;
        case 0x5c: // \
          at += this.#escape(at) - 1;
          break;
        case 0x24: // $
        case 0x25: // %
          if (text.charCodeAt(at + 1) === 0x7b) {
            this.#openSequence(at);
            return;
          }
          at += escapedSequence(text, at) - 1;
          break;
        case 0x0a:
          // HCL refuses a string over several lines; reading goes on as if it ended here.
          this.#suspect('line break in a quoted string');
          this.#at = text.charCodeAt(at - 1) === 0x0d ? at - 1 : at;
          this.#emit('"', this.#at, this.#at);
          this.#pop();
          return;
      }
    }
    this.#at = this.#end;
  }

  /** Length of the escape at `at`; what HCL does not know counts as two characters. */
  #escape(at: number): number {
    const text = this.#text;
    switch (text[at + 1]) {
      case '"':
      case '\\':
      case 'n':
      case 'r':
      case 't':
        return 2;
      case 'u':
      case 'U': {
        const digits = text[at + 1] === 'u' ? 4 : 8;
        const hex = text.slice(at + 2, at + 2 + digits);
        if (hex.length < digits || !HEX.test(hex) || at + 2 + digits > this.#end) break;
        const code = Number.parseInt(hex, 16);
        if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) this.#suspect('escape of no character');
        return 2 + digits;
      }
    }
    this.#suspect('unknown escape in a string');
    return text[at + 1] === '\n' || text[at + 1] === '\r' ? 1 : 2;
  }

  /** Reads heredoc text up to its marker's line or the next `${` or `%{`. */
  #heredocText(): void {
    const text = this.#text;
    const { marker, at: start, bodyStart } = this.#top;
    for (let at = this.#at; at < this.#end; ) {
      if (at === bodyStart || text.charCodeAt(at - 1) === 0x0a) {
        let lineEnd = text.indexOf('\n', at);
        const last = lineEnd === -1 || lineEnd >= this.#end;
        if (last) lineEnd = this.#end;
        const markerStart = markerIn(text.slice(at, lineEnd), marker) + at;
        if (markerStart >= at) {
          if (last) this.#suspect('heredoc marker without a line break');
          this.#heredocs.set(start, { ...(this.#heredocs.get(start) as Heredoc), bodyEnd: at });
          this.#emit('"', markerStart, markerStart + marker.length);
          this.#at = markerStart + marker.length;
          this.#templateEnds.set(start, this.#at);
          this.#pop();
          return;
        }
      }
      // Inside a line only `$`, `%` and the line break matter.
      let next = at;
      for (; next < this.#end; next++) {
        const code = text.charCodeAt(next);
        if (code === 0x0a) {
          next++;
          break;
        }
        if (code === 0x24 || code === 0x25) {
          if (text.charCodeAt(next + 1) === 0x7b) {
            this.#openSequence(next);
            return;
          }
          next += escapedSequence(text, next) - 1;
        }
      }
      at = next;
    }
    this.#at = this.#end;
  }

  /** Closes what is still open at the end of the text, so that the grammar sees the rest of the tree. */
  #closeAtEnd(): void {
    const closers: Record<Open, string> = {
      brace: '}',
      'for brace': '}',
      interpolation: '}',
      directive: '}',
      paren: ')',
      bracket: ']',
      quoted: '"',
      heredoc: '"',
    };
    const closer = closers[this.#top.open];
    this.#pop();
    this.#emit(closer, this.#end, this.#end);
  }
}

function frame(open: Open, at: number, marker = '', bodyStart = at): Frame {
  return { open, at, operators: 0, marker, bodyStart };
}

/**
 * Length of what starts with the `$` or `%` at `at` and is no `${`/`%{`: `$${` and `%%{` are literal text of
 * three characters, anything else is one character.
 */
export function escapedSequence(text: string, at: number): number {
  return text.charCodeAt(at + 1) === text.charCodeAt(at) && text.charCodeAt(at + 2) === 0x7b ? 3 : 1;
}

const BLANK = /^[\t\n\v\f\r \u0085\p{Z}]*$/u;

function isBlank(text: string): boolean {
  return /^[ \t\r]*$/.test(text) || BLANK.test(text);
}

/** Where the marker stands in a line that holds nothing else but blanks as Go has them, else a negative number. */
function markerIn(line: string, marker: string): number {
  const at = marker === '' ? -1 : line.indexOf(marker);
  if (at === -1) return Number.NEGATIVE_INFINITY;
  const alone = isBlank(line.slice(0, at)) && isBlank(line.slice(at + marker.length));
  return alone ? at : Number.NEGATIVE_INFINITY;
}

/** Offset of the first token from `at` on, behind blanks, line breaks and comments. */
function skipBlank(text: string, at: number): number {
  for (let next = at; ; ) {
    const code = text.charCodeAt(next);
    if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) next++;
    else if (code === 0x23 || (code === 0x2f && text.charCodeAt(next + 1) === 0x2f)) {
      next = text.indexOf('\n', next);
      if (next === -1) return text.length;
    } else if (code === 0x2f && text.charCodeAt(next + 1) === 0x2a) {
      next = text.indexOf('*/', next + 2) + 2;
      if (next === 1) return text.length;
    } else return next;
  }
}

function isWordStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === 0x2d;
}

/** Whether a blank beside this text cannot matter to the grammar. */
function isDelimiter(text: string): boolean {
  switch (text) {
    case '':
    case '{':
    case '}':
    case '(':
    case ')':
    case '[':
    case ']':
    case ',':
    case '"':
    case '${':
    case '%{':
      return true;
  }
  return false;
}
