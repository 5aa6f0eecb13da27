import type { SourceFile, Span } from './source-file.js';
/** Replaces the text of a span; an empty span inserts, an empty text deletes. */
export interface Edit {
    readonly span: Span;
    readonly text: string;
}
/**
 * The text of one file after its edits; edits of other files are ignored.
 * @throws RangeError when two edits overlap or a span lies outside the file
 */
export declare function applyEdits(file: SourceFile, edits: readonly Edit[]): string;
