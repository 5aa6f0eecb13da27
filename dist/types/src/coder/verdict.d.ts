import type { Finding } from '../rule.js';
import { type LineId, type ReleaseLine } from './releases.js';
import type { Template } from './template.js';
/**
 * What shape a template's Tasks parts have: `legacy` (up to Coder 2.27: `sidebar_app`, "AI Prompt", a module
 * that brings its own task), `current` (from 2.28), `hybrid` (both), `orphan` (Tasks parts, but nothing that
 * makes a task) or `none`.
 */
export type Generation = 'legacy' | 'current' | 'hybrid' | 'orphan' | 'none';
/** What a user meets who creates a task from the template on a release line, `capable` down to the worst. */
export type Status = 'capable' | 'prompt-lost' | 'task-creation-fails' | 'not-capable' | 'build-fails' | 'import-fails' | 'unknown';
/** What a user of a template meets on one release line. */
export interface LineVerdict {
    readonly line: LineId;
    /** Whether Coder marks the template as having tasks; null when the files do not decide it. */
    readonly listed: boolean | null;
    readonly status: Status;
    /** Ids of the rules that are the cause of a status other than capable, sorted. */
    readonly because: readonly string[];
}
/** On which Coder releases a template is Task-capable, and what keeps it from being so on the others. */
export interface Verdict {
    readonly generation: Generation;
    readonly lines: readonly LineVerdict[];
    /** Semver range of Coder versions on which the template is capable; null when there are none. */
    readonly capableOn: string | null;
}
/** The verdict on every line: the worst effect found on it, else what detection says. */
export declare function verdictOf(template: Template, findings: readonly Finding[]): Verdict;
/**
 * Whether Coder marks the template as having tasks on a line, as its provisioner decides it:
 * `hasAITaskResources` in provisioner/terraform/resources.go up to 2.33 takes any `coder_ai_task` in the graph,
 * `len(aiTasks) > 0` from 2.34 (#25197) takes planned instances. Null when a module of which nothing is known
 * or a file that was not read could bring one, or a count cannot be known.
 */
export declare function isListed(template: Template, line: Pick<ReleaseLine, 'detection'>): boolean | null;
/** The generation of a template's Tasks parts. */
export declare function generationOf(template: Template): Generation;
