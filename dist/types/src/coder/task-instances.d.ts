import type { LineId } from './releases.js';
import type { AiTask, Template } from './template.js';
/** The most tasks that one build can plan. */
export interface TaskMaximum {
    readonly count: number;
    /** The tasks that are planned together. */
    readonly tasks: readonly AiTask[];
    /** Parameter choices that lead there, by parameter address; empty when the defaults do. */
    readonly choices: ReadonlyMap<string, string>;
}
/**
 * The most `coder_ai_task` instances that some build plans, over every choice of the parameters that their
 * counts hang on. Tasks whose count cannot be known count as none: more than one is certain, not possible.
 */
export declare function taskMaximum(template: Template): TaskMaximum;
/**
 * Lines before 2.34, where every `coder_ai_task` is listed, on which it is not certain that a task plans one: not
 * with the parameters' defaults, nor with the values of some preset.
 */
export declare function linesWithoutPlannedTask(template: Template): LineId[];
