import {
  type Argument,
  argumentNamed,
  type Block,
  type Expression,
  hasDynamic,
  isInDoubt,
  isNull,
  literalString,
  nestedBlocks,
  type SyntaxProblem,
} from '../hcl/syntax.ts';
import type { SourceFile, Span } from '../source/source-file.ts';
import type { ModuleNode, ModuleTree } from '../terraform/load.ts';
import type { ModuleCall, Resource } from '../terraform/module.ts';
import { type Reference, referencesIn, referencesTo, type Sink, sinksOf } from '../terraform/references.ts';
import { Evaluation, type InstanceCount } from '../terraform/scope.ts';
import { asBool, asNumber, asString, type Value } from '../terraform/value.ts';
import {
  type AgentModule,
  agentModulesIn,
  type CatalogCall,
  catalogCallsIn,
  type OpaqueCall,
  opaqueCallsIn,
  unknownAgentsIn,
} from './agent-modules.ts';
import { type AppTarget, appTargetsOf } from './app-target.ts';
import type { Catalog } from './catalog/catalog.ts';
import { CoderWorld, fullAddress, STOP } from './import-world.ts';
import { type PromptWiring, promptWiringOf } from './prompt-wiring.ts';
import { type ProviderNeeds, providerNeedsOf } from './provider-needs.ts';
import { type TaskMaximum, taskMaximum } from './task-instances.ts';
import { type Generation, generationOf } from './verdict.ts';
import { type WrittenText, writtenTextsIn } from './written-text.ts';

/** The exact name that makes a parameter the task prompt up to Coder 2.29 (codersdk/aitasks.go at v2.28.0). */
export const PROMPT_PARAMETER_NAME = 'AI Prompt';

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
export class Template {
  readonly tree: ModuleTree;
  readonly catalogs: readonly Catalog[];
  /**
   * What HCL refuses in the files, and the files of which that is not known. Of files that were read in full only
   * the rules of syntax/ are sure to see the latter: the others need not wait for them.
   */
  readonly syntaxProblems: readonly SyntaxProblem[];
  /** The start that Coder plans at import. */
  readonly atImport = new Evaluation(new CoderWorld());
  /** The stop that Coder plans at import right after. */
  readonly atStop = new Evaluation(new CoderWorld(STOP));
  private readonly computed = new Map<string, unknown>();

  constructor(tree: ModuleTree, catalogs: readonly Catalog[], syntaxProblems: readonly SyntaxProblem[] = []) {
    this.tree = tree;
    this.catalogs = catalogs;
    this.syntaxProblems = syntaxProblems;
  }

  /**
   * The same template, and all that is known of it, with problems that add nothing but files that were read in full
   * and that nobody could verify.
   */
  withUnverified(syntaxProblems: readonly SyntaxProblem[]): Template {
    return Object.assign(Object.create(Template.prototype), this, { syntaxProblems });
  }

  /** Whether all was read that Terraform may read: else there may be more than is known. */
  get isFullyRead(): boolean {
    return this.once('isFullyRead', () => {
      const isOpen = ({ span, unverified }: SyntaxProblem) =>
        unverified === true && this.brokenFiles.has(span.file);
      return !this.tree.unreadable.some(({ isTooLarge }) => isTooLarge) && !this.syntaxProblems.some(isOpen);
    });
  }

  /** Files that are invalid, or that may hold something else than was read: what is found in them may not be so. */
  get brokenFiles(): ReadonlySet<SourceFile> {
    return this.once('brokenFiles', () => {
      const doubted = new Set(this.tree.files.filter(isInDoubt).map(({ file }) => file));
      const broken = this.syntaxProblems.filter(
        ({ span, unverified }) => !unverified || doubted.has(span.file),
      );
      return new Set(broken.map(({ span }) => span.file));
    });
  }

  get root(): ModuleNode {
    return this.tree.root;
  }

  /** Where findings about the template as a whole point; undefined when it holds no block. */
  get place(): Span | undefined {
    const { terraformBlocks, blocks } = this.root.module;
    return (terraformBlocks[0] ?? blocks[0])?.headerSpan;
  }

