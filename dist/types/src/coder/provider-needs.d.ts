import type { Span } from '../source/source-file.js';
import { type Constraint } from '../terraform/constraint.js';
import type { ModuleNode } from '../terraform/load.js';
import type { RequiredProvider } from '../terraform/module.js';
import type { Template } from './template.js';
/** Why a template needs a version of the coder provider. */
interface ProviderNeed {
    /** Lowest provider version that has what is used. */
    readonly version: string;
    /** What is used, in words: an address and, in modules, the module's version. */
    readonly reason: string;
    readonly at: Span;
}
/** What the files say about the coder provider's version. */
export interface ProviderNeeds {
    /** `required_providers` entries for coder/coder, in the template and in modules whose files are at hand. */
    readonly required: readonly CoderProviderEntry[];
    /** The version that `.terraform.lock.hcl` pins. */
    readonly locked: {
        readonly version: string;
        readonly at: Span;
    } | null;
    /** What is needed, highest version first. */
    readonly needs: readonly ProviderNeed[];
}
/** An entry for the coder provider in a module’s `required_providers`. */
export interface CoderProviderEntry {
    readonly node: ModuleNode;
    readonly entry: RequiredProvider;
    /** Null without a version or when Terraform could not read it. */
    readonly constraint: Constraint | null;
}
/** Collects what a template needs of the coder provider and what it asks for (domain: provider/ai_task.go by version). */
export declare function providerNeedsOf(template: Template): ProviderNeeds;
/** Whether a `required_providers` entry is the coder provider; without a source its local name decides. */
export declare function isCoderProvider({ name, source }: RequiredProvider): boolean;
/** Whether the lock file pins the provider below a version; a prerelease of that version is not below it. */
export declare function isLockedBelow({ locked }: ProviderNeeds, version: string): boolean;
export {};
