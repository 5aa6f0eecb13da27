import { SourceFile } from '../source/source-file.js';
import type { Level, Report } from './report.js';
/** Where formats say that this program comes from. */
export declare const HOMEPAGE = "https://github.com/tasks-lint/tasks-lint";
/** Turns a report into the text of one output format. */
export interface Format {
    readonly name: string;
    render(report: Report, context: RenderContext): string | Promise<string>;
}
/** What a format may know besides the report: everything else is in the report. */
export interface RenderContext {
    /** The text of a file by its path in the report, for code frames and column units; null when it cannot be had. */
    readonly sources: (path: string) => string | null;
    /** Colour support as chalk counts it: 0 none, 1 basic, 2 256 colours, 3 true colour. The caller decides. */
    readonly color: 0 | 1 | 2 | 3;
    /** Whether the output may use symbols outside ASCII. */
    readonly unicode: boolean;
    /** Columns of the terminal. */
    readonly width: number;
    /** All rules of the run, found or not, in a fixed order. */
    readonly rules: readonly RuleMetadata[];
    readonly repository: Repository;
    readonly invocation: Invocation;
    /** Tells apart several uploads for one commit; part of the SARIF automation id. */
    readonly category: string | null;
    /** Unified diff of the fixes, shown by `markdown`. */
    readonly diff: string | null;
}
/** What a report tells about a rule, whether it found anything or not. */
export interface RuleMetadata {
    readonly id: string;
    readonly summary: string;
    /** URL of the rule's page. */
    readonly docs: string;
    /** The rule's page as Markdown. */
    readonly help: string;
    /** Level of the rule's worst message; `warning` when it is left out. */
    readonly level?: Level;
}
/** Where the report's paths lie in the repository that consumers such as code scanning know. */
export interface Repository {
    /** Path from the repository's root to the directory that the report's paths start from: empty, or ending in `/`. */
    readonly prefix: string;
    /** `file:` URI of the repository's root, ending in `/`; null keeps machine paths out of the report. */
    readonly uri: string | null;
}
/** How the run itself went, apart from what it found. */
interface Invocation {
    readonly successful: boolean;
    readonly notices: readonly Notice[];
}
/** Something that a run has to say about itself: a file it could not read, a rule that threw. */
export interface Notice {
    readonly level: Level;
    readonly message: string;
    readonly ruleId: string | null;
    readonly file: string | null;
    /** Line from 1; null for the file as a whole. */
    readonly line: number | null;
}
/** A context in which nothing is known of the surroundings, with what the caller does know put in. */
export declare function createContext(known?: Partial<RenderContext>): RenderContext;
/** A path of the report as seen from the repository's root, without `.` and `..` as far as they can be resolved. */
export declare function repositoryPath(path: string, repository: Repository): string;
/** The context's sources as files, each opened once, since one file often holds many findings. */
export declare function openSources({ sources }: RenderContext): (path: string) => SourceFile | null;
export {};
