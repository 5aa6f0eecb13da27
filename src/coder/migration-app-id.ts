import { argumentNamed, type Expression, nestedBlocks } from '../hcl/syntax.ts';
import { textOf } from '../source/source-file.ts';
import type { ModuleNode } from '../terraform/load.ts';
import { callOrResourceAt, type ModuleCall, type Resource } from '../terraform/module.ts';
import {
  attributeRead,
  type Reference,
  referencesFrom,
  referencesInBlock,
  referencesTo,
} from '../terraform/references.ts';
import { newestTasksVersion } from './catalog/catalog.ts';
import { fullAddress } from './import-world.ts';
import { buildFix, type FixBuilder, type FixOutcome, NO_FIX } from './migration-fix.ts';
import { taskDataIn } from './migration-prompt.ts';
import { requireProvider } from './migration-provider.ts';
import {
  type AppCandidate,
  addTask,
  appExpression,
  freeName,
  knowsTaskData,
  needsOldShape,
  onlyCandidate,
} from './migration-task.ts';
import { PROVIDER_VERSIONS } from './provider-schema.ts';
import type { LineId } from './releases.ts';
import type { AiTask, Template } from './template.ts';

/** `sidebar_app { id = E }` becomes `app_id = E`, unless the target has releases that know only the block. */
export function sidebarToAppId(template: Template, task: AiTask, target: readonly LineId[]): FixOutcome {
  const { sidebarApp, appId, source } = task;
  if (needsOldShape(target) || sidebarApp === null || appId !== null || source === null) return NO_FIX;
  const id = argumentNamed(sidebarApp.body, 'id');
  if (id === undefined || nestedBlocks(source.block.body, 'sidebar_app').length > 1) return NO_FIX;
  return buildFix(`Write app_id for sidebar_app in ${task.address}`, 'safe', (builder) => {
    builder.inBlock(source.block).replaceByArgument(sidebarApp, 'app_id', textOf(id.value.span));
    requireProvider(builder, template, PROVIDER_VERSIONS.appId);
  });
}

/** `app_id = E` becomes `sidebar_app { id = E }`, which every release since 2.24 takes. */
export function appIdToSidebar({ appId, source, address }: AiTask, target: readonly LineId[]): FixOutcome {
  if (!needsOldShape(target) || appId === null || source === null) return NO_FIX;
  return buildFix(`Write sidebar_app for app_id in ${address}`, 'safe', (builder) => {
    const id = textOf(appId.value.span);
    const editor = builder.inBlock(source.block);
    const isAlone = source.block.body.items.length === 1;
    if (isAlone) editor.replace(appId, `sidebar_app {\nid = ${id}\n}`);
    else editor.remove(appId).insertBlock(`sidebar_app {\nid = ${id}\n}`, { inside: source.block });
  });
}

/** Of `app_id` and `sidebar_app`, the one that the target needs stays. */
export function keepOneApp(
  { appId, sidebarApp, source, address }: AiTask,
  target: readonly LineId[],
): FixOutcome {
  if (appId === null || sidebarApp === null || source === null) return NO_FIX;
  const isOld = needsOldShape(target);
  return buildFix(`Keep only ${isOld ? 'sidebar_app' : 'app_id'} in ${address}`, 'safe', (builder) =>
    builder.inBlock(source.block).remove(isOld ? appId : sidebarApp),
  );
}

/** Gives a task that names no app the only one that it can mean. */
export function setApp(
  template: Template,
  { source, address }: AiTask,
  target: readonly LineId[],
): FixOutcome {
  if (source === null) return NO_FIX;
  return buildFix(`Name the app of ${address}`, 'review', (builder) => {
    const expression = candidateFor(builder, template, source.node, source.resource);
    const editor = builder.inBlock(source.block);
    const empty = nestedBlocks(source.block.body, 'sidebar_app')[0];
    if (empty !== undefined) editor.remove(empty);
    if (needsOldShape(target)) {
      editor.insertBlock(`sidebar_app {\nid = ${expression}\n}`, { inside: source.block });
    } else {
      editor.setArgument(source.block, 'app_id', expression);
      requireProvider(builder, template, PROVIDER_VERSIONS.appId);
    }
  });
}

