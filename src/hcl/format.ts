import type { Edit } from '../source/edit.ts';
import type { SourceFile, Span } from '../source/source-file.ts';
import { type Line, lastIndexUpTo, lineIndexAt, linesIn, linesOf } from './format-lines.ts';

/**
 * Numbers (from 1) of the lines that `terraform fmt` would indent or align differently; spaces between the
 * other tokens of a line are not looked at.
 */
export function misalignedLines(file: SourceFile): number[] {
  const lines = linesOf(file);
  const wrong = new Set<Line>();
  const depths = depthsOf(lines);
  for (const [index, line] of lines.entries()) {
    if (line.first - line.start !== 2 * (depths[index] as number)) wrong.add(line);
  }
  for (const cell of ['sign', 'comment'] as const) {
    for (const group of groupsOf(lines, cell)) {
      for (const { line, spaces, wanted } of place(file.text, group, cell)) {
        if (spaces !== wanted) wrong.add(line);
      }
    }
  }
  return [...wrong].map((line) => file.positionAt(line.start).line).sort((a, b) => a - b);
}

/** A replacement in the making; `lines` tells whole new lines from text inside a line. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly lines: boolean;
}

/** Turns changes into edits, with what `fmt` would do to the lines around them because of them. */
export function align(file: SourceFile, lines: readonly Line[], changes: readonly Change[]): Edit[] {
  return neighbourhoodsOf(lines, changes).flatMap((near) => alignNear(file, lines, near));
}

/** Lines of a file from the index `low` up to `high`. */
interface LineRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The lines that what `fmt` does because of a change depends on or touches. Changes whose lines are not the same
 * can be made one without the other.
 */
export function reachOf({ file, start, end }: Span): LineRange {
  const lines = linesOf(file);
  return { low: lowOf(lines, start), high: highOf(lines, end) };
}

/** Characters beyond which a column of `=` goes on without being looked at; an author sees some thousand at once. */
const MAX_REACH = 20_000;

/** Lines further up share no group with the line of an offset. */
function lowOf(lines: readonly Line[], offset: number): number {
  let low = Math.max(0, lineIndexAt(lines, offset) - 1);
  while (low > 0 && (lines[low]?.inside || (reaches(lines[low]) && isNear(lines[low - 1], offset)))) low--;
  return low;
}

/** Lines further down share no group with the line of an offset. */
function highOf(lines: readonly Line[], offset: number): number {
  let high = Math.min(lines.length, lineIndexAt(lines, offset) + 2);
  while (
    high < lines.length &&
    (lines[high]?.inside || (reaches(lines[high - 1]) && isNear(lines[high], offset)))
  )
    high++;
  return high;
}

function reaches(line: Line | undefined): boolean {
  return line !== undefined && (line.sign !== -1 || line.comment !== -1 || line.kind === 'blank');
}

function isNear(line: Line | undefined, offset: number): boolean {
  return line !== undefined && offset - line.start < MAX_REACH && line.end - offset < MAX_REACH;
}

/** Changes that share lines, and those lines. */
interface Neighbourhood extends LineRange {
  high: number;
  readonly changes: Change[];
}

function neighbourhoodsOf(lines: readonly Line[], changes: readonly Change[]): Neighbourhood[] {
  const found: Neighbourhood[] = [];
  for (const change of changes.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const before = found.at(-1);
    const low = lowOf(lines, change.start);
    const high = Math.max(highOf(lines, change.end), before?.high ?? 0);
    if (before === undefined || low > before.high) found.push({ low, high, changes: [change] });
    else {
      before.high = high;
      before.changes.push(change);
    }
  }
  return found;
}

