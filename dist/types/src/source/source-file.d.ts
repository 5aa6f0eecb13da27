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
export declare class SourceFile {
    #private;
    readonly path: string;
    readonly text: string;
    constructor(path: string, text: string);
    /** Offset at which each line starts; a line ends at LF, so CRLF files need no special case. */
    get lineStarts(): readonly number[];
    /** Line break that the file uses, so that inserted lines look like their neighbours. */
    get eol(): '\r\n' | '\n';
    /** The position of a UTF-16 offset; offsets outside the text are clamped. A BOM takes no column. */
    positionAt(offset: number): Position;
    /** Offset of the start of a line (from 1); past the end it is the end of the text. */
    offsetOfLine(line: number): number;
    /** Text of a line (from 1) without its line break. */
    lineText(line: number): string;
}
/** The text that a span covers. */
export declare function textOf(span: Span): string;
