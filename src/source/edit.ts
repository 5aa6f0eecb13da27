import type { SourceFile, Span } from './source-file.ts';

/** Replaces the text of a span; an empty span inserts, an empty text deletes. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/**
 * The text of one file after its edits; edits of other files are ignored.
 * @throws RangeError when two edits overlap or a span lies outside the file
 */
export function applyEdits(file: SourceFile, edits: readonly Edit[]): string {
  const own = edits.filter((edit) => edit.span.file.path === file.path);
  own.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const { span, text } of own) {
    if (span.start < at || span.end < span.start || span.end > file.text.length) {
      throw new RangeError(`edit ${span.start}-${span.end} of ${file.path} overlaps another or lies outside`);
    }
    result += file.text.slice(at, span.start) + text;
    at = span.end;
  }
  return result + file.text.slice(at);
}
