import type { Sink } from '../terraform/references.js';
import type { PromptParameter, Template } from './template.js';
/** Where the user's prompt ends up. */
export interface PromptWiring {
    /** Places that read the prompt from Coder itself: `data.coder_task.*.prompt` or `coder_ai_task.*.prompt`. */
    readonly fromTask: readonly Sink[];
    /** Places that read an "AI Prompt" parameter. */
    readonly fromParameter: ReadonlyMap<PromptParameter, readonly Sink[]>;
}
/** Follows the prompt to everything that may hand it to an agent. */
export declare function promptWiringOf(template: Template): PromptWiring;
