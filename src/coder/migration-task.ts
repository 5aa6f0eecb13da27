import { argumentNamed, type Block, literalString } from '../hcl/syntax.ts';
import { textOf } from '../source/source-file.ts';
import type { ModuleNode } from '../terraform/load.ts';
import type { ModuleCall, Resource } from '../terraform/module.ts';
import { hasTasksSupport, TASK_APP_OUTPUT } from './catalog/catalog.ts';
import type { FixBuilder } from './migration-fix.ts';
import { LINES, type LineId } from './releases.ts';
import type { Template } from './template.ts';

/** Whether a target has the releases that need `sidebar_app` and the "AI Prompt" parameter. */
export function needsOldShape(target: readonly LineId[]): boolean {
  return target.includes(OLD_LINE);
}

/** Whether a target has releases that fill `data.coder_task`. */
export function knowsTaskData(target: readonly LineId[]): boolean {
  return target.some((line) => line !== OLD_LINE);
}

const OLD_LINE = LINES[0]?.id as LineId;

/** What a task can name as its app. */
export interface AppCandidate {
  readonly node: ModuleNode;
  /** What is counted: the module call or the app. */
  readonly repeated: ModuleCall | Resource;
  /** The attribute that holds the id. */
  readonly attribute: string;
}

const candidatesOf = new WeakMap<Template, readonly AppCandidate[]>();

/** The app of each agent module that exports one; without such modules, the apps that a task can use. */
function appCandidates(template: Template): readonly AppCandidate[] {
  const known = candidatesOf.get(template) ?? findCandidates(template);
  candidatesOf.set(template, known);
  return known;
}

function findCandidates(template: Template): AppCandidate[] {
  const modules = template.agentModules
    .filter(({ node, tasks }) => tasks === 'exports-app-id' && isEditable(template, node))
    .map(({ node, call }) => ({ node, repeated: call, attribute: TASK_APP_OUTPUT }));
  if (modules.length > 0) return modules;
  // The app that it brings is the agent's; those of the template are there for something else.
  const hidesApp = template.agentModules.some(({ tasks }) => tasks === 'unknown');
  if (hidesApp || template.unknownAgents.length > 0) return [];
  return template.apps
    .filter(({ node, block }) => isEditable(template, node) && isUsable(block))
    .map(({ node, resource }) => ({ node, repeated: resource, attribute: 'id' }));
}

/** A folder that is called twice would get two tasks. */
function isEditable(template: Template, node: ModuleNode): boolean {
  return !node.remote && template.tree.nodes.filter(({ module }) => module === node.module).length === 1;
}

/** The slug of the app beside the agent's, which Coder shows with a navigation bar (site TaskAppIframe, 2.24 to 2.30). */
const PREVIEW_SLUG = 'preview';

/** Coder talks to the app over http (domain: coderd/aitasks.go at v2.31.9). */
function isUsable({ body }: Block): boolean {
  if (literalString(argumentNamed(body, 'slug')?.value) === PREVIEW_SLUG) return false;
  const external = argumentNamed(body, 'external')?.value;
  const isExternal = external !== undefined && !(external.kind === 'literal' && external.value === false);
  return (
    argumentNamed(body, 'url') !== undefined && argumentNamed(body, 'command') === undefined && !isExternal
  );
}

/** So many apps are named where a task could mean any of them, which is said for each task. */
const MAX_NAMED = 10;

/** The one app that a task can mean; says why there is none. */
export function onlyCandidate(builder: FixBuilder, template: Template): AppCandidate {
  const candidates = appCandidates(template);
  const [only, ...others] = candidates;
  if (only === undefined) {
    builder.stop(
      'the template has no agent module that exports task_app_id and no coder_app that a task could show',
    );
  }
  if (others.length > 0) {
    const names = candidates.slice(0, MAX_NAMED).map(({ repeated }) => repeated.address);
    const more = candidates.length - names.length;
    if (more > 0) names.push(`${more} more`);
    builder.stop(`several apps could be the one of the task: ${names.join(', ')}`);
  }
  return only;
}

/** The expression of an app's id, seen from a block that is counted like it. */
export function appExpression({ repeated, attribute }: AppCandidate): string {
  const { address, count, forEach } = repeated;
  const index = count !== undefined ? '[count.index]' : forEach !== undefined ? '[each.key]' : '';
  return `${address}${index}.${attribute}`;
}

/** The lines that count a block like another one. */
function repetitionOf({ count, forEach }: ModuleCall | Resource): string {
  if (count !== undefined) return `count = ${textOf(count.value.span)}\n`;
  return forEach === undefined ? '' : `for_each = ${textOf(forEach.value.span)}\n`;
}

/** `app_id = …`, or the block that releases up to 2.27 want. */
function appText(expression: string, target: readonly LineId[]): string {
  return needsOldShape(target) ? `sidebar_app {\nid = ${expression}\n}` : `app_id = ${expression}`;
}

/** Adds a task for an app behind the block that brings the app. */
export function addTask(
  builder: FixBuilder,
  template: Template,
  candidate: AppCandidate,
  target: readonly LineId[],
): void {
  const { node, repeated } = candidate;
  const others = template.agentModules.filter(({ facts }) => facts !== null && hasTasksSupport(facts));
  const wanted = others.length > 1 ? repeated.name.replace(/\W/g, '_') : 'task';
  const name = freeName(node, 'coder_ai_task', wanted);
  const lines = `${repetitionOf(repeated)}${appText(appExpression(candidate), target)}`;
  builder
    .in(repeated.block)
    .insertBlock(`resource "coder_ai_task" "${name}" {\n${lines}\n}`, { after: repeated.block });
}

/** A label that no block of the type (`data.coder_task`, `coder_ai_task`) has yet. */
export function freeName(node: ModuleNode, type: string, wanted: string): string {
  let name = wanted;
  for (let number = 2; node.module.resources.has(`${type}.${name}`); number++) name = `${wanted}_${number}`;
  return name;
}
