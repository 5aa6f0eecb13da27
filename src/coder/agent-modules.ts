import type { Step } from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import type { ModuleNode, ModuleTree } from '../terraform/load.ts';
import type { ModuleCall } from '../terraform/module.ts';
import { referencesIn, referencesInBlock, referencesTo } from '../terraform/references.ts';
import {
  type Catalog,
  type CatalogModule,
  factsOf,
  isAgentModule,
  type ModuleFacts,
  PROMPT_INPUTS,
  type TasksMode,
  tasksMode,
} from './catalog/catalog.ts';
import { fullAddress } from './import-world.ts';
import { findCatalogModule, moduleNameIn, parseModuleSource, type WantedVersion } from './module-source.ts';
import type { Template } from './template.ts';

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
export function catalogCallsIn(tree: ModuleTree, catalogs: readonly Catalog[]): CatalogCall[] {
  return tree.nodes.flatMap((node) =>
    [...node.module.calls.values()].flatMap((call) => catalogCall(tree, node, call, catalogs) ?? []),
  );
}

function catalogCall(
  tree: ModuleTree,
  node: ModuleNode,
  call: ModuleCall,
  catalogs: readonly Catalog[],
): CatalogCall | null {
  if (call.source === null) return null;
  const found = findCatalogModule(parseModuleSource(call.source), call.version, catalogs);
  if (found === null) return null;
  const address = fullAddress(node, call.address);
  const installed = tree.installedVersions.get(address);
  const isComputed = call.versionArgument !== undefined && call.version === null;
  const resolved = installed ?? (isComputed ? null : found.resolved);
  return {
    address,
    node,
    call,
    catalog: found.catalog,
    id: found.id,
    module: found.module,
    wanted: isComputed ? { kind: 'unknown', ref: null } : found.version,
    resolved,
    facts: resolved === null ? null : factsOf(found.module, resolved),
    at: placeOfVersion(call),
  };
}

function placeOfVersion(call: ModuleCall): Span {
  return call.versionArgument?.value.span ?? call.sourceArgument?.value.span ?? call.block.headerSpan;
}

/** Those of the calls whose module had Tasks support in some release. */
export function agentModulesIn(calls: readonly CatalogCall[]): AgentModule[] {
  return calls
    .filter((call) => isAgentModule(call.module))
    .map((call) => ({ ...call, tasks: call.facts === null ? 'unknown' : tasksMode(call.facts) }));
}

/** Calls whose module is not at hand and not in a catalogue, or in it with a version that it does not know. */
export function opaqueCallsIn(template: Template): OpaqueCall[] {
  const opaque: OpaqueCall[] = [];
  for (const node of template.tree.nodes) {
    const agents = agentsIn(node);
    for (const { call, reason } of node.unresolved.values()) {
      const known = template.catalogCall(node, call);
      if (known?.facts) continue;
      opaque.push({
        address: fullAddress(node, call.address),
        node,
        call,
        reason: known === null ? reason : 'unknown-version',
        mayDefineTask: known === null ? mayGetAnAgent(template, call, node, agents) : mayDefineTask(known),
        at: known?.at ?? call.sourceArgument?.value.span ?? call.block.headerSpan,
      });
    }
  }
  return opaque;
}

/**
 * Those of the opaque calls that are agents for all that can be seen: the module is named like an agent module of
 * a catalogue (a copy in another repository), takes the prompt, or a task takes its app from it.
 */
export function unknownAgentsIn(template: Template): OpaqueCall[] {
  const names = new Set(
    template.catalogs.flatMap(({ modules }) =>
      Object.entries(modules).flatMap(([id, module]) => (isAgentModule(module) ? id.split('/')[1] : [])),
    ),
  );
  // Only what reads the prompt itself: a repository's name that is found in it goes to every kind of module.
  const prompted = new Set(
    [...template.taskData, ...template.promptParameters].flatMap(({ references }) =>
      references.flatMap(({ owner, steps }) => (isPrompt(steps[0]) ? [owner.block] : [])),
    ),
  );
  const tasked = new Set(
    template.aiTasks.flatMap((task) =>
      template.taskTargets(task).flatMap((target) => (target.kind === 'module-output' ? target.address : [])),
    ),
  );
  return template.opaqueCalls.filter(({ reason, call, address, mayDefineTask }) => {
    if (reason !== 'remote') return false;
    const isNamedSo = names.has(moduleNameIn(parseModuleSource(call.source ?? '')));
    const isPrompted = prompted.has(call.block) || PROMPT_INPUTS.some((name) => call.inputs.has(name));
    return tasked.has(address) || (mayDefineTask && (isNamedSo || isPrompted));
  });
}

function isPrompt(step: Step | undefined): boolean {
  return step?.kind === 'attribute' && (step.name === 'prompt' || step.name === 'value');
}

/**
 * Releases that the catalogue lacks are older than Tasks, or newer: those do as the newest one does, and so does
 * the main branch. Another branch or a commit may be as any release is.
 */
function mayDefineTask({ module, wanted }: CatalogCall): boolean {
  const isAnyState = wanted.kind === 'unknown' && wanted.ref !== null && !MAIN_BRANCHES.has(wanted.ref);
  const newest = module.facts[module.releases.at(-1)?.facts ?? -1];
  const possible = isAnyState || newest === undefined ? module.facts : [newest];
  return possible.some((facts) => tasksMode(facts) === 'defines-task');
}

const MAIN_BRANCHES = new Set(['main', 'HEAD', 'refs/heads/main']);

/**
 * A `coder_ai_task` needs an app, and an app needs an agent. A module that is handed nothing of Coder's, in a
 * template that has its own agent, is infrastructure: a network, a bucket.
 */
function mayGetAnAgent(
  template: Template,
  call: ModuleCall,
  { module }: ModuleNode,
  agents: ReadonlySet<string>,
): boolean {
  if (template.agents.length === 0) return true;
  return referencesInBlock(module, call.block).some(({ address }) => agents.has(address));
}

/** Addresses read in a module that are an agent or may hold one: its agents, inputs and what locals make of them. */
function agentsIn(node: ModuleNode): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { address } of referencesIn(node.module)) if (mayBeAgent(node, address)) found.add(address);
  // A set that grows while it is walked is walked to its end.
  for (const address of found) {
    for (const { owner } of referencesTo(node.module, address)) {
      if (owner.address.startsWith('local.')) found.add(owner.address);
    }
  }
  return found;
}

function mayBeAgent(node: ModuleNode, address: string): boolean {
  if (address.startsWith('coder_agent.') || address.startsWith('coder_external_agent.')) return true;
  // An input of a local module may be an agent of its caller.
  return address.startsWith('var.') && node.parent !== null && /agent/i.test(address);
}
