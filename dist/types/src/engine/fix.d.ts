import type { LineId } from '../coder/releases.js';
import type { TemplateFiles } from '../input/template-files.js';
import type { Finding, Fix } from '../rule.js';
import { type Analysis, type LintServices } from './lint.js';
interface FixOptions {
    readonly target: readonly LineId[];
    /** The findings of an analysis whose fixes are wanted; those without a fix are passed over. */
    readonly select: (analysis: Analysis) => readonly Finding[];
    /** `safe` leaves out fixes that deserve a look. */
    readonly safety: 'safe' | 'all';
}
/** A fix that was applied, with the finding that asked for it. */
export interface AppliedFix {
    /** Round from 1 in which it was applied. */
    readonly round: number;
    readonly finding: Finding;
    readonly fix: Fix;
    /** What the template was analysed as when the fix was made: its spans lie in those files. */
    readonly analysis: Analysis;
}
/** A fix that was not applied, since the result would not have parsed, or nobody could tell. */
interface RefusedFix {
    readonly finding: Finding;
    readonly reason: string;
}
/** What became of a template and of the fixes that were wanted. */
export interface FixResult {
    readonly before: Analysis;
    readonly after: Analysis;
    /** New text by path of the tree, of the files that change only. */
    readonly changed: ReadonlyMap<string, string>;
    readonly steps: readonly AppliedFix[];
    readonly refused: readonly RefusedFix[];
    /** False when fixes are left after the last round, or when they undo each other. */
    readonly isFinished: boolean;
}
/** Fixes that need more rounds than this do not come to an end. */
export declare const MAX_ROUNDS = 10;
/**
 * Applies fixes, reads the template again, and repeats until there is nothing left to do. Writes nothing. A
 * fix is applied as a whole or not at all; a result that does not parse is given up.
 */
export declare function applyFixes(before: Analysis, services: LintServices, options: FixOptions): Promise<FixResult>;
/** The files with other texts in place of some. */
export declare function withChanges(files: TemplateFiles, changed: ReadonlyMap<string, string>): TemplateFiles;
export {};
