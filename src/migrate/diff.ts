import { structuredPatch } from 'diff';
import type { Analysis } from '../engine/lint.ts';
import { pathShower } from '../report/build.ts';
import { applyEdits, type Edit } from '../source/edit.ts';
import { SourceFile } from '../source/source-file.ts';

/** A unified diff over changed files, as `git apply` and `patch -p1` take it; empty without changes. */
export function unifiedDiff(before: Analysis, changed: ReadonlyMap<string, string>): string {
  const show = pathShower(before);
  return [...changed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => {
      const content = before.files.read(path);
      const old = content !== null && 'text' in content ? content.text : '';
      return writeFile(show(path), hunksOf(old, text));
    })
    .join('');
}

/** The same for edits of one analysis: what lies between them is not compared, however long the files are. */
export function diffOfEdits(before: Analysis, edits: readonly Edit[]): string {
  const show = pathShower(before);
  const files = new Map(edits.map(({ span }) => [span.file.path, span.file]));
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, file]) => writeFile(show(path), hunksOfEdits(file, edits)))
    .join('');
}

interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

/** Lines that a hunk shows around what changes. */
const CONTEXT = 3;

/** Changed lines beyond which a text is shown as replaced: comparing takes time in the square of them. */
const MAX_CHANGED = 5000;

function hunksOf(old: string, text: string): readonly Hunk[] {
  const options = { context: CONTEXT, maxEditLength: MAX_CHANGED };
  const patch = structuredPatch('', '', old, text, undefined, undefined, options);
  if (patch !== undefined) return patch.hunks;
  const [removed] = structuredPatch('', '', old, '').hunks;
  const [added] = structuredPatch('', '', '', text).hunks;
  return [
    {
      oldStart: removed?.oldStart ?? 0,
      oldLines: removed?.oldLines ?? 0,
      newStart: added?.newStart ?? 0,
      newLines: added?.newLines ?? 0,
      lines: [...(removed?.lines ?? []), ...(added?.lines ?? [])],
    },
  ];
}

/** Compares the lines around each edit; edits whose lines are further apart than hunks may be share no hunk. */
function hunksOfEdits(file: SourceFile, edits: readonly Edit[]): Hunk[] {
  const own = edits.filter(({ span }) => span.file.path === file.path);
  own.sort((a, b) => a.span.start - b.span.start);
  const parts: { first: number; last: number; readonly edits: Edit[] }[] = [];
  for (const edit of own) {
    // Context, and one line more, of which a diff may say that it moved.
    const first = Math.max(1, file.positionAt(edit.span.start).line - CONTEXT - 1);
    const last = file.positionAt(edit.span.end).line + CONTEXT + 1;
    const before = parts.at(-1);
    if (before === undefined || first > before.last) parts.push({ first, last, edits: [edit] });
    else {
      before.last = Math.max(before.last, last);
      before.edits.push(edit);
    }
  }
  let moved = 0;
  return parts.flatMap(({ first, last, edits: changes }) => {
    const start = file.offsetOfLine(first);
    const part = new SourceFile(file.path, file.text.slice(start, file.offsetOfLine(last + 1)));
    const inPart = ({ span, text }: Edit): Edit => ({
      span: { file: part, start: span.start - start, end: span.end - start },
      text,
    });
    const text = applyEdits(part, changes.map(inPart));
    const shift = first - 1;
    const hunks = hunksOf(part.text, text).map((hunk) => ({
      ...hunk,
      oldStart: hunk.oldStart + shift,
      newStart: hunk.newStart + shift + moved,
    }));
    for (const { oldLines, newLines } of hunks) moved += newLines - oldLines;
    return hunks;
  });
}

function writeFile(path: string, hunks: readonly Hunk[]): string {
  if (hunks.length === 0) return '';
  const lines = [`--- ${nameInDiff(`a/${path}`)}`, `+++ ${nameInDiff(`b/${path}`)}`];
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    lines.push(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...body);
  }
  return `${lines.join('\n')}\n`;
}

/** A name as git writes it: one with controls, quotes or backslashes in C's way, one with spaces before a tab. */
function nameInDiff(name: string): string {
  if (/[\p{Cc}"\\]/u.test(name)) {
    const escaped = name.replace(/["\\]/g, '\\$&').replace(/\p{Cc}/gu, (character) => {
      return [...new TextEncoder().encode(character)]
        .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
        .join('');
    });
    return `"${escaped}"`;
  }
  return name.includes(' ') ? `${name}\t` : name;
}
