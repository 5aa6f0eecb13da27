import { type LineId } from '../coder/releases.js';
import { type AppliedFix } from '../engine/fix.js';
import { type Analysis, type LintServices } from '../engine/lint.js';
import type { TemplateFiles } from '../input/template-files.js';
import type { Span } from '../source/source-file.js';
/** What a migration is for. */
export interface MigrationOptions {
    /** Release lines that the template is to work on; see `linesIn`. */
    readonly target: readonly LineId[];
}
/** Something that is left to a person, in the order in which to do it. */
export interface ManualStep {
    /** What to do, one or two sentences; holds the old value where one was taken out. */
    readonly text: string;
    /** Address of the block that it is about, null for the template as a whole. */
    readonly address: string | null;
    /** Place in the migrated template, null where there is none. */
    readonly at: Span | null;
    /** The rule that asks for it, null where none does. */
    readonly ruleId: string | null;
    /** Whether the template does not do its work before; a step that is merely advised is false. */
    readonly blocking: boolean;
}
/** What migrating a template came to; nothing is written. */
export interface MigrationResult {
    readonly before: Analysis;
    readonly after: Analysis;
    /** New text by path of the tree, of the files that change only. */
    readonly changed: ReadonlyMap<string, string>;
    /** Unified diff over all of them; empty when nothing changes. */
    readonly diff: string;
    /** What was done, in order. */
    readonly steps: readonly AppliedFix[];
    readonly manual: readonly ManualStep[];
    /**
     * What stopped a part of the migration, so that the result mixes the old shape and the new one: such a
     * template is not to be written.
     */
    readonly halted: readonly string[];
    /** Whether the migrated template works on every line of the target without a manual step that blocks. */
    readonly complete: boolean;
}
/** Migrates a template to what the target lines ask for: all migration fixes to the fixpoint. */
export declare function migrateTemplate(files: TemplateFiles, services: LintServices, { target }: MigrationOptions): Promise<MigrationResult>;
/** As `migrateTemplate`, for a template that is analysed already. */
export declare function migrateAnalysis(before: Analysis, services: LintServices, { target }: MigrationOptions): Promise<MigrationResult>;
/** Whether a target is behind the removal of Tasks, where there is nothing left to migrate to but Coder Agents. */
export declare function isAfterTasks(target: readonly LineId[]): boolean;
