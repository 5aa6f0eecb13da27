import type { Position, SourceFile } from '../source/source-file.ts';
import { allNotes, allShown } from './findings.ts';
import { type Format, HOMEPAGE, openSources } from './format.ts';
import type { FindingReport, Level } from './report.ts';
import { cleanMessage, writeJson } from './text.ts';

const SEVERITIES: Readonly<Record<Level, string>> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' };
/** A suggestion that rewrites more lines than this hides what it changes; the fix is then left to `--fix`. */
const SUGGESTION_LINES = 50;

/**
 * reviewdog's diagnostic format (proto/rdf/reviewdog.proto), the only one whose fixes become suggestions in a pull
 * request. Its columns count UTF-8 bytes, so a position needs the file's text; without it only lines are given.
 */
export const rdjson: Format = {
  name: 'rdjson',
  render(report, context) {
    const fileOf = openSources(context);
    return writeJson({
      source: { name: 'tasks-lint', url: HOMEPAGE },
      diagnostics: [
        ...allShown(report).map(({ finding }) => diagnostic(finding, fileOf(finding.file))),
        ...allNotes(report).map(({ path, text }) => ({
          message: cleanMessage(text),
          location: { path },
          severity: SEVERITIES.info,
        })),
      ],
    });
  },
};

function diagnostic(finding: FindingReport, file: SourceFile | null) {
  const suggestion = suggestionOf(finding, file);
  return {
    message: cleanMessage(`${finding.message}\n${finding.advice}`.trim()),
    location: { path: finding.file, range: rangeOf(file, finding.start, finding.end) },
    severity: SEVERITIES[finding.level],
    code: { value: finding.ruleId, url: finding.docs },
    ...(suggestion === null ? {} : { suggestions: [suggestion] }),
  };
}

function rangeOf(file: SourceFile | null, start: Position, end: Position) {
  return { start: positionOf(file, start), end: positionOf(file, end) };
}

function positionOf(file: SourceFile | null, { line, offset }: Position) {
  if (file === null) return { line };
  const before = file.text.slice(file.offsetOfLine(line), offset);
  return { line, column: new TextEncoder().encode(before).length + 1 };
}

/**
 * The fix as one replacement. A person may accept one suggestion and leave the next, but our edits hold together only
 * as a whole: several edits are joined into one, and a fix that touches another file is no suggestion.
 */
function suggestionOf({ fix, file: path }: FindingReport, file: SourceFile | null) {
  if (fix === null || file === null) return null;
  if (fix.edits.length === 0 || fix.edits.some((edit) => edit.file !== path)) return null;
  const edits = [...fix.edits].sort((a, b) => a.start.offset - b.start.offset || a.end.offset - b.end.offset);
  const start = edits[0]?.start as Position;
  let text = '';
  let end = start;
  for (const edit of edits) {
    text += file.text.slice(end.offset, edit.start.offset) + edit.text;
    end = edit.end;
  }
  if (end.line - start.line >= SUGGESTION_LINES) return null;
  return { range: rangeOf(file, start, end), text };
}
