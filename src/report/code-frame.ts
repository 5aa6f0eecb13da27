import { maskSecrets } from '../coder/secrets.ts';
import type { Position, SourceFile } from '../source/source-file.ts';
import { type CodeLine, layOutCode } from './text.ts';

/** One row of a code frame, not yet coloured. */
export interface FrameRow {
  /** Line number from 1; null where lines were left out. */
  readonly line: number | null;
  readonly code: string;
  /** Part of the row to point at, in columns from 0; null when the row is only context. */
  readonly mark: { readonly from: number; readonly width: number } | null;
}

/** How much of a file to show around a span, and how wide. */
interface FrameOptions {
  readonly unicode: boolean;
  /** Columns for the code alone. */
  readonly width: number;
  /** Lines before and after the span. */
  readonly context: number;
}

/** Most of a generated line of megabytes is never laid out; this many UTF-16 units are more than any terminal shows. */
const LAID_OUT = 4000;

/** More lines than this of one span are not shown; the middle is left out. */
const SPAN_LINES = 4;

/** The lines around a span, to be numbered and coloured. Only the first line of a long span is pointed at. */
export function codeFrame(
  file: SourceFile,
  start: Position,
  end: Position,
  options: FrameOptions,
): FrameRow[] {
  const lineCount = file.lineStarts.length;
  if (start.line > lineCount) return [];
  const endsAtLineStart = end.column === 1 && end.line > start.line;
  const lastOfSpan = Math.min(endsAtLineStart ? end.line - 1 : end.line, lineCount);

  const row = (line: number): FrameRow => {
    const source = maskSecrets(file.lineText(line));
    const isBom = line === 1 && source.charCodeAt(0) === 0xfeff;
    const whole = isBom ? source.slice(1) : source;
    if (line !== start.line)
      return cut(line, layOutCode(whole.slice(0, LAID_OUT), options.unicode), null, false, options);

    const startsAt = start.column - 1;
    const endsAt = lastOfSpan === line && !endsAtLineStart ? end.column - 1 : whole.length;
    const skipped = startsAt < LAID_OUT / 2 ? 0 : startsAt - LAID_OUT / 4;
    const laidOut = layOutCode(whole.slice(skipped, skipped + LAID_OUT), options.unicode);
    const from = laidOut.columnAt(startsAt - skipped);
    const to = laidOut.columnAt(endsAt - skipped);
    return cut(line, laidOut, { from, width: Math.max(1, to - from) }, skipped > 0, options);
  };

  const rows: FrameRow[] = [];
  const firstRow = Math.max(1, start.line - options.context);
  const lastRow = Math.min(lineCount, lastOfSpan + options.context);
  const isLong = lastOfSpan - start.line + 1 > SPAN_LINES;
  for (let line = firstRow; line <= lastRow; line += 1) {
    if (isLong && line === start.line + SPAN_LINES - 2) {
      rows.push({ line: null, code: '', mark: null });
      line = lastOfSpan;
    }
    rows.push(row(line));
  }
  return trimBlankEnds(rows);
}

/** Shortens a row to the frame's width, as a window that holds the start of the mark. */
function cut(
  line: number,
  laidOut: CodeLine,
  mark: FrameRow['mark'],
  isSkipped: boolean,
  { width, unicode }: FrameOptions,
): FrameRow {
  const ellipsis = unicode ? '…' : '...';
  const total = laidOut.columnAt(Number.MAX_SAFE_INTEGER);
  if (total <= width && !isSkipped) {
    const code = laidOut.cells.map((cell) => cell.text).join('');
    return { line, code: code.trimEnd(), mark };
  }

  const isNear = mark === null || mark.from + Math.min(mark.width, width / 2) < width - ellipsis.length;
  const wanted = isNear && !isSkipped ? 0 : Math.max(1, (mark?.from ?? 0) - 10);
  const lead = wanted > 0 ? ellipsis : '';
  const room = width - lead.length - ellipsis.length;
  let column = 0;
  let first = -1;
  let used = 0;
  let code = '';
  for (const cell of laidOut.cells) {
    if (column >= wanted) {
      if (first === -1) first = column;
      if (used + cell.width > room) break;
      code += cell.text;
      used += cell.width;
    }
    column += cell.width;
  }
  const isCut = column < total;
  if (mark === null) return { line, code: lead + code + (isCut ? ellipsis : ''), mark };
  const from = mark.from - first + lead.length;
  const visible = Math.max(1, Math.min(mark.width, used - (mark.from - first)));
  return { line, code: lead + code + (isCut ? ellipsis : ''), mark: { from, width: visible } };
}

function trimBlankEnds(rows: FrameRow[]): FrameRow[] {
  const isBlank = (row: FrameRow | undefined) =>
    row !== undefined && row.mark === null && row.code === '' && row.line !== null;
  let first = 0;
  let last = rows.length;
  while (isBlank(rows[first])) first += 1;
  while (isBlank(rows[last - 1])) last -= 1;
  return rows.slice(first, last);
}