  /** Calls of modules that a catalogue describes. */
  get catalogCalls(): readonly CatalogCall[] {
    return this.once('catalogCalls', () => catalogCallsIn(this.tree, this.catalogs));
  }

  /** Calls of modules that had Tasks support in some release. */
  get agentModules(): readonly AgentModule[] {
    return this.once('agentModules', () => agentModulesIn(this.catalogCalls));
  }

  /** Calls of modules of which nothing is known, and that might bring a `coder_ai_task`. */
  get opaqueCalls(): readonly OpaqueCall[] {
    return this.once('opaqueCalls', () => opaqueCallsIn(this));
  }

  /** Calls of modules of which nothing is known but that they run an agent. */
  get unknownAgents(): readonly OpaqueCall[] {
    return this.once('unknownAgents', () => unknownAgentsIn(this));
  }

  get aiTasks(): readonly AiTask[] {
    return this.once('aiTasks', () => [
      ...this.blocks('managed', 'coder_ai_task').map((source) => this.visibleTask(source)),
      ...this.catalogCalls.flatMap((call) => this.tasksInside(call)),
    ]);
  }

  get taskData(): readonly TaskData[] {
    return this.once('taskData', () =>
      this.blocks('data', 'coder_task').map((source) => ({
        ...source,
        references: this.referencesTo(source),
      })),
    );
  }

  get parameters(): readonly Parameter[] {
    return this.once('parameters', () =>
      this.blocks('data', 'coder_parameter').map((source) => this.parameterFrom(source)),
    );
  }

  get promptParameters(): readonly PromptParameter[] {
    return this.once('promptParameters', () => [
      ...this.parameters
        .filter((parameter) => parameter.name === PROMPT_PARAMETER_NAME)
        .map((parameter) => ({
          address: parameter.address,
          definedBy: parameter.definedBy,
          parameter,
          call: null,
          references: this.referencesTo(parameter),
          at: parameter.block.headerSpan,
        })),
      ...this.catalogCalls.flatMap((call) =>
        (call.facts?.promptParameters ?? []).map((inner) => ({
          address: `${call.address}.${inner}`,
          definedBy: 'registry-module' as const,
          parameter: null,
          call,
          references: [],
          at: call.at,
        })),
      ),
    ]);
  }

  get presets(): readonly Preset[] {
    return this.once('presets', () =>
      this.blocks('data', 'coder_workspace_preset').map((source) => this.presetFrom(source)),
    );
  }

  get apps(): readonly CoderBlock[] {
    return this.blocks('managed', 'coder_app');
  }

  get agents(): readonly CoderBlock[] {
    return this.blocks('managed', 'coder_agent');
  }

  get envs(): readonly CoderBlock[] {
    return this.blocks('managed', 'coder_env');
  }

  get scripts(): readonly CoderBlock[] {
    return this.blocks('managed', 'coder_script');
  }

  /** Constraints on the coder provider and what the template needs of it. */
  get provider(): ProviderNeeds {
    return this.once('provider', () => providerNeedsOf(this));
  }

  /** Every text that an author can change. */
  get writtenTexts(): readonly WrittenText[] {
    return this.once('writtenTexts', () => writtenTextsIn(this.tree));
  }

  /** Where the user's prompt ends up. */
  get promptWiring(): PromptWiring {
    return this.once('promptWiring', () => promptWiringOf(this));
  }

  /** The most tasks that one build can plan. */
  get taskMaximum(): TaskMaximum {
    return this.once('taskMaximum', () => taskMaximum(this));
  }

  get generation(): Generation {
    return this.once('generation', () => generationOf(this));
  }

  /** Whether the template has anything to do with Tasks; without it no rule about Tasks speaks. */
  get isAboutTasks(): boolean {
    return this.generation !== 'none';
  }

  /** Whether the folder is a module for templates: it has no agent, and hangs its parts on one that it is handed. */
  get isModule(): boolean {
    return this.once(
      'isModule',
      () =>
        this.agents.length === 0 &&
        referencesIn(this.root.module).some(
          ({ address, owner }) => address.startsWith('var.') && owner.path[0] === 'agent_id',
        ),
    );
  }