/** The expression of the only app, seen from a task, which is counted like it if it is not counted yet. */
function candidateFor(builder: FixBuilder, template: Template, node: ModuleNode, task: Resource): string {
  const candidate = onlyCandidate(builder, template);
  if (candidate.node !== node) builder.stop(`the app ${candidate.repeated.address} is in another module`);
  countLike(builder, task, candidate.repeated);
  return appExpression(candidate);
}

function countLike(builder: FixBuilder, task: Resource, like: ModuleCall | Resource): void {
  const name = like.count !== undefined ? 'count' : 'for_each';
  const wanted = like.count ?? like.forEach;
  const own = task.count ?? task.forEach;
  if (wanted === undefined) return;
  if (own?.name === name && textOf(own.value.span) === textOf(wanted.value.span)) return;
  if (own !== undefined && own.name !== name)
    builder.stop(`${task.address} and ${like.address} are counted in two ways`);
  const [first] = task.block.body.items;
  builder
    .inBlock(task.block)
    .setArgument(task.block, name, textOf(wanted.value.span), first === undefined ? {} : { before: first });
}

/** Puts an app in the place of a constant, and takes a constant out of `try` and `coalesce`. */
export function replaceConstantApp(template: Template, task: AiTask): FixOutcome {
  const { source, appExpression: written, address } = task;
  if (source === null || written === null) return NO_FIX;
  return buildFix(`Let ${address} name its app without a constant`, 'review', (builder) => {
    const expression = candidateFor(builder, template, source.node, source.resource);
    builder.inBlock(source.block).replace(written, expression);
  });
}

/** Adds a task for the only app. */
export function addTaskFix(template: Template, target: readonly LineId[]): FixOutcome {
  return buildFix('Add a coder_ai_task', 'review', (builder) => {
    const candidate: AppCandidate = onlyCandidate(builder, template);
    addTask(builder, template, candidate, target);
    const isOld = needsOldShape(target);
    // From 2.12.0 on there is app_id, but a task without the prompt, which came next, is no use.
    requireProvider(builder, template, isOld ? PROVIDER_VERSIONS.aiTask : PROVIDER_VERSIONS.taskData);
  });
}

const START_COUNT = 'data.coder_workspace.me.start_count';

/** Counts a task, and the module that brings its app, by the start of the workspace alone. */
export function countByStart(
  template: Template,
  { source, appExpression: written, address }: AiTask,
): FixOutcome {
  if (source === null) return NO_FIX;
  const { node, resource } = source;
  const title = `Plan ${address} in every workspace that starts, so that Coder 2.34 and later see it at import`;
  return buildFix(title, 'review', (builder) => {
    if (template.aiTasks.length > 1) {
      builder.stop('several tasks exclude each other, and only the author can say which one is the default');
    }
    const start = startCountIn(template, node) ?? builder.stop('the template has no data "coder_workspace"');
    const apps = appsOf(template, node, written);
    const changed = new Set<ModuleCall | Resource>();
    const recount = (repeated: ModuleCall | Resource) => {
      if (changed.has(repeated)) return;
      changed.add(repeated);
      if (template.atImport.instancesOf(node, repeated).count !== 0) return;
      if (repeated.forEach !== undefined) builder.stop(`${repeated.address} has a for_each`);
      if (repeated.count === undefined) return;
      const choice = choiceIn(template, node, repeated, [resource, ...apps]);
      if (choice !== null) builder.stop(`${choice}, and only the author can say what it is to be by default`);
      builder.in(repeated.count).replace(repeated.count.value, start);
      for (const reference of referencesInBlock(node.module, repeated.block)) {
        if (reference.owner.path[0] === 'count') continue;
        const target = callOrResourceAt(node.module, reference.address);
        // What it reads by index must be there as often as it is itself.
        if (target !== undefined && reference.steps[0]?.kind === 'index') recount(target);
      }
    };
    recount(resource);
    // One app that is planned is enough: the others are there for other choices.
    if (apps.every((app) => template.atImport.instancesOf(node, app).count === 0)) {
      if (apps.length > 1)
        builder.stop(`it may take its app from ${apps.map((app) => app.address).join(' or ')}`);
      for (const app of apps) recount(app);
    }
    const names = [...changed].filter((each) => each !== resource && each.count !== undefined);
    if (names.length > 0) {
      builder.leave({
        text: `Decide whether ${names.map((each) => each.address).join(', ')} may run in ordinary workspaces too: the task needs its app in every workspace, not only in tasks.`,
        address,
        blocking: false,
      });
    }
    if (resource.count === undefined) builder.stop(`the count that is 0 is that of ${node.address}`);
  });
}

