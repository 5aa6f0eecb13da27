import type { Edit } from '../source/edit.ts';
import type { SourceFile, Span } from '../source/source-file.ts';
import { hasUnicode } from './scan.ts';
import {
  type Argument,
  argumentNamed,
  type Block,
  type BodyItem,
  type ObjectEntry,
  type ObjectExpression,
} from './syntax.ts';

/** Where something new goes in a body; without a place it goes behind the last thing of its kind. */
interface Place {
  readonly after?: BodyItem;
  readonly before?: BodyItem;
}

/** Starts to collect the changes that one fix makes to one file. */
export function editFile(file: SourceFile): FileEditor {
  return new FileEditor(file);
}

/**
 * Collects changes to one file and turns them into edits that do not overlap: what `terraform fmt` would
 * leave alone before, it leaves alone afterwards, and what was not aligned is not aligned by the way.
 * Text given to it may use any indentation and any line break; only its bracket structure counts.
 */
export class FileEditor {
  readonly #file: SourceFile;
  readonly #lines: readonly Line[];
  /** Replacements inside lines. */
  readonly #changes: Change[] = [];
  /** Indices of lines that go as a whole. */
  readonly #removed = new Set<number>();
  /** New lines, by the index of the line that they come before. */
  readonly #inserted = new Map<number, Insertion[]>();
  readonly #oneLiners = new Map<Block, OneLiner>();
  readonly #objects = new Map<ObjectExpression, ObjectChange>();

  constructor(file: SourceFile) {
    this.#file = file;
    this.#lines = linesOf(file);
  }

  /**
   * Removes an argument or a block with the comments on its lines, and (unless told not to) the comment
   * lines directly above it. Blank lines around it do not add up.
   */
  remove(item: BodyItem, { withComments = true }: { withComments?: boolean } = {}): this {
    const { start, end } = item.span;
    if (this.#hasOwnLines(item.span)) {
      this.#removeLines(withComments ? this.#firstLineOf(item) : this.#lineAt(start), this.#lineAt(end));
    } else {
      // The only item of `type { name = value }`.
      const { text } = this.#file;
      const open = text.lastIndexOf('{', start);
      this.#change(open + 1, text.indexOf('}', end), '');
    }
    return this;
  }

  /** Gives an argument another name. */
  rename(argument: Argument, name: string): this {
    return this.replace({ span: argument.nameSpan }, name);
  }

  /** Replaces an expression, a label, a step of a traversal: whatever has a span inside one item. */
  replace({ span }: { readonly span: Span }, text: string): this {
    const rest = this.#file.text.slice(span.end, this.#lines[this.#lineAt(span.end)]?.end);
    if (rest.trim().startsWith(',')) return this.#change(span.start, span.end, beforeComma(text));
    // Nothing may follow the mark that ends a heredoc on its line.
    const breaks = endsWithHeredoc(text) && rest.trim() !== '';
    return this.#change(span.start, span.end, breaks ? `${text}\n` : text);
  }

  /** Gives an argument of a block its value: replaces the one it has, else inserts the argument. */
  setArgument(block: Block, name: string, text: string, place: Place = {}): this {
    const argument = argumentNamed(block.body, name);
    return argument ? this.replace(argument.value, text) : this.insertArgument(block, name, text, place);
  }

  /** Inserts `name = text`, by default behind the last argument of the block and before its nested blocks. */
  insertArgument(block: Block, name: string, text: string, place: Place = {}): this {
    const { items } = block.body;
    const last = items.findLast((item) => item.kind === 'argument');
    const first = items[0];
    if (place.after || place.before) return this.#insertAt(block, place, `${name} = ${text}`, {});
    if (last) return this.#insertAt(block, { after: last }, `${name} = ${text}`, {});
    const where = first ? { before: first } : {};
    return this.#insertAt(block, where, `${name} = ${text}`, { gapBelow: true });
  }

  /** Inserts a block with a blank line around it, by default at the end of the file or of the block `inside`. */
  insertBlock(text: string, place: Place & { readonly inside?: Block } = {}): this {
    return this.#insertAt(place.inside ?? null, place, text.trim(), { gapAbove: true, gapBelow: true });
  }