function alignNear(
  file: SourceFile,
  lines: readonly Line[],
  { low, high, changes: sorted }: Neighbourhood,
): Edit[] {
  const near = lines.slice(low, high);
  const from = near[0]?.start ?? 0;
  const to = near.at(-1)?.end ?? file.text.length;

  let view = viewOf(file.text, from, to, sorted);
  const adjust = (adjustments: Adjustment[]) => {
    if (adjustments.length > 0) view = viewOf(file.text, from, to, compose(file.text, view, adjustments));
  };
  adjust(indent(view));
  for (const cell of ['sign', 'comment'] as const) {
    const tidy = new Set<Line>();
    for (const group of groupsOf(near, cell)) {
      // Of a group that goes on out of reach nothing is known but the column.
      if (group[0] === near[0] && reaches(lines[low - 1])) continue;
      if (group.at(-1) === near.at(-1) && reaches(near.at(-1)) && reaches(lines[high])) continue;
      const places = place(file.text, group, cell);
      if (places.every(({ spaces, wanted }) => spaces === wanted)) for (const line of group) tidy.add(line);
    }
    const wasTidy = (offset: number) => {
      const line = lines[lineIndexAt(lines, offset)] as Line;
      // What gets into a group only now was alone before, one space behind what it follows.
      return tidy.has(line) || (line[cell] !== offset && /[^ ] $/.test(file.text.slice(line.start, offset)));
    };
    adjust(realign(view, cell, wasTidy));
  }
  return compose(file.text, view, []).map(({ start, end, text }) => ({ span: { file, start, end }, text }));
}

/** Part of a text after its changes, and the way back. */
interface View {
  readonly text: string;
  readonly lines: readonly Line[];
  /** The changes with the places of their new text. */
  readonly regions: readonly Region[];
  /** Offset in the text before; null where the text is new. */
  readonly originOf: (offset: number) => number | null;
  readonly from: number;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly change: Change;
}

interface Adjustment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function viewOf(source: string, from: number, to: number, changes: readonly Change[]): View {
  const regions: Region[] = [];
  let text = '';
  let at = from;
  for (const change of changes) {
    if (change.start < at) throw new RangeError(`two changes touch the text at offset ${change.start}`);
    text += source.slice(at, change.start);
    regions.push({ start: text.length, end: text.length + change.text.length, change });
    text += change.text;
    at = change.end;
  }
  text += source.slice(at, to);
  const originOf = (offset: number) => {
    const region = regions[lastIndexUpTo(regions, offset)];
    if (region === undefined) return from + offset;
    return offset < region.end ? null : region.change.end + offset - region.end;
  };
  return { text, lines: linesIn(text), regions, originOf, from };
}

/** Adds adjustments of a view to the changes that made it; what touches becomes one change. */
function compose(source: string, view: View, adjustments: readonly Adjustment[]): Change[] {
  const parts: (Adjustment & { change?: Change })[] = [...adjustments];
  for (const { start, end, change } of view.regions) parts.push({ start, end, text: '', change });
  parts.sort((a, b) => a.start - b.start || a.end - b.end);
  const changes: Change[] = [];
  let shift = view.from;
  for (let index = 0; index < parts.length; ) {
    const { start } = parts[index] as Adjustment;
    const oldStart = start + shift;
    let end = start;
    let at = start;
    let text = '';
    for (let part = parts[index]; part && part.start <= end; part = parts[++index]) {
      end = Math.max(end, part.end);
      if (part.change) {
        shift += part.change.end - part.change.start - part.change.text.length;
      } else {
        text += view.text.slice(at, part.start) + part.text;
        at = part.end;
      }
    }
    text += view.text.slice(at, end);
    const oldEnd = end + shift;
    if (source.slice(oldStart, oldEnd) === text) continue;
    changes.push({ start: oldStart, end: oldEnd, text, lines: false });
  }
  return changes;
}

/** Indents new lines by their brackets, like the nearest line of their level that is not new. */
function indent({ lines, regions }: View): Adjustment[] {
  const adjustments: Adjustment[] = [];
  const depths = depthsOf(lines);
  const isNew = (line: Line) => {
    for (let index = lastIndexUpTo(regions, line.start); ; index--) {
      const region = regions[index];
      if (!region || region.end < line.start) return false;
      const { start, end, change } = region;
      if (change.lines ? line.start < end : start < line.start) return true;
    }
  };
  const fresh = lines.map(isNew);
  const isOld = (index: number) => !fresh[index] && lines[index]?.kind !== 'blank';
  for (const [index, line] of lines.entries()) {
    if (!fresh[index]) continue;
    const depth = depths[index] as number;
    let above = index - 1;
    while (above >= 0 && !isOld(above)) above--;
    let below = index + 1;
    while (below < lines.length && !isOld(below)) below++;
    const like = depths[above] !== depth && depths[below] === depth ? below : above;
    const model = lines[like];
    const offset = model ? model.first - model.start - 2 * (depths[like] as number) : 0;
    const text = line.kind === 'blank' ? '' : ' '.repeat(Math.max(0, 2 * depth + offset));
    if (line.first - line.start !== text.length) {
      adjustments.push({ start: line.start, end: line.first, text });
    }
  }
  return adjustments;
}

