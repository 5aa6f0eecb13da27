import type { TasksMode } from '../coder/catalog/catalog.js';
import type { LineId } from '../coder/releases.js';
import type { DefinedBy } from '../coder/template.js';
import type { Generation, LineVerdict, Verdict } from '../coder/verdict.js';
import type { Effect, Level } from '../rule.js';
import type { Position } from '../source/source-file.js';
/**
 * The JSON report, format version 1; every other format is derived from it. Paths are relative with `/`,
 * lines and columns count from 1, columns and offsets in UTF-16 units, ends are exclusive.
 */
export interface Report {
    readonly formatVersion: 1;
    readonly tool: {
        readonly name: 'tasks-lint';
        readonly version: string;
    };
    /** Semver range of Coder versions that was linted for. */
    readonly target: string;
    readonly templates: readonly TemplateReport[];
    readonly summary: Summary;
}
/** Counts over all templates of a report; suppressed findings count as nothing but suppressed. */
export interface Summary {
    readonly templates: number;
    /** Templates that are capable on every line of the target. */
    readonly capable: number;
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly fixable: number;
    readonly suppressed: number;
}
export type { Status } from '../coder/verdict.js';
export type { DefinedBy, Generation, Level, LineVerdict };
/** All that a report says of one template. */
export interface TemplateReport {
    readonly root: string;
    readonly verdict: VerdictReport;
    readonly facts: FactsReport;
    readonly findings: readonly FindingReport[];
    /** What else a reader should know, such as how many findings are left out; not there when there is nothing. */
    readonly notes?: readonly NoteReport[];
}
/** Something about one path. */
export interface NoteReport {
    readonly path: string;
    readonly text: string;
}
/** The verdict as reports show it. */
export type VerdictReport = Verdict;
/** What of Tasks is in a template, whether or not anything is wrong with it. */
export interface FactsReport {
    readonly aiTasks: readonly AiTaskReport[];
    readonly taskData: readonly {
        readonly address: string;
        readonly references: number;
    }[];
    readonly promptParameters: readonly {
        readonly address: string;
        readonly definedBy: DefinedBy;
        readonly references: number;
    }[];
    readonly agentModules: readonly AgentModuleReport[];
}
/** A coder_ai_task of the template or of a module that it calls. */
export interface AiTaskReport {
    readonly address: string;
    readonly definedBy: DefinedBy;
    readonly module: {
        readonly address: string;
        readonly source: string;
        readonly version: string | null;
    } | null;
    readonly appId: boolean;
    readonly sidebarApp: boolean;
    /** Instances planned at import by Coder 2.34 and later; null when the files do not decide it. */
    readonly plannedAtImport: number | null;
}
/** A call of a module that runs a coding agent. */
export interface AgentModuleReport {
    readonly address: string;
    readonly source: string;
    readonly version: string | null;
    /** Newest catalogue version that the constraint admits. */
    readonly resolved: string | null;
    readonly tasks: TasksMode;
    readonly promptInput: string | null;
}
/** A finding; lines and columns count from 1, columns and offsets in UTF-16 units, ends are exclusive. */
export interface FindingReport {
    readonly ruleId: string;
    readonly messageId: string;
    readonly level: Level;
    readonly message: string;
    readonly advice: string;
    readonly address: string | null;
    readonly file: string;
    readonly start: Position;
    readonly end: Position;
    readonly effects: readonly {
        readonly line: LineId;
        readonly effect: Effect;
    }[];
    readonly related: readonly {
        readonly file: string;
        readonly start: Position;
        readonly end: Position;
        readonly text: string;
    }[];
    readonly fix: {
        readonly title: string;
        readonly safety: 'safe' | 'review';
        readonly edits: readonly {
            readonly file: string;
            readonly start: Position;
            readonly end: Position;
            readonly text: string;
        }[];
    } | null;
    /** Stable over line moves: rule, file, block address and normalised text. */
    readonly fingerprint: string;
    readonly suppressed: {
        readonly reason: string;
    } | null;
    readonly docs: string;
}
