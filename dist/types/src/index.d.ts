import type { Catalog } from './coder/catalog/catalog.js';
import { type RuleLevel } from './engine/config.js';
import { type RuleFailure } from './engine/lint.js';
import { type FileMap } from './input/memory.js';
import type { TemplateFiles } from './input/template-files.js';
import type { TemplateMigration } from './migrate/migration-report.js';
import { type RenderContext } from './report/format.js';
import { type FormatName } from './report/formats.js';
import type { Report } from './report/report.js';
import { type Rule, type RuleOptions } from './rule.js';
export type { Catalog } from './coder/catalog/catalog.js';
export { CatalogFileError, parseCatalog } from './coder/catalog/file.js';
export { DEFAULT_TARGET, LINE_IDS, type LineId, linesIn } from './coder/releases.js';
export type { Template } from './coder/template.js';
export type { Generation, LineVerdict, Status, Verdict } from './coder/verdict.js';
export type { RuleLevel } from './engine/config.js';
export type { RuleFailure } from './engine/lint.js';
export { ArchiveError, type ArchiveOptions, readArchive } from './input/archive.js';
export { type DirectoryOptions, openDirectory } from './input/directory.js';
export { type FileMap, type MemoryOptions, memoryFiles } from './input/memory.js';
export type { FileContent, TemplateFiles } from './input/template-files.js';
export type { AgentsPlan, PlannedRemoval } from './migrate/agents-plan.js';
export type { ManualReport, StepReport, TemplateMigration } from './migrate/migration-report.js';
export type { RenderContext } from './report/format.js';
export type { FormatName } from './report/formats.js';
export type * from './report/report.js';
export { defineRule, type Effect, type Effects, type Finding, type Fix, type Level, linesFrom, type Message, type Rule, type RuleContext, type RuleOptions, since, } from './rule.js';
export type { Edit } from './source/edit.js';
export { type Position, SourceFile, type Span } from './source/source-file.js';
export { VERSION } from './version.js';
/** The rules that come with the program, in order of their ids. */
export declare const rules: readonly Rule[];
/** Names of the formats that `formatReport` writes. */
export declare const formats: readonly FormatName[];
/** What a template is read from: a folder on disk, a map of paths to contents, or files opened before. */
export type TemplateSource = string | FileMap | TemplateFiles;
/** What an analysis is for and what it uses; every part has a default. */
export interface AnalyzeOptions {
    /** Semver range of Coder versions to lint for. Default `>=2.28 <2.37`. */
    readonly coderVersion?: string;
    /** Rules to run. Default: the shipped ones; add your own with `[...rules, mine]`. */
    readonly rules?: readonly Rule[];
    /** What is shown, and at which level, as a configuration's `extends` says it. Default `recommended`. */
    readonly preset?: 'recommended' | 'migration' | 'strict';
    /** Level by rule id, instead of the one that follows from a finding's effects. */
    readonly levels?: Readonly<Record<string, RuleLevel>>;
    /** Options by rule id, instead of their defaults. */
    readonly ruleOptions?: Readonly<Record<string, RuleOptions>>;
    /** Catalogues of private module registries, asked before the one that comes with the program. */
    readonly catalogs?: readonly Catalog[];
    /**
     * Which files HCL's own parser judges in a thread of its own: those in doubt (the default), all (for
     * untrusted files), or none.
     */
    readonly judge?: 'doubt' | 'all' | 'none';
    /** Called when a rule throws; the others still run. By default that is thrown as an `AggregateError`. */
    readonly onRuleFailure?: (failure: RuleFailure) => void;
}
/** What migrating a template came to. */
export interface Migration extends TemplateMigration {
    /** Unified diff over all files that change, as `git apply` takes it; empty when nothing changes. */
    readonly diff: string;
    /**
     * New text by path, of the files that change only. Nothing is written to disk, and nothing should be when
     * `halted` is not empty.
     */
    readonly changed: Readonly<Record<string, string>>;
    /** The report on the migrated template. */
    readonly report: Report;
}
/** Analyses templates one after the other with the same parser, judge and catalogues. */
export interface Analyzer {
    /**
     * The report on one template. Broken content is a finding, never an exception.
     * @throws Error with a `code` such as ENOENT when a folder cannot be opened
     * @throws AggregateError when rules throw and `onRuleFailure` is not given
     */
    analyze(source: TemplateSource): Promise<Report>;
    /**
     * Migrates one template to what `coderVersion` asks for, as far as edits can; `manual` says what is left.
     * @throws as `analyze` does
     */
    migrate(source: TemplateSource): Promise<Migration>;
    /** Ends the judge's thread; the analyzer can go on being used. */
    close(): Promise<void>;
}
/**
 * Makes an analyzer; close it when done.
 * @throws RangeError when `coderVersion` is no range of Coder versions with Tasks, and for presets, rules and
 *   options that there are not
 */
export declare function createAnalyzer(options?: AnalyzeOptions): Promise<Analyzer>;
/**
 * Analyses one template: `createAnalyzer`, `analyze` and `close` in one.
 * @throws as `createAnalyzer` and `Analyzer.analyze` do
 */
export declare function analyzeTemplate(source: TemplateSource, options?: AnalyzeOptions): Promise<Report>;
/**
 * Migrates one template: `createAnalyzer`, `migrate` and `close` in one.
 * @throws as `createAnalyzer` and `Analyzer.analyze` do
 */
export declare function migrateTemplate(source: TemplateSource, options?: AnalyzeOptions): Promise<Migration>;
/** A report in one of the formats; `context` says what a format may know of its surroundings. */
export declare function formatReport(report: Report, format: FormatName, context?: Partial<RenderContext>): Promise<string>;
