/** A place in a file as people count: line and column from 1, columns and offset in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A half-open range of UTF-16 offsets in one file; every syntax node and finding points with one. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** One file of a template: its path below the analysed tree (with `/`) and its decoded text, BOM included. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** Offset at which each line starts; a line ends at LF, so CRLF files need no special case. */
  get lineStarts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) {
        starts.push(at + 1);
      }
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }

  /** Line break that the file uses, so that inserted lines look like their neighbours. */
  get eol(): '\r\n' | '\n' {
    const first = this.text.indexOf('\n');
    return first > 0 && this.text[first - 1] === '\r' ? '\r\n' : '\n';
  }

  /** The position of a UTF-16 offset; offsets outside the text are clamped. A BOM takes no column. */
  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= clamped) low = middle;
      else high = middle - 1;
    }
    const bom = low === 0 && this.text.charCodeAt(0) === 0xfeff && clamped > 0 ? 1 : 0;
    return { line: low + 1, column: clamped - (starts[low] as number) + 1 - bom, offset: clamped };
  }

  /** Offset of the start of a line (from 1); past the end it is the end of the text. */
  offsetOfLine(line: number): number {
    return this.lineStarts[line - 1] ?? this.text.length;
  }

  /** Text of a line (from 1) without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.offsetOfLine(line), this.offsetOfLine(line + 1)).replace(/\r?\n$/, '');
  }
}

/** The text that a span covers. */
export function textOf(span: Span): string {
  return span.file.text.slice(span.start, span.end);
}