  /** Puts `name = text` in the place of a nested block; the comments inside the block stay. */
  replaceByArgument(block: Block, name: string, text: string): this {
    const { start, end } = block.span;
    const source = this.#file.text;
    const last = this.#lines[this.#lineAt(end)] as Line;
    const above: string[] = [];
    let behind = '';
    for (let index = this.#lineAt(start); index <= this.#lineAt(end); index++) {
      for (const comment of this.#lines[index]?.comments ?? []) {
        if (comment.start < start || comment.end > end) continue;
        if (block.body.items.some((item) => contains(item.span, comment.start))) continue;
        const words = source.slice(comment.start, comment.end);
        const followsArgument = block.body.items.some((item) => this.#lineAt(item.span.end) === index);
        if (followsArgument && last.comment === -1 && !behind && !endsWithHeredoc(text)) behind = ` ${words}`;
        else above.push(`${words}\n`);
      }
    }
    return this.#change(start, end, `${above.join('')}${name} = ${text}${behind}`);
  }

  /** Removes an entry of an object with its comma and comments; an object that loses all becomes `{}`. */
  removeEntry(object: ObjectExpression, entry: ObjectEntry): this {
    this.#objectChange(object).removed.add(entry);
    return this;
  }

  /** Adds an entry behind the last one, in the style of the object: lines or one line, commas, `=` or `:`. */
  insertEntry(object: ObjectExpression, key: string, text: string): this {
    const { entries } = object;
    const last = entries.at(-1);
    const written = last ? this.#textBetween(last.key, last.value) : '';
    const sign = written.trim() === ':' ? written : ' = ';
    this.#objectChange(object).inserted.push({ key: `${key}${sign}`, text });
    return this;
  }

  /**
   * The edits, in source order; null in a `.tf.json` file, which has no form to keep that these rules know.
   * @throws RangeError when two changes touch the same text
   */
  edits(): Edit[] | null {
    if (this.#file.path.endsWith('.json')) return null;
    for (const [object, change] of this.#objects) this.#finishObject(object, change);
    for (const [block, oneLiner] of this.#oneLiners) this.#finishOneLiner(block, oneLiner);
    this.#objects.clear();
    this.#oneLiners.clear();
    const changes = this.#changes.filter(({ start }) => !this.#removed.has(this.#lineAt(start)));
    changes.push(...this.#finishLines());
    return align(this.#file, this.#lines, changes);
  }

  #change(start: number, end: number, text: string): this {
    this.#changes.push({ start, end, text: withEol(text, this.#file.eol), lines: false });
    return this;
  }

  #lineAt(offset: number): number {
    return lineIndexAt(this.#lines, offset);
  }

  #textBetween(left: { readonly span: Span }, right: { readonly span: Span }): string {
    return this.#file.text.slice(left.span.end, right.span.start);
  }

  /** Whether nothing but comments and a comma stands beside it on its lines. */
  #hasOwnLines({ start, end }: Span): boolean {
    const first = this.#lines[this.#lineAt(start)];
    const last = this.#lines[this.#lineAt(end)];
    if (!first || !last) return false;
    const before = this.#withoutComments(first, first.start, start);
    const behind = this.#withoutComments(last, end, last.end);
    return before.trim() === '' && /^\s*(?:,\s*)?$/.test(behind);
  }

  #withoutComments(line: Line, start: number, end: number): string {
    let text = '';
    let at = start;
    for (const comment of line.comments) {
      if (comment.start < start || comment.end > end) continue;
      text += this.#file.text.slice(at, comment.start);
      at = comment.end;
    }
    return text + this.#file.text.slice(at, end);
  }

  /** Index of the first line of an item or entry, counting the comment lines directly above it. */
  #firstLineOf({ span }: { readonly span: Span }): number {
    let index = this.#lineAt(span.start);
    const indent = this.#indentOf(index);
    while (this.#lines[index - 1]?.kind === 'comment' && this.#indentOf(index - 1) === indent) index--;
    return index;
  }

  #indentOf(index: number): string {
    const line = this.#lines[index];
    return line ? this.#file.text.slice(line.start, line.first) : '';
  }

  #removeLines(from: number, to: number): void {
    for (let index = from; index <= to; index++) this.#removed.add(index);
  }

