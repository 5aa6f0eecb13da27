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
export declare const LINE_IDS: readonly ['2.24-2.27', '2.28-2.29', '2.30-2.31', '2.32-2.33', '2.34-2.35', '2.36', '>=2.37'];
/** Id of a release line: the range of Coder minor versions that treat a Task template alike. */
export type LineId = (typeof LINE_IDS)[number];
/** First minor version of each line: the name under which rules write down from when an effect holds. */
declare const LINE_STARTS: readonly ['2.24', '2.28', '2.30', '2.32', '2.34', '2.36', '2.37'];
/** A Coder version with which a line starts. */
export type LineStart = (typeof LINE_STARTS)[number];
/** How a Coder release line decides that a template has tasks. */
type Detection = 
/** A `coder_ai_task` anywhere in the graph, whatever its count. */
'any-in-graph'
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
/** All lines, oldest first. */
export declare const LINES: readonly ReleaseLine[];
/** Lines that a user lints for unless told otherwise: every release whose Tasks have the shape of 2.28. */
export declare const DEFAULT_TARGET = ">=2.28 <2.37";
/** First line whose provisioner takes `app_id` and whose server fills `data.coder_task`. */
export declare const FIRST_CURRENT_LINE: LineId;
/**
 * The lines that a semver range of Coder versions touches, oldest first.
 * @throws RangeError when the text is no semver range or touches no line that knows Tasks (2.24 and later)
 */
export declare function linesIn(target: string): LineId[];
/** The semver range that a set of lines covers, neighbours joined (`>=2.28 <2.34`); null for no line. */
export declare function rangeCovering(ids: ReadonlySet<LineId>): string | null;
export {};