/** Aligns each group whose lines were all in their place before; a new line in another group follows its column. */
function realign(view: View, cell: Cell, wasTidy: (offset: number) => boolean): Adjustment[] {
  const adjustments: Adjustment[] = [];
  for (const group of groupsOf(view.lines, cell)) {
    const places = place(view.text, group, cell);
    const known = places.filter(({ at }) => view.originOf(at) !== null);
    const tidy = known.every(({ at }) => wasTidy(view.originOf(at) as number));
    const columns = new Set(known.map(({ width, spaces }) => width + spaces));
    const [column = 0] = columns.size === 1 ? columns : [];
    for (const { at, width, spaces, wanted } of places) {
      let target = spaces;
      if (tidy) target = wanted;
      else if (view.originOf(at) === null) target = Math.max(1, column - width);
      if (target !== spaces) adjustments.push({ start: at - spaces, end: at, text: ' '.repeat(target) });
    }
  }
  return adjustments;
}

/** What `fmt` moves: the `=` of a line, and the comment that ends it. */
type Cell = 'sign' | 'comment';

/**
 * Lines whose cells `fmt` puts below each other: consecutive ones that have the cell. A `=` whose value goes
 * on in the next line (but for a heredoc) stands alone.
 */
function groupsOf(lines: readonly Line[], cell: Cell): Line[][] {
  const groups: Line[][] = [];
  let open: Line[] | null = null;
  for (const line of lines) {
    if (line[cell] === -1) open = null;
    else if (cell === 'sign' && !line.whole) {
      open = null;
      groups.push([line]);
    } else if (open) open.push(line);
    else {
      open = [line];
      groups.push(open);
    }
  }
  return groups;
}

interface CellPlace {
  readonly line: Line;
  readonly at: number;
  /** Columns in front of the spaces. */
  readonly width: number;
  readonly spaces: number;
  readonly wanted: number;
}

function place(text: string, group: readonly Line[], cell: Cell): CellPlace[] {
  const places = group.map((line) => {
    const lead = text.slice(line.start, line[cell]);
    const trimmed = lead.replace(/(?<![ \t])[ \t]+$/, '');
    return { line, at: line[cell], width: columnsOf(trimmed), spaces: lead.length - trimmed.length };
  });
  let widest = 0;
  for (const { width } of places) widest = Math.max(widest, width);
  return places.map((found) => ({ ...found, wanted: widest - found.width + 1 }));
}

/** Made when first needed: it reads ICU's tables, which takes as long as analysing a template. */
let graphemes: Intl.Segmenter | undefined;

/** `fmt` counts what a reader takes for one character as one column. */
function columnsOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII without CR, which joins LF.
  if (/^[\x00-\x0c\x0e-\x7f]*$/.test(text)) return text.length;
  graphemes ??= new Intl.Segmenter();
  let columns = 0;
  for (const _ of graphemes.segment(text)) columns++;
  return columns;
}

/** Levels of indentation: a line that opens brackets adds one, however many they are. */
function depthsOf(lines: readonly Line[]): number[] {
  const open: number[] = [];
  return lines.map(({ net, kind }) => {
    if (kind === 'blank') return 0;
    for (let closed = -net; closed > 0 && open.length > 0; ) {
      const top = open.pop() as number;
      if (closed < top) open.push(top - closed);
      closed -= top;
    }
    const depth = open.length;
    if (net > 0) open.push(net);
    return depth;
  });
}
