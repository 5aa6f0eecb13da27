import { type Argument, type Block, type Expression, type ParsedFile, type SyntaxProblem } from '../hcl/syntax.js';
/** The merged content of one folder of Terraform files, as Terraform sees it. */
export interface Module {
    /** Folder inside the file tree, `''` for the top. */
    readonly folder: string;
    readonly files: readonly ParsedFile[];
    /** Resources and data sources by address (`coder_app.web`, `data.coder_task.me`). */
    readonly resources: ReadonlyMap<string, Resource>;
    readonly calls: ReadonlyMap<string, ModuleCall>;
    readonly variables: ReadonlyMap<string, Variable>;
    readonly locals: ReadonlyMap<string, Argument>;
    readonly outputs: ReadonlyMap<string, Output>;
    /** Entries of `required_providers` by local name. */
    readonly requiredProviders: ReadonlyMap<string, RequiredProvider>;
    /** `required_version` constraints with their places. */
    readonly requiredVersions: readonly Argument[];
    /** The `terraform` blocks, merged overrides included. */
    readonly terraformBlocks: readonly Block[];
    /** All top-level blocks after overrides, in source order. */
    readonly blocks: readonly Block[];
    /** Two blocks of one address, an override of nothing, and the like: what `terraform init` refuses. */
    readonly problems: readonly SyntaxProblem[];
}
/** A resource or a data source. */
export interface Resource {
    readonly mode: 'managed' | 'data';
    readonly type: string;
    readonly name: string;
    /** Address inside its module. */
    readonly address: string;
    readonly block: Block;
    readonly count: Argument | undefined;
    readonly forEach: Argument | undefined;
}
/** A `module` block. */
export interface ModuleCall {
    readonly name: string;
    /** Address inside its module: `module.claude-code`. */
    readonly address: string;
    readonly block: Block;
    readonly count: Argument | undefined;
    readonly forEach: Argument | undefined;
    /** The `source` text; null when it is missing or no literal. */
    readonly source: string | null;
    readonly sourceArgument: Argument | undefined;
    /** The `version` constraint; null when there is none (or no literal: see `versionArgument`). */
    readonly version: string | null;
    readonly versionArgument: Argument | undefined;
    /** The other arguments: the module's inputs. */
    readonly inputs: ReadonlyMap<string, Argument>;
}
/** A `variable` block. */
export interface Variable {
    readonly name: string;
    readonly block: Block;
    readonly default: Expression | undefined;
    readonly type: Expression | undefined;
    /** False where a null that is given counts as nothing given. */
    readonly isNullable: boolean;
}
/** An `output` block. */
export interface Output {
    readonly name: string;
    readonly block: Block;
    readonly value: Expression | undefined;
}
/** One entry of `required_providers`. */
export interface RequiredProvider {
    readonly name: string;
    /** `coder/coder`; null when not given. */
    readonly source: string | null;
    /** Version constraint; null when not given. */
    readonly version: string | null;
    readonly versionExpression: Expression | undefined;
    readonly argument: Argument;
}
/** Merges the parsed files of one folder by Terraform's rules; never throws. */
export declare function buildModule(folder: string, files: readonly ParsedFile[]): Module;
/** What stands at an address inside a module: a module call, a resource or a data source. */
export declare function callOrResourceAt(module: Module, address: string): ModuleCall | Resource | undefined;
