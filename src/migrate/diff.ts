import { structuredPatch } from 'diff';
import type { Analysis } from '../engine/lint.ts';
import { pathShower } from '../report/build.ts';

/** A unified diff over changed files, as `git apply` and `patch -p1` take it; empty without changes. */
export function unifiedDiff(before: Analysis, changed: ReadonlyMap<string, string>): string {
  const show = pathShower(before);
  return [...changed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => {
      const content = before.files.read(path);
      const old = content !== null && 'text' in content ? content.text : '';
      return fileDiff(show(path), old, text);
    })
    .join('');
}

function fileDiff(path: string, old: string, text: string): string {
  const { hunks } = structuredPatch(path, path, old, text, undefined, undefined, { context: 3 });
  if (hunks.length === 0) return '';
  const lines = [`--- a/${path}`, `+++ b/${path}`];
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    lines.push(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...body);
  }
  return `${lines.join('\n')}\n`;
}