  /** Blocks of one `coder_*` type in the template and its modules, parents first. */
  blocks(mode: Resource['mode'], type: string): readonly CoderBlock[] {
    return this.blocksByType.get(`${mode} ${type}`) ?? [];
  }

  private get blocksByType(): ReadonlyMap<string, readonly CoderBlock[]> {
    return this.once('blocksByType', () => {
      const found = new Map<string, CoderBlock[]>();
      for (const node of this.tree.nodes) {
        for (const resource of node.module.resources.values()) {
          const { mode, type, address, block } = resource;
          if (!type.startsWith('coder_')) continue;
          const source = { address: fullAddress(node, address), node, resource, block };
          const alike = found.get(`${mode} ${type}`);
          if (alike === undefined) found.set(`${mode} ${type}`, [source]);
          else alike.push(source);
        }
      }
      return found;
    });
  }

  /** The `coder_*` block at an address inside a module node. */
  blockAt(node: ModuleNode, address: string): CoderBlock | undefined {
    const byAddress = this.once('blockAt', () => {
      const blocks = [...this.blocksByType.values()].flat();
      return new Map(blocks.map((block) => [block.address, block]));
    });
    const block = byAddress.get(fullAddress(node, address));
    return block?.node === node ? block : undefined;
  }

  /** Who brings what stands in a module node. */
  definedBy(node: ModuleNode): DefinedBy {
    if (node.parent === null) return 'template';
    return node.remote ? 'registry-module' : 'local-module';
  }

  /** Direct references to a block, in its own module. */
  referencesTo(source: CoderBlock): readonly Reference[] {
    return referencesTo(source.node.module, source.resource.address);
  }

  /** Everything that an attribute of a block reaches, through locals, modules and outputs. */
  sinksOf(source: CoderBlock, attribute: string | null): Sink[] {
    return sinksOf(source.node, source.resource.address, attribute);
  }

  /** The apps that an expression may name. */
  appTargets(node: ModuleNode, expression: Expression): readonly AppTarget[] {
    const byExpression = this.once(`appTargets ${node.address}`, () => new Map<Expression, AppTarget[]>());
    const targets = byExpression.get(expression) ?? appTargetsOf(this, node, expression);
    byExpression.set(expression, targets);
    return targets;
  }

  /** What a task may name as its app; empty where nothing names one, and inside a registry module. */
  taskTargets({ source, appExpression }: AiTask): readonly AppTarget[] {
    return source === null || appExpression === null ? [] : this.appTargets(source.node, appExpression);
  }

  /** Whether a task may take its app from the module call of a full address. */
  takesAppFrom(task: AiTask, address: string): boolean {
    return this.taskTargets(task).some(
      (target) => target.kind === 'module-output' && target.address === address,
    );
  }

  /** The catalogue's knowledge of a module call, null when there is none. */
  catalogCall(node: ModuleNode, call: ModuleCall): CatalogCall | null {
    const byAddress = this.once(
      'catalogCall',
      () => new Map(this.catalogCalls.map((known) => [known.address, known])),
    );
    const known = byAddress.get(fullAddress(node, call.address));
    return known?.node === node ? known : null;
  }

  private visibleTask(source: CoderBlock): AiTask {
    const { node, resource, block } = source;
    const appId = argumentNamed(block.body, 'app_id') ?? null;
    const sidebarApp = nestedBlocks(block.body, 'sidebar_app')[0] ?? null;
    const sidebarId = sidebarApp === null ? undefined : argumentNamed(sidebarApp.body, 'id')?.value;
    return {
      address: source.address,
      definedBy: this.definedBy(node),
      source,
      call: null,
      appId,
      sidebarApp,
      appExpression: appId?.value ?? sidebarId ?? null,
      hasAppId: appId !== null && !isNull(appId.value),
      hasSidebarApp: sidebarApp !== null || hasDynamic(block.body, 'sidebar_app'),
      planned: this.atImport.totalInstancesOf(node, resource),
      at: block.headerSpan,
    };
  }

