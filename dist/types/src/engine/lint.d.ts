import type { Catalog } from '../coder/catalog/catalog.js';
import type { LineId } from '../coder/releases.js';
import { Template } from '../coder/template.js';
import { type Verdict } from '../coder/verdict.js';
import { type ParsedFile } from '../hcl/syntax.js';
import type { Judgement } from '../hcl/verify.js';
import type { TemplateFiles } from '../input/template-files.js';
import { type Effect, type Finding, type Level, type Rule } from '../rule.js';
import type { SourceFile } from '../source/source-file.js';
/** What analysing needs besides the files; all of it can be shared between templates. */
export interface LintServices {
    /** Parses native syntax and `.tf.json` alike. */
    readonly parse: (file: SourceFile) => ParsedFile;
    /**
     * HCL's own parser: takes files, and later says what is wrong with each, nothing when it is valid. Null where there
     * is none; then the problems of our own parser count.
     */
    readonly judge: ((files: readonly SourceFile[]) => Promise<readonly Judgement[]>) | null;
    /** Whether every file goes to the judge, or only those in doubt. */
    readonly judgeAll?: boolean;
    /** Asked for only when a template calls a module whose files it does not bring. */
    readonly catalogs: () => Promise<readonly Catalog[]>;
    readonly rules: readonly Rule[];
}
/** A rule that threw: a defect of the program, not of the template. */
export interface RuleFailure {
    readonly ruleId: string;
    readonly error: unknown;
}
/** Findings that are left out, since there are so many like them. */
interface Omission {
    /** The last one that is kept. */
    readonly like: Finding;
    readonly count: number;
}
/** A template with everything that is known about it. */
export interface Analysis {
    readonly files: TemplateFiles;
    readonly template: Template;
    /** All findings on all lines, in order of file and place. */
    readonly findings: readonly Finding[];
    readonly omissions: readonly Omission[];
    readonly verdict: Verdict;
    readonly failures: readonly RuleFailure[];
}
/** Reads a template, runs every rule over it and decides the verdict. Never throws on the template's content. */
export declare function analyze(files: TemplateFiles, services: LintServices, target: readonly LineId[]): Promise<Analysis>;
/** The worst effect of a finding on the lines that the user lints for; null when it has none there. */
export declare function worstEffect(finding: Finding, target: readonly LineId[]): Effect | null;
/**
 * The level of a finding that has an effect: what follows from the effect, or more where its message asks for it.
 * @param ofEffect what follows from the effect, when that is configured
 */
export declare function levelOf({ message }: Finding, effect: Effect, ofEffect?: Level): Level;
export {};