  #insertLines(index: number, insertion: Insertion): void {
    const insertions = this.#inserted.get(index);
    if (insertions) insertions.push(insertion);
    else this.#inserted.set(index, [insertion]);
  }

  /** Inserts lines at a place in a block, or in the file where `block` is null. */
  #insertAt(block: Block | null, place: Place, text: string, gaps: Partial<Insertion>): this {
    const insertion = { gapAbove: false, gapBelow: false, ...gaps, text };
    if (block && this.#lineAt(block.headerSpan.end) === this.#lineAt(block.span.end)) {
      const oneLiner = this.#oneLiners.get(block) ?? { before: [], after: [] };
      this.#oneLiners.set(block, oneLiner);
      oneLiner[place.before && block.body.items.length > 0 ? 'before' : 'after'].push(text);
    } else if (place.after) {
      this.#insertLines(this.#lineAt(place.after.span.end) + 1, insertion);
    } else if (place.before) {
      this.#insertLines(this.#firstLineOf(place.before), insertion);
    } else if (block) {
      this.#insertLines(this.#lineAt(block.span.end), insertion);
    } else {
      let end = this.#lines.length;
      while (this.#lines[end - 1]?.kind === 'blank') end--;
      this.#insertLines(end, insertion);
    }
    return this;
  }

  /** Opens `type { name = value }` into lines. */
  #finishOneLiner(block: Block, { before, after }: OneLiner): void {
    const { text } = this.#file;
    const open = text.indexOf('{', block.headerSpan.end) + 1;
    const close = block.span.end - 1;
    const inner = text.slice(open, close);
    const removed = this.#changes.findIndex((change) => change.start === open && change.end === close);
    if (removed !== -1) this.#changes.splice(removed, 1);
    if (removed !== -1 || inner.trim() === '') {
      this.#change(open, close, `\n${[...before, ...after].join('\n')}\n`);
    } else {
      const start = open + inner.length - inner.trimStart().length;
      const end = open + inner.trimEnd().length;
      this.#change(open, start, ['', ...before, ''].join('\n'));
      this.#change(end, close, ['', ...after, ''].join('\n'));
    }
  }

  #objectChange(object: ObjectExpression): ObjectChange {
    const change = this.#objects.get(object) ?? { removed: new Set(), inserted: [] };
    this.#objects.set(object, change);
    return change;
  }

  #finishObject(object: ObjectExpression, { removed, inserted }: ObjectChange): void {
    const { entries, span } = object;
    const kept = entries.filter((entry) => !removed.has(entry));
    const oneLine = this.#lineAt(span.start) === this.#lineAt(span.end);
    if (kept.length === 0 && (oneLine || inserted.length === 0) && !this.#keepsComment(object)) {
      const inner = inserted.map(({ key, text }) => key + beforeComma(text)).join(', ');
      this.#change(span.start + 1, span.end - 1, inner && ` ${inner} `);
      return;
    }
    for (const entry of removed) this.#removeEntryText(entries, entry, removed);
    if (inserted.length === 0) return;
    const last = entries.at(-1);
    const lastKept = kept.at(-1);
    if (oneLine || (last && this.#lineAt(last.span.end) === this.#lineAt(span.end))) {
      const text = inserted.map(({ key, text }) => key + beforeComma(text)).join(', ');
      const at = lastKept?.span.end ?? span.start + 1;
      this.#change(at, at, (lastKept ? ', ' : ' ') + text);
      return;
    }
    const trailing = last !== undefined && this.#commaBehind(last.span.end) !== -1;
    const commas = trailing || entries.slice(0, -1).some((entry) => this.#commaBehind(entry.span.end) !== -1);
    if (commas && lastKept && this.#commaBehind(lastKept.span.end) === -1) {
      const { end } = lastKept.span;
      if (!endsWithHeredoc(this.#file.text.slice(lastKept.span.start, end))) this.#change(end, end, ',');
    }
    const at = last ? this.#lineAt(last.span.end) + 1 : this.#lineAt(span.end);
    for (const [index, { key, text }] of inserted.entries()) {
      const comma = (trailing || (commas && index < inserted.length - 1)) && !endsWithHeredoc(text);
      this.#insertLines(at, { text: `${key}${text}${comma ? ',' : ''}`, gapAbove: false, gapBelow: false });
    }
  }

  /** Whether an object holds a comment that belongs to none of its entries. */
  #keepsComment({ entries, span }: ObjectExpression): boolean {
    for (let index = this.#lineAt(span.start); index <= this.#lineAt(span.end); index++) {
      for (const comment of this.#lines[index]?.comments ?? []) {
        if (comment.start < span.start || comment.start >= span.end) continue;
        const owned = entries.some(
          (entry) => this.#firstLineOf(entry) <= index && index <= this.#lineAt(entry.span.end),
        );
        if (!owned) return true;
      }
    }
    return false;
  }

  #removeEntryText(entries: readonly ObjectEntry[], entry: ObjectEntry, removed: Set<ObjectEntry>): void {
    if (this.#hasOwnLines(entry.span)) {
      this.#removeLines(this.#firstLineOf(entry), this.#lineAt(entry.span.end));
      return;
    }
    const line = this.#lineAt(entry.span.start);
    const index = entries.indexOf(entry);
    const next = entries[index + 1];
    const previous = entries[index - 1];
    const { start, end } = entry.span;
    const staysBehind = entries
      .slice(index + 1)
      .some((other) => !removed.has(other) && this.#lineAt(other.span.start) === line);
    if (next && staysBehind) this.#change(start, next.span.start, '');
    else if (previous && this.#lineAt(previous.span.end) === line) this.#change(previous.span.end, end, '');
    else {
      const before = this.#file.text.slice(0, start);
      const comma = this.#commaBehind(end);
      this.#change(before.trimEnd().length, comma === -1 ? end : comma + 1, '');
    }
  }

  /** Offset of the comma that follows on the same line, or -1. */
  #commaBehind(offset: number): number {
    const match = /^[ \t]*,/.exec(this.#file.text.slice(offset, this.#lines[this.#lineAt(offset)]?.end));
    return match ? offset + match[0].length - 1 : -1;
  }

  /** Removals and insertions of whole lines, with the blank lines between what they leave. */
  #finishLines(): Change[] {
    const changes: Change[] = [];
    const touched = [...this.#removed, ...this.#inserted.keys()].sort((a, b) => a - b);
    let bottom = -1;
    for (const index of touched) {
      if (index <= bottom) continue;
      let top = index;
      while (top > 0 && this.#isLoose(top - 1)) top--;
      bottom = index;
      while (bottom < this.#lines.length && this.#isLoose(bottom)) bottom++;
      this.#finishRegion(top, bottom, changes);
    }
    return changes;
  }

  #isLoose(index: number): boolean {
    return this.#removed.has(index) || this.#lines[index]?.kind === 'blank';
  }

  /** A region holds the blank, removed and new lines between two lines that stay. */
  #finishRegion(top: number, bottom: number, changes: Change[]): void {
    const { eol, text } = this.#file;
    const stops: Stop[] = [{ index: top, neighbour: this.#lines[top - 1] ?? null, lead: 0, trail: 0 }];
    for (let index = top; index <= bottom; index++) {
      for (const neighbour of this.#inserted.get(index) ?? []) {
        stops.push({ index, neighbour, lead: 0, trail: 0 });
      }
    }
    stops.push({ index: bottom, neighbour: this.#lines[bottom] ?? null, lead: 0, trail: 0 });
    for (const [position, right] of stops.entries()) {
      const left = stops[position - 1];
      if (!left) continue;
      const missing = this.#finishGap(left, right, changes);
      if (isInsertion(right.neighbour)) right.lead = missing;
      else left.trail = missing;
    }
    for (const { index, neighbour, lead, trail } of stops) {
      if (!isInsertion(neighbour)) continue;
      const at = this.#lines[index]?.start ?? text.length;
      const unended = index > 0 && index === this.#lines.length && !text.endsWith('\n');
      const breaks = lead + (unended && !this.#removed.has(index - 1) ? 1 : 0);
      const written = eol.repeat(breaks) + withEol(neighbour.text, eol) + eol.repeat(trail + 1);
      changes.push({ start: at, end: at, text: written, lines: true });
    }
  }

  /** Drops the removed lines of a gap and the blank lines too many; returns how many blank lines it lacks. */
  #finishGap(left: Stop, right: Stop, changes: Change[]): number {
    const blanks: number[] = [];
    let longest = 0;
    let run = 0;
    let runs = 0;
    let firstRun = 0;
    for (let index = left.index; index < right.index; index++) {
      if (this.#removed.has(index)) {
        this.#drop(index, changes);
        if (runs === 0) firstRun = run;
        runs++;
        run = 0;
      } else {
        blanks.push(index);
        run++;
        longest = Math.max(longest, run);
      }
    }
    const opens = isEdge(left.neighbour, 'opens');
    const closes = isEdge(right.neighbour, 'closes');
    let wanted = blanks.length;
    if (runs > 0) wanted = opens ? (closes ? 0 : firstRun) : closes ? run : longest;
    if (!opens && !closes && wantsGap(left.neighbour, right.neighbour)) wanted = Math.max(wanted, 1);
    const surplus = Math.max(0, blanks.length - wanted);
    const dropped = closes ? blanks.slice(0, surplus) : blanks.slice(blanks.length - surplus);
    for (const index of dropped) this.#drop(index, changes);
    return Math.max(0, wanted - blanks.length);
  }

  #drop(index: number, changes: Change[]): void {
    const line = this.#lines[index];
    if (line) changes.push({ start: line.start, end: line.end, text: '', lines: true });
  }
}

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
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly lines: boolean;
}

/** New lines, and whether they want a blank line above and below. */
interface Insertion {
  readonly text: string;
  readonly gapAbove: boolean;
  readonly gapBelow: boolean;
}

/** What is to stand in front of and behind the item of `type { name = value }`. */
interface OneLiner {
  readonly before: string[];
  readonly after: string[];
}

interface ObjectChange {
  readonly removed: Set<ObjectEntry>;
  readonly inserted: { readonly key: string; readonly text: string }[];
}

/** A line that stays, a new one, or the edge of the file. */
type Neighbour = Line | Insertion | null;

interface Stop {
  readonly index: number;
  readonly neighbour: Neighbour;
  /** Blank lines to write in front of and behind it. */
  lead: number;
  trail: number;
}

function isInsertion(neighbour: Neighbour): neighbour is Insertion {
  return neighbour !== null && 'gapAbove' in neighbour;
}

function isEdge(neighbour: Neighbour, side: 'opens' | 'closes'): boolean {
  return neighbour === null || (!isInsertion(neighbour) && neighbour[side]);
}

function wantsGap(left: Neighbour, right: Neighbour): boolean {
  // Of two new items, only a block keeps its distance.
  if (isInsertion(left) && isInsertion(right)) return left.gapAbove || right.gapAbove;
  return (isInsertion(left) && left.gapBelow) || (isInsertion(right) && right.gapAbove);
}

function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset < span.end;
}

function withEol(text: string, eol: string): string {
  return text.replace(/\r?\n/g, eol);
}

function endsWithHeredoc(text: string): boolean {
  return linesIn(text).at(-1)?.endsHeredoc ?? false;
}

/** A comma must follow on the last line, which a heredoc only allows in parentheses. */
function beforeComma(text: string): string {
  return endsWithHeredoc(text) ? `(${text}\n)` : text;
}

/** Turns changes into edits, with what `fmt` would do to the lines around them because of them. */
function align(file: SourceFile, lines: readonly Line[], changes: readonly Change[]): Edit[] {
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

/** A line as `fmt` sees it: a heredoc and a comment of several lines do not end it. */
interface Line {
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

function linesOf(file: SourceFile): readonly Line[] {
  const lines = linesByFile.get(file) ?? linesIn(file.text);
  linesByFile.set(file, lines);
  return lines;
}

/** Index of the line that holds an offset; the end of the text belongs to the last line. */
function lineIndexAt(lines: readonly Line[], offset: number): number {
  return Math.max(0, lastIndexUpTo(lines, offset));
}

/** Index of the last of sorted items that starts at or before an offset, or -1. */
function lastIndexUpTo(items: readonly { readonly start: number }[], offset: number): number {
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
function linesIn(text: string): Line[] {
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
