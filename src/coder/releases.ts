import { Range } from 'semver';

/**
 * The lines of Coder releases between which the meaning of a Task template changed. Nothing else in the
 * program compares Coder versions. Sources, in coder/coder unless said otherwise:
 * - 2.24 introduces `coder_ai_task` (#18449); 2.24 to 2.27 demand `sidebar_app` and an "AI Prompt" parameter
 *   (provisioner/terraform/resources.go at v2.24.0 and v2.27.0).
 * - 2.28 takes `app_id` and fills `data.coder_task` (#20160, #20275, #20408).
 * - 2.30 no longer fills the "AI Prompt" parameter (#21023).
 * - 2.32 checks presets with prebuilds only, and more strictly (#21858).
 * - 2.34 counts planned instances at import (#25197) and deprecates Tasks.
 * - 2.36 hides Tasks behind `--enable-ai-tasks`, off by default (#28008).
 * - 2.37 is the announced removal release (docs/ai-coder/tasks.md at v2.35.1).
 */
export const LINE_IDS = [
  '2.24-2.27',
  '2.28-2.29',
  '2.30-2.31',
  '2.32-2.33',
  '2.34-2.35',
  '2.36',
  '>=2.37',
] as const;
/** Id of a release line: the range of Coder minor versions that treat a Task template alike. */
export type LineId = (typeof LINE_IDS)[number];

/** First minor version of each line: the name under which rules write down from when an effect holds. */
const LINE_STARTS = ['2.24', '2.28', '2.30', '2.32', '2.34', '2.36', '2.37'] as const;
/** A Coder version with which a line starts. */
export type LineStart = (typeof LINE_STARTS)[number];

/** How a Coder release line decides that a template has tasks. */
type Detection =
  /** A `coder_ai_task` anywhere in the graph, whatever its count. */
  | 'any-in-graph'
  /** At least one instance planned at import. */
  | 'planned-at-import'
  /** Tasks are gone. */
  | 'never';

/** A range of Coder releases that treat a Task template alike. */
export interface ReleaseLine {
  readonly id: LineId;
  readonly from: LineStart;
  /** First version behind the line; null for the last one. */
  readonly to: LineStart | null;
  readonly detection: Detection;
}

function detectionFrom(start: LineStart): Detection {
  if (start === '2.37') return 'never';
  return start === '2.34' || start === '2.36' ? 'planned-at-import' : 'any-in-graph';
}

/** All lines, oldest first. */
export const LINES: readonly ReleaseLine[] = LINE_IDS.map((id, index) => {
  const from = LINE_STARTS[index] as LineStart;
  return { id, from, to: LINE_STARTS[index + 1] ?? null, detection: detectionFrom(from) };
});

/** Lines that a user lints for unless told otherwise: every release whose Tasks have the shape of 2.28. */
export const DEFAULT_TARGET = '>=2.28 <2.37';

/** First line whose provisioner takes `app_id` and whose server fills `data.coder_task`. */
export const FIRST_CURRENT_LINE: LineId = '2.28-2.29';

let lineRanges: readonly (readonly [LineId, Range])[] | undefined;

function rangesOfLines(): readonly (readonly [LineId, Range])[] {
  lineRanges ??= LINES.map(({ id, from, to }) => {
    const range = to === null ? `>=${from}.0` : `>=${from}.0 <${to}.0`;
    return [id, new Range(range)] as const;
  });
  return lineRanges;
}

/**
 * The lines that a semver range of Coder versions touches, oldest first.
 * @throws RangeError when the text is no semver range or touches no line that knows Tasks (2.24 and later)
 */
export function linesIn(target: string): LineId[] {
  const range = parseRange(target);
  const lines = rangesOfLines().flatMap(([id, line]) => (range.intersects(line) ? [id] : []));
  if (lines.length === 0)
    throw new RangeError(`"${target}" admits no Coder release with Tasks (2.24 and later)`);
  return lines;
}

function parseRange(target: string): Range {
  try {
    return new Range(target);
  } catch (error) {
    // What semver throws at any text that it cannot read.
    if (!(error instanceof TypeError)) throw error;
    throw new RangeError(`"${target}" is not a range of Coder versions, such as ">=2.28 <2.37"`);
  }
}

/** The semver range that a set of lines covers, neighbours joined (`>=2.28 <2.34`); null for no line. */
export function rangeCovering(ids: ReadonlySet<LineId>): string | null {
  const parts: { from: string; to: string | null }[] = [];
  for (const line of LINES) {
    if (!ids.has(line.id)) continue;
    const last = parts.at(-1);
    if (last !== undefined && last.to === line.from) last.to = line.to;
    else parts.push({ from: line.from, to: line.to });
  }
  if (parts.length === 0) return null;
  return parts.map(({ from, to }) => (to === null ? `>=${from}` : `>=${from} <${to}`)).join(' || ');
}
