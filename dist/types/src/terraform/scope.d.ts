import type { Argument, Expression } from '../hcl/syntax.js';
import { type Effort } from './evaluate.js';
import type { ModuleNode } from './load.js';
import type { Resource } from './module.js';
import { type UnknownReason, type Value } from './value.js';
/** What is known about resources from outside the files: the import of a template, a task build, a chosen parameter. */
export interface World {
    /** Value of an attribute, or undefined when this world says nothing and the block's own argument counts. */
    attribute(node: ModuleNode, resource: Resource, name: string): Value | undefined;
}
/** How many instances a block has, or why that is not known. */
export type InstanceCount = {
    readonly count: number;
    readonly reason: null;
} | {
    readonly count: null;
    readonly reason: UnknownReason;
};
interface Repeated {
    readonly count: Argument | undefined;
    readonly forEach: Argument | undefined;
}
/** Evaluates the expressions of one module tree in one world; values are remembered. */
export declare class Evaluation {
    readonly world: World;
    private readonly effort;
    private readonly memo;
    private readonly running;
    private readonly counts;
    /** @param effort shared by evaluations of which there may be many, so that all of them are bounded together */
    constructor(world: World, effort?: Effort);
    /** Value of an expression that stands in the module of a node, outside any repeated block. */
    valueOf(node: ModuleNode, expression: Expression): Value;
    /** Instances of a resource or module call inside one instance of its module. */
    instancesOf(node: ModuleNode, repeated: Repeated): InstanceCount;
    private countInstances;
    /** Instances of a resource over all instances of the modules around it; 0 as soon as one factor is 0. */
    totalInstancesOf(node: ModuleNode, repeated: Repeated): InstanceCount;
    /** Computes a value once; a value that needs itself is unknown, as Terraform refuses the cycle. */
    remember(key: string, compute: () => Value): Value;
}
export {};