/** The blocks of a module node that a task may take its app from, through locals. */
function appsOf(
  template: Template,
  node: ModuleNode,
  written: Expression | null,
): readonly (ModuleCall | Resource)[] {
  const apps = new Set<ModuleCall | Resource>();
  for (const target of written === null ? [] : template.appTargets(node, written)) {
    if (target.node !== node) continue;
    if (target.kind === 'app') apps.add(target.app.resource);
    const call =
      target.kind === 'module-output' &&
      [...node.module.calls.values()].find((each) => fullAddress(node, each.address) === target.address);
    if (call) apps.add(call);
  }
  return [...apps];
}

/** What somebody chooses by the count of a block, beyond whether there is a task; null when nothing. */
function choiceIn(
  { agentModules }: Template,
  node: ModuleNode,
  repeated: ModuleCall | Resource,
  parts: readonly (ModuleCall | Resource)[],
): string | null {
  const { address } = repeated;
  const read = readByCount(node, repeated);
  const others = agentModules.filter(({ node: at, call }) => at === node && !parts.includes(call));
  for (const at of read) {
    // Inside a module the caller decides, which may well do so by a task.
    if (at.startsWith('var.') && node.parent === null)
      return `${address} hangs on ${at}, which is set when the template is pushed`;
    const other = others.find(({ call }) => readByCount(node, call).has(at));
    if (at.startsWith('data.coder_parameter.') && other !== undefined)
      return `${at} chooses between ${address} and ${other.address}`;
  }
  return null;
}

/** Addresses that the count of a block reads, through locals. */
function readByCount({ module }: ModuleNode, { block }: ModuleCall | Resource): ReadonlySet<string> {
  const read = new Set<string>();
  for (const { owner, address } of referencesInBlock(module, block)) {
    if (owner.path[0] === 'count') read.add(address);
  }
  // A set that grows while it is walked is walked to its end.
  for (const at of read) {
    if (!at.startsWith('local.')) continue;
    for (const { address } of referencesFrom(module, at)) read.add(address);
  }
  return read;
}

function startCountIn(template: Template, node: ModuleNode): string | null {
  const workspace = template
    .blocks('data', 'coder_workspace')
    .find((block) => block.node === node && block.resource.count === undefined);
  if (workspace === undefined) return null;
  return START_COUNT.replace('data.coder_workspace.me', workspace.resource.address);
}

/** Of two tasks, one of a module without a newer release, the template's own goes. */
export function dropRootTask(template: Template): FixOutcome {
  const { tasks } = template.taskMaximum;
  const own = tasks.filter(({ source }) => source !== null);
  const inner = tasks.filter(({ call }) => call !== null && newestTasksVersion(call.module) === null);
  const [drop] = own;
  if (drop?.source == null || own.length !== 1 || inner.length !== 1 || tasks.length !== 2) return NO_FIX;
  const { block, node, resource } = drop.source;
  return buildFix(
    `Remove ${drop.address}, since ${inner[0]?.call?.address} brings its own`,
    'review',
    (builder) => {
      if (referencesTo(node.module, resource.address).length > 0)
        builder.stop(`${drop.address} is read elsewhere`);
      builder.inBlock(block).remove(block);
    },
  );
}

