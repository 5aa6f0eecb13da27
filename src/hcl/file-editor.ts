import type { Edit } from '../source/edit.ts';
import type { SourceFile, Span } from '../source/source-file.ts';
import { align, type Change } from './format.ts';
import { type Line, lineIndexAt, linesIn, linesOf } from './format-lines.ts';
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
