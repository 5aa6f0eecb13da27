import { type Block, type Step, type Traversal } from '../hcl/syntax.js';
import type { ModuleNode } from './load.js';
import type { Module } from './module.js';
/** One place where an expression reads an address. Comments never count; `depends_on` entries do. */
export interface Reference {
    /** What is read, inside its module: `data.coder_task.me`, `var.name`, `local.name`, `module.name`, `coder_app.web`. */
    readonly address: string;
    /** Steps behind the address: `.prompt`, `[0]`, … */
    readonly steps: readonly Step[];
    readonly traversal: Traversal;
    readonly owner: Owner;
    /** Inside `try()` or `can()`, where a missing attribute or instance is no error. */
    readonly guarded: boolean;
}
/** Where a reference stands: a top-level block (or one local) and the path of arguments and blocks inside it. */
interface Owner {
    readonly block: Block;
    /** `local.name` for a local, else the block's address (`module.x`, `coder_app.web`, `output.url`); its type when it has none. */
    readonly address: string;
    /** Names from the block down to the argument: `['env', 'value']`; for a local its name. */
    readonly path: readonly string[];
}
/** Every reference of a module, in source order; collected once per module. */
export declare function referencesIn(module: Module): readonly Reference[];
/** References to one address, whatever steps follow it. */
export declare const referencesTo: (module: Module, key: string) => readonly Reference[];
/** References that stand in one top-level block, in source order. */
export declare const referencesInBlock: (module: Module, key: Block) => readonly Reference[];
/** References that stand in one local or block, by its address, in source order. */
export declare const referencesFrom: (module: Module, key: string) => readonly Reference[];
/** The attribute that a reference reads (`prompt` of `data.coder_task.me[0].prompt`), or null when it reads the whole. */
export declare function attributeRead({ steps }: Pick<Reference, 'steps'>): string | null;
/** A place where a value ends up for good: not in a local, a variable or an output that is read further on. */
export interface Sink {
    readonly node: ModuleNode;
    readonly reference: Reference;
}
/**
 * Everything that a value reaches: through locals, inputs of modules whose files are at hand, and their outputs.
 * An input of a module that is not at hand is a sink; an output of the root is none.
 */
export declare function sinksOf(node: ModuleNode, address: string, attribute: string | null): Sink[];
/** The address that a traversal starts with and the steps behind it; null when it is too short to name one. */
export declare function addressOf(traversal: Traversal): {
    address: string;
    steps: readonly Step[];
} | null;
/** Address of a top-level block inside its module; its type when it has no labels. */
export declare function addressOfBlock(block: Block): string;
export {};
