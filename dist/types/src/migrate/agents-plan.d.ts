import type { Analysis } from '../engine/lint.js';
/** What changes in a template when Coder Agents take the place of Tasks; nothing of it is done here. */
export interface AgentsPlan {
    /** What has no use any more: Coder 2.37 ignores the Tasks parts, and model credentials live in the control plane. */
    readonly remove: readonly PlannedRemoval[];
    /** What stays as it is. */
    readonly keep: readonly string[];
    /** What makes an agent choose the template and work well in it. */
    readonly advice: readonly string[];
}
/** A part of a template that the move to Coder Agents takes out; the line counts from 1. */
export interface PlannedRemoval {
    readonly address: string;
    readonly file: string;
    readonly line: number;
    readonly why: string;
}
/**
 * The plan for one template. Sources: docs/ai-coder/agents/tasks-to-chats-migration.md and
 * platform-controls/template-optimization.md of coder/coder at v2.35.1.
 */
export declare function agentsPlanOf({ template, files }: Analysis): AgentsPlan;
