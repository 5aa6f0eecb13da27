import { type Argument, type Block, type Expression, type SyntaxProblem } from '../hcl/syntax.js';
import type { SourceFile, Span } from '../source/source-file.js';
import type { ModuleNode, ModuleTree } from '../terraform/load.js';
import type { ModuleCall, Resource } from '../terraform/module.js';
import { type Reference, type Sink } from '../terraform/references.js';
import { Evaluation, type InstanceCount } from '../terraform/scope.js';
import { type Value } from '../terraform/value.js';
import { type AgentModule, type CatalogCall, type OpaqueCall } from './agent-modules.js';
import { type AppTarget } from './app-target.js';
import type { Catalog } from './catalog/catalog.js';
import { type PromptWiring } from './prompt-wiring.js';
import { type ProviderNeeds } from './provider-needs.js';
import { type TaskMaximum } from './task-instances.js';
import { type Generation } from './verdict.js';
import { type WrittenText } from './written-text.js';
/** The exact name that makes a parameter the task prompt up to Coder 2.29 (codersdk/aitasks.go at v2.28.0). */
export declare const PROMPT_PARAMETER_NAME = "AI Prompt";
/** Who brings a thing: the template's own folder, a module whose files come with it, or a downloaded module. */
export type DefinedBy = 'template' | 'local-module' | 'registry-module';
/** A `coder_*` block of the template or of a module whose files are at hand. */
export interface CoderBlock {
    /** Address with its modules: `module.agent.coder_app.web`. */
    readonly address: string;
    readonly node: ModuleNode;
    readonly resource: Resource;
    readonly block: Block;
}
/** A `coder_ai_task`: a block that can be seen, or one inside a registry module. */
export interface AiTask {
    readonly address: string;
    readonly definedBy: DefinedBy;
    /** The block; null inside a registry module. */
    readonly source: CoderBlock | null;
    /** The registry module call that brings it; null for a block that can be seen. */
    readonly call: CatalogCall | null;
    readonly appId: Argument | null;
    readonly sidebarApp: Block | null;
    /** The expression that names the app; null inside a registry module or when nothing names one. */
    readonly appExpression: Expression | null;
    readonly hasAppId: boolean;
    readonly hasSidebarApp: boolean;
    /** Instances planned at import. */
    readonly planned: InstanceCount;
    /** Where findings about it point: its header, or the source of the module call. */
    readonly at: Span;
}
/** A `data "coder_task"`. */
interface TaskData extends CoderBlock {
    readonly references: readonly Reference[];
}
/** A `data "coder_parameter"`. */
export interface Parameter extends CoderBlock {
    readonly definedBy: DefinedBy;
    /** The `name` attribute; null when the files do not decide it. */
    readonly name: string | null;
    readonly default: Argument | undefined;
    /** True without a default; null when the default cannot be known to be null or not. */
    readonly required: boolean | null;
    /** Values of its `option` blocks; null without options, or when the files do not decide them. */
    readonly options: readonly string[] | null;
    readonly planned: InstanceCount;
}
/** The "AI Prompt" parameter, here or inside a registry module. */
export interface PromptParameter {
    readonly address: string;
    readonly definedBy: DefinedBy;
    readonly parameter: Parameter | null;
    readonly call: CatalogCall | null;
    readonly references: readonly Reference[];
    readonly at: Span;
}
/** A `data "coder_workspace_preset"`. */
export interface Preset extends CoderBlock {
    readonly name: string | null;
    /** Null when the files do not decide it. */
    readonly isDefault: boolean | null;
    readonly parametersArgument: Argument | undefined;
    /** Parameters it sets, by name; null when the files do not decide the keys. */
    readonly parameters: ReadonlyMap<string, PresetParameter> | null;
    /** `prebuilds.instances`; 0 without prebuilds, null when the files do not decide it. */
    readonly prebuildInstances: number | null;
}
interface PresetParameter {
    readonly name: string;
    readonly value: Value;
    /** The key, or the whole `parameters` value when it is not written as an object. */
    readonly at: Span;
}
/** The typed model of a template that rules ask. Everything in it is computed when first asked for. */
export declare class Template {
    readonly tree: ModuleTree;
    readonly catalogs: readonly Catalog[];
    /**
     * What HCL refuses in the files, and the files of which that is not known. Of files that were read in full only
     * the rules of syntax/ are sure to see the latter: the others need not wait for them.
     */
    readonly syntaxProblems: readonly SyntaxProblem[];
    /** The start that Coder plans at import. */
    readonly atImport: Evaluation;
    /** The stop that Coder plans at import right after. */
    readonly atStop: Evaluation;
    private readonly computed;
    constructor(tree: ModuleTree, catalogs: readonly Catalog[], syntaxProblems?: readonly SyntaxProblem[]);
    /**
     * The same template, and all that is known of it, with problems that add nothing but files that were read in full
     * and that nobody could verify.
     */
    withUnverified(syntaxProblems: readonly SyntaxProblem[]): Template;
    /** Whether all was read that Terraform may read: else there may be more than is known. */
    get isFullyRead(): boolean;
    /** Files that are invalid, or that may hold something else than was read: what is found in them may not be so. */
    get brokenFiles(): ReadonlySet<SourceFile>;
    get root(): ModuleNode;
    /** Where findings about the template as a whole point; undefined when it holds no block. */
    get place(): Span | undefined;
    /** Calls of modules that a catalogue describes. */
    get catalogCalls(): readonly CatalogCall[];
    /** Calls of modules that had Tasks support in some release. */
    get agentModules(): readonly AgentModule[];
    /** Calls of modules of which nothing is known, and that might bring a `coder_ai_task`. */
    get opaqueCalls(): readonly OpaqueCall[];
    /** Calls of modules of which nothing is known but that they run an agent. */
    get unknownAgents(): readonly OpaqueCall[];
    get aiTasks(): readonly AiTask[];
    get taskData(): readonly TaskData[];
    get parameters(): readonly Parameter[];
    get promptParameters(): readonly PromptParameter[];
    get presets(): readonly Preset[];
    get apps(): readonly CoderBlock[];
    get agents(): readonly CoderBlock[];
    get envs(): readonly CoderBlock[];
    get scripts(): readonly CoderBlock[];
    /** Constraints on the coder provider and what the template needs of it. */
    get provider(): ProviderNeeds;
    /** Every text that an author can change. */
    get writtenTexts(): readonly WrittenText[];
    /** Where the user's prompt ends up. */
    get promptWiring(): PromptWiring;
    /** The most tasks that one build can plan. */
    get taskMaximum(): TaskMaximum;
    get generation(): Generation;
    /** Whether the template has anything to do with Tasks; without it no rule about Tasks speaks. */
    get isAboutTasks(): boolean;
    /** Whether the folder is a module for templates: it has no agent, and hangs its parts on one that it is handed. */
    get isModule(): boolean;
    /** Blocks of one `coder_*` type in the template and its modules, parents first. */
    blocks(mode: Resource['mode'], type: string): readonly CoderBlock[];
    private get blocksByType();
    /** The `coder_*` block at an address inside a module node. */
    blockAt(node: ModuleNode, address: string): CoderBlock | undefined;
    /** Who brings what stands in a module node. */
    definedBy(node: ModuleNode): DefinedBy;
    /** Direct references to a block, in its own module. */
    referencesTo(source: CoderBlock): readonly Reference[];
    /** Everything that an attribute of a block reaches, through locals, modules and outputs. */
    sinksOf(source: CoderBlock, attribute: string | null): Sink[];
    /** The apps that an expression may name. */
    appTargets(node: ModuleNode, expression: Expression): readonly AppTarget[];
    /** What a task may name as its app; empty where nothing names one, and inside a registry module. */
    taskTargets({ source, appExpression }: AiTask): readonly AppTarget[];
    /** Whether a task may take its app from the module call of a full address. */
    takesAppFrom(task: AiTask, address: string): boolean;
    /** The catalogue's knowledge of a module call, null when there is none. */
    catalogCall(node: ModuleNode, call: ModuleCall): CatalogCall | null;
    private visibleTask;
    private tasksInside;
    private parameterFrom;
    private optionsOf;
    private presetFrom;
    private presetParameters;
    private once;
}
/** Text of a literal argument of a block, null when it is absent or computed. */
export declare function literalOf(source: CoderBlock, name: string): string | null;
export {};