  private tasksInside(call: CatalogCall): AiTask[] {
    // A downloaded module is read from its files.
    if (call.node.children.has(call.call.name)) return [];
    const outer = this.atImport.totalInstancesOf(call.node, call.call);
    return (call.facts?.definesTask ?? []).map((task) => ({
      address: `${call.address}.${task.address}`,
      definedBy: 'registry-module',
      source: null,
      call,
      appId: null,
      sidebarApp: null,
      appExpression: null,
      hasAppId: task.appId,
      hasSidebarApp: task.sidebarApp,
      planned: task.counted && outer.count !== 0 ? countedInside(call) : outer,
      at: call.at,
    }));
  }

  private parameterFrom(source: CoderBlock): Parameter {
    const { node, resource, block } = source;
    const name = argumentNamed(block.body, 'name');
    const fallback = argumentNamed(block.body, 'default');
    return {
      ...source,
      definedBy: this.definedBy(node),
      name: name === undefined ? null : asString(this.atImport.valueOf(node, name.value)),
      default: fallback,
      required: fallback === undefined ? true : isNullValue(this.atImport.valueOf(node, fallback.value)),
      options: this.optionsOf(source),
      planned: this.atImport.totalInstancesOf(node, resource),
    };
  }

  private optionsOf({ node, block }: CoderBlock): Parameter['options'] {
    const values: string[] = [];
    for (const option of nestedBlocks(block.body, 'option')) {
      const value = argumentNamed(option.body, 'value');
      const text = value === undefined ? null : asString(this.atImport.valueOf(node, value.value));
      if (text === null) return null;
      values.push(text);
    }
    return values.length === 0 || hasDynamic(block.body, 'option') ? null : values;
  }

  private presetFrom(source: CoderBlock): Preset {
    const { node, block } = source;
    const value = (argument: Argument | undefined) =>
      argument === undefined ? undefined : this.atImport.valueOf(node, argument.value);
    const name = value(argumentNamed(block.body, 'name'));
    const isDefault = value(argumentNamed(block.body, 'default'));
    const parametersArgument = argumentNamed(block.body, 'parameters');
    const prebuilds = nestedBlocks(block.body, 'prebuilds')[0];
    const instances = prebuilds === undefined ? undefined : value(argumentNamed(prebuilds.body, 'instances'));
    return {
      ...source,
      name: name === undefined ? null : asString(name),
      isDefault: isDefault === undefined || isDefault.kind === 'null' ? false : asBool(isDefault),
      parametersArgument,
      parameters: this.presetParameters(node, parametersArgument),
      prebuildInstances:
        prebuilds === undefined && !hasDynamic(block.body, 'prebuilds')
          ? 0
          : instances === undefined
            ? null
            : asNumber(instances),
    };
  }

  private presetParameters(node: ModuleNode, argument: Argument | undefined): Preset['parameters'] {
    const parameters = new Map<string, PresetParameter>();
    if (argument === undefined) return parameters;
    if (argument.value.kind === 'object') {
      for (const entry of argument.value.entries) {
        const name = entry.name ?? asString(this.atImport.valueOf(node, entry.key));
        if (name === null) return null;
        parameters.set(name, { name, value: this.atImport.valueOf(node, entry.value), at: entry.key.span });
      }
      return parameters;
    }
    const value = this.atImport.valueOf(node, argument.value);
    if (value.kind === 'null') return parameters;
    if (value.kind !== 'object') return null;
    for (const [name, inner] of value.entries) {
      parameters.set(name, { name, value: inner, at: argument.value.span });
    }
    return parameters;
  }

  private once<T>(key: string, compute: () => T): T {
    if (!this.computed.has(key)) this.computed.set(key, compute());
    return this.computed.get(key) as T;
  }
}

function countedInside(call: CatalogCall): InstanceCount {
  const text = `the count inside ${call.address} is not part of the catalogue`;
  return { count: null, reason: { text, span: call.at, error: false } };
}

function isNullValue(value: Value): boolean | null {
  return value.kind === 'unknown' ? null : value.kind === 'null';
}

/** Text of a literal argument of a block, null when it is absent or computed. */
export function literalOf(source: CoderBlock, name: string): string | null {
  return literalString(argumentNamed(source.block.body, name)?.value);
}
