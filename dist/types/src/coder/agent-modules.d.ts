import type { Span } from '../source/source-file.js';
import type { ModuleNode, ModuleTree } from '../terraform/load.js';
import type { ModuleCall } from '../terraform/module.js';
import { type Catalog, type CatalogModule, type ModuleFacts, type TasksMode } from './catalog/catalog.js';
import { type WantedVersion } from './module-source.js';
import type { Template } from './template.js';
/** A module call that a catalogue describes. */
export interface CatalogCall {
    /** Address with its modules: `module.claude-code`. */
    readonly address: string;
    readonly node: ModuleNode;
    readonly call: ModuleCall;
    readonly catalog: Catalog;
    /** `namespace/name` in the catalogue. */
    readonly id: string;
    readonly module: CatalogModule;
    readonly wanted: WantedVersion;
    /** The release that `terraform init` would take, or that is installed; null when none is known to fit. */
    readonly resolved: string | null;
    readonly facts: ModuleFacts | null;
    /** Where findings about the call point: its version, else its source, else its header. */
    readonly at: Span;
}
/** A call of a module that had Tasks support in some release. */
export interface AgentModule extends CatalogCall {
    readonly tasks: TasksMode;
}
/** A module call of which nothing is known. */
export interface OpaqueCall {
    readonly address: string;
    readonly node: ModuleNode;
    readonly call: ModuleCall;
    /** Why its files are not at hand. */
    readonly reason: 'remote' | 'missing' | 'cycle' | 'too-deep' | 'no-source' | 'unknown-version';
    /** True when it might bring a `coder_ai_task`, false when that can be ruled out. */
    readonly mayDefineTask: boolean;
    readonly at: Span;
}
/** Calls that lead to a module of a catalogue, in all module nodes. */
export declare function catalogCallsIn(tree: ModuleTree, catalogs: readonly Catalog[]): CatalogCall[];
/** Those of the calls whose module had Tasks support in some release. */
export declare function agentModulesIn(calls: readonly CatalogCall[]): AgentModule[];
/** Calls whose module is not at hand and not in a catalogue, or in it with a version that it does not know. */
export declare function opaqueCallsIn(template: Template): OpaqueCall[];
/**
 * Those of the opaque calls that are agents for all that can be seen: the module is named like an agent module of
 * a catalogue (a copy in another repository), takes the prompt, or a task takes its app from it.
 */
export declare function unknownAgentsIn(template: Template): OpaqueCall[];
