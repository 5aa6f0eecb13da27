/**
 * Facts about the modules of a registry, per released version. Built by `tasks-lint catalog` from the
 * release tags of the registry's git repository (see build.ts), never written by hand.
 */
export interface Catalog {
    readonly formatVersion: 1;
    readonly generatedFrom: GeneratedFrom;
    /**
     * Registry hosts (`registry.coder.com`) and git repositories (`github.com/coder/registry`) whose modules
     * the catalogue describes. A module source that names none of them is not looked up in it.
     */
    readonly hosts: readonly string[];
    readonly layout: RepositoryLayout;
    /** By module id, `namespace/name`. */
    readonly modules: Readonly<Record<string, CatalogModule>>;
}
/**
 * How the registry's git repository is laid out, so that a git source can be told to be a module.
 * `{namespace}`, `{module}` and `{version}` stand for what they say, each at most once per pattern.
 */
export interface RepositoryLayout {
    /** Release tags: `release/{namespace}/{module}/v{version}`. */
    readonly tag: string;
    /** Folder of a module, `''` for the top: `registry/{namespace}/modules/{module}`. */
    readonly path: string;
    /** Namespace and module name where neither pattern tells them, else null. */
    readonly namespace: string | null;
    readonly module: string | null;
}
/** Where the facts were read: the newest commit of the clone and the number of release tags in it. */
interface GeneratedFrom {
    readonly repository: string;
    readonly commit: string;
    readonly tags: number;
}
/** A module with all its releases. */
export interface CatalogModule {
    /** Oldest first; `facts` is an index into `facts`, since most releases change no fact. */
    readonly releases: readonly {
        readonly version: string;
        readonly facts: number;
    }[];
    readonly facts: readonly ModuleFacts[];
}
/** What a module release means to a template that calls it, with the registry modules that it calls itself. */
export interface ModuleFacts {
    /** The `coder_ai_task` resources that a call of the module brings. */
    readonly definesTask: readonly DefinedTask[];
    /** Addresses, inside the module, of each `coder_parameter` whose name is exactly `AI Prompt`. */
    readonly promptParameters: readonly string[];
    /** Names of the `coder_parameter`s that it may declare, nested modules included. */
    readonly parameters: readonly string[];
    /** Whether the module itself has a `data "coder_task"`; what nested modules need shows in `provider`. */
    readonly readsTaskData: boolean;
    readonly outputs: readonly string[];
    readonly inputs: Readonly<Record<string, ModuleInput>>;
    /** The input that takes the task prompt, one of `PROMPT_INPUTS`; null when there is none. */
    readonly promptInput: string | null;
    /** Version constraints on the coder provider, its own and those of nested modules: all must hold. */
    readonly provider: readonly string[];
    /** Constraint on Terraform's version, nested modules included; null when there is none. */
    readonly terraform: string | null;
    /** Slugs of the `coder_app`s that every call with default inputs brings, whatever inputs it sets otherwise. */
    readonly appSlugs: readonly string[];
    /** Slugs of apps that come only when an input or the workspace asks for them. */
    readonly optionalAppSlugs: readonly string[];
    /** Names of the `coder_env`s that a call with default inputs brings. */
    readonly envNames: readonly string[];
    /** Names of `coder_env`s that come only when an input or the workspace asks for them. */
    readonly optionalEnvNames: readonly string[];
    /** Direct module calls, as written. */
    readonly modules: readonly NestedModule[];
    /** Addresses of module calls, nested too, into which the catalogue cannot see: other facts may be incomplete. */
    readonly unresolved: readonly string[];
}
/** Facts of a module without anything in it. */
export declare const NO_FACTS: ModuleFacts;
/** A `coder_ai_task` inside a module. */
export interface DefinedTask {
    /** Inside the module: `coder_ai_task.claude_code`, `module.agentapi.coder_ai_task.agentapi`. */
    readonly address: string;
    readonly sidebarApp: boolean;
    readonly appId: boolean;
    /** True when it, or a module call around it inside the module, has `count` or `for_each`. */
    readonly counted: boolean;
}
/** An input variable of a module. */
export interface ModuleInput {
    readonly required: boolean;
    /** Absent when there is none, when it is no literal, and when it is a text too long to be a fact. */
    readonly default?: JsonValue;
    readonly sensitive?: true;
    /** The type constraint with its spaces normalised; absent means any. */
    readonly type?: string;
}
/** A module that a release of a registry module calls. */
export interface NestedModule {
    readonly name: string;
    readonly source: string;
    readonly version: string | null;
}
/** Any value of JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | {
    readonly [key: string]: JsonValue;
};
/** What a module release does for Tasks; `unknown` when it calls a module that the catalogue cannot see into. */
export type TasksMode = 'defines-task' | 'exports-app-id' | 'none' | 'unknown';
/** Inputs that take the task's prompt, in all agent modules of registry.coder.com; the first found counts. */
export declare const PROMPT_INPUTS: string[];
/** The output by which a module hands its app to the template's `coder_ai_task`. */
export declare const TASK_APP_OUTPUT = "task_app_id";
/**
 * How a module release takes part in Tasks. A module of the old generation brings its own
 * `coder_ai_task`; one of the new generation leaves it to the template and exports `task_app_id`.
 */
export declare function tasksMode(facts: ModuleFacts): TasksMode;
/** Whether a module had Tasks support in any release: it is an agent module then, whatever release is called. */
export declare function isAgentModule(module: CatalogModule): boolean;
/** Whether a module release brings a `coder_ai_task` or exports what one needs. */
export declare function hasTasksSupport(facts: ModuleFacts): boolean;
/** The facts of one release, null when the catalogue does not have that version. */
export declare function factsOf(module: CatalogModule, version: string): ModuleFacts | null;
/**
 * The newest release that a version constraint admits, as `terraform init` would choose it; no constraint
 * admits all. Null when the constraint admits none or cannot be read.
 */
export declare function resolveVersion(module: CatalogModule, constraint: string | null): string | null;
/** The releases that a version constraint admits, oldest first; Terraform takes pre-releases only when named. */
export declare function admittedVersions(module: CatalogModule, constraint: string | null): readonly string[];
/** The major versions among the releases that a constraint admits, ascending. */
export declare function admittedMajors(module: CatalogModule, constraint: string | null): number[];
/** The newest release with Tasks support of the new generation, null when the module never had one. */
export declare function newestTasksVersion(module: CatalogModule): string | null;
/**
 * Where an exact version stands among the releases. Only a `gap` is proof that there is no such release:
 * older ones may have been made in another repository (coder/modules), newer ones after the catalogue.
 */
export declare function placeOfVersion(module: CatalogModule, version: string): 'known' | 'before' | 'gap' | 'after';
/** The release to take instead of one in a gap: the next one of the same major version, else the one before. */
export declare function nearestRelease({ releases }: CatalogModule, version: string): string | null;
export {};