/** Reads `data.coder_task` where an attribute of the resource, or a data source that does not exist, is read. */
export function readTaskData(template: Template, node: ModuleNode, reference: Reference): FixOutcome {
  const { traversal, steps } = reference;
  const attribute = attributeRead(reference);
  const last = steps.at(-1);
  if (attribute === null || !['prompt', 'enabled', 'id'].includes(attribute)) return NO_FIX;
  if (last?.kind !== 'attribute' || steps.length > 2) return NO_FIX;
  return buildFix('Read data.coder_task', 'safe', (builder) => {
    builder.in(traversal).replace(traversal, `${taskDataIn(builder, template, node)}.${attribute}`);
    requireProvider(builder, template, PROVIDER_VERSIONS.taskData);
  });
}

/** `data "coder_ai_task"` becomes `data "coder_task"`, with everything that reads it. */
export function renameTaskData(template: Template, node: ModuleNode, resource: Resource): FixOutcome {
  const label = resource.block.labels[0];
  if (resource.mode !== 'data' || resource.type !== 'coder_ai_task' || label === undefined) return NO_FIX;
  if (resource.block.body.items.some((item) => item.kind === 'block' || item.name !== 'count')) return NO_FIX;
  return buildFix(`Write coder_task for the type of ${resource.address}`, 'safe', (builder) => {
    const name = freeName(node, 'data.coder_task', resource.name);
    if (name !== resource.name) builder.stop(`data.coder_task.${resource.name} exists already`);
    builder.inBlock(resource.block).replace(label, '"coder_task"');
    for (const { traversal } of referencesTo(node.module, resource.address)) {
      const type = traversal.steps[0];
      if (type !== undefined) builder.in(traversal).replace(type, '.coder_task');
    }
    requireProvider(builder, template, PROVIDER_VERSIONS.taskData);
  });
}

/** Makes the index of a task's app fit the count of what it indexes. */
export function mendIndex(
  { source }: AiTask,
  reference: Reference,
  fault: 'needsIndex' | 'noIndex' | 'goneAtStop',
): FixOutcome {
  if (source === null) return NO_FIX;
  const { node, resource } = source;
  const target = callOrResourceAt(node.module, reference.address);
  const [first] = reference.steps;
  if (target === undefined || first === undefined) return NO_FIX;
  const { traversal } = reference;
  return buildFix(`Let the index of ${reference.address} fit its count`, 'safe', (builder) => {
    const editor = builder.in(traversal);
    if (fault === 'noIndex') {
      editor.replace(first, '');
      return;
    }
    countLike(builder, resource, target);
    const index = target.count !== undefined ? '[count.index]' : '[each.key]';
    if (fault === 'goneAtStop') editor.replace(first, index);
    else editor.replace({ span: { ...first.span, end: first.span.start } }, index);
    // The task is no longer planned in a stopped workspace, where its app was not either.
    if (resource.count === undefined && resource.forEach === undefined) builder.needsReview();
  });
}

/** Hands the prompt to the only agent module that has an input for it. */
export function wirePrompt(template: Template, target: readonly LineId[]): FixOutcome {
  if (!knowsTaskData(target) || needsOldShape(target)) return NO_FIX;
  const able = template.agentModules.filter(({ node, facts }) => !node.remote && facts?.promptInput != null);
  const shown = able.filter(({ address }) => isAppOfTask(template, address));
  const agents = shown.length > 0 ? shown : able;
  const [agent, ...others] = agents;
  const input = agent?.facts?.promptInput;
  if (agent === undefined || input == null || others.length > 0) return NO_FIX;
  if (agent.call.inputs.has(input) && !isEmpty(agent.call.inputs.get(input)?.value)) return NO_FIX;
  return buildFix(`Hand the prompt of the task to ${agent.address}`, 'review', (builder) => {
    const data = taskDataIn(builder, template, agent.node);
    builder.inBlock(agent.call.block).setArgument(agent.call.block, input, `${data}.prompt`);
    requireProvider(builder, template, PROVIDER_VERSIONS.taskData);
  });
}

/** Whether a module brings the app of a task, or the task itself. */
function isAppOfTask(template: Template, address: string): boolean {
  return template.aiTasks.some(
    (task) => task.call?.address === address || template.takesAppFrom(task, address),
  );
}

function isEmpty(expression: Expression | undefined): boolean {
  if (expression?.kind === 'literal') return expression.value === null;
  return expression?.kind === 'template' && expression.parts.length === 0;
}
