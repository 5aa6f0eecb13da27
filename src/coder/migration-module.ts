import { compare } from 'semver';
import { type Argument, argumentNamed, type Block, isNull, literalString } from '../hcl/syntax.ts';
import { textOf } from '../source/source-file.ts';
import { parseConstraint } from '../terraform/constraint.ts';
import type { CatalogCall } from './agent-modules.ts';
import { type JsonValue, type ModuleFacts, TASK_APP_OUTPUT } from './catalog/catalog.ts';
import { buildFix, type FixBuilder, type FixOutcome, NO_FIX } from './migration-fix.ts';
import { taskDataIn } from './migration-prompt.ts';
import { requireProvider } from './migration-provider.ts';
import { addTask, needsOldShape } from './migration-task.ts';
import { PROVIDER_VERSIONS } from './provider-schema.ts';
import { type ModuleMigration, type NoMigration, planModuleMigration } from './recipes.ts';
import type { LineId } from './releases.ts';
import type { Template } from './template.ts';
import { lowestOf, minorOf } from './versions.ts';

/**
 * Moves a module call to the newest release with Tasks support, with everything that this asks of the
 * template: inputs, environment, the task that the old release brought along, and the provider.
 */
export function moduleFix(template: Template, call: CatalogCall, target: readonly LineId[]): FixOutcome {
  // Releases up to 2.27 want the task as the old module brings it.
  if (needsOldShape(target) || call.node.remote || call.resolved === null) return NO_FIX;
  // No template has as many agents; looking through all of it for each would take too long.
  if (template.agentModules.length > MAX_AGENTS) return NO_FIX;
  const plan = planFor(call, call.resolved);
  if ('none' in plan) return { fix: null, obstacle: plan.none };
  const title = `Move ${call.address} from ${call.id} ${call.resolved} ${plan.downgrade ? 'back ' : ''}to ${plan.to}`;
  return buildFix(title, 'review', (builder) => new ModuleMove(builder, template, call, plan, target).run());
}

/**
 * The plan for a call. A call without a version, or with an open one, may be written for an older release than the
 * one that it gets: its inputs tell.
 */
function planFor(
  { id, catalog, module, facts, call }: CatalogCall,
  resolved: string,
): ModuleMigration | NoMigration {
  const inputs = [...call.inputs.keys()];
  const fits = (known: ModuleFacts | null | undefined) =>
    known != null && inputs.every((input) => Object.hasOwn(known.inputs, input));
  const plan = planModuleMigration(id, resolved, catalog);
  if ('none' in plan || !plan.downgrade || fits(facts)) return plan;
  const written = module.releases.findLast(({ facts: index }) => fits(module.facts[index]))?.version;
  if (written === undefined || written === plan.to) return plan;
  const older = planModuleMigration(id, written, catalog);
  // Such a call does not bring the task of the release that it is written for.
  return 'none' in older ? plan : { ...older, downgrade: true, bringsTask: false };
}

const MAX_AGENTS = 50;

/** Writes a version constraint that stays on the newest minor release with Tasks support. */
export function pinFix(call: CatalogCall, version: string): FixOutcome {
  if (call.node.remote) return NO_FIX;
  return buildFix(`Pin ${call.address} to ~> ${minorOf(version)}`, 'review', (builder) =>
    setVersion(builder, call, version, `~> ${minorOf(version)}`),
  );
}

/** Pins a call to another release, in the place and the style in which it names the one that it has. */
export function releaseFix(call: CatalogCall, version: string): FixOutcome {
  if (call.node.remote) return NO_FIX;
  return buildFix(`Pin ${call.address} to ${version}`, 'review', (builder) =>
    setVersion(builder, call, version, versionLike(call, version)),
  );
}

class ModuleMove {
  private readonly builder: FixBuilder;
  private readonly template: Template;
  private readonly call: CatalogCall;
  private readonly plan: ModuleMigration;
  private readonly target: readonly LineId[];
  private readonly block: Block;
  /** The `env` of agents of which nothing is left. */
  private readonly removedEnvs = new Set<Argument>();

  constructor(
    builder: FixBuilder,
    template: Template,
    call: CatalogCall,
    plan: ModuleMigration,
    target: readonly LineId[],
  ) {
    this.builder = builder;
    this.template = template;
    this.call = call;
    this.plan = plan;
    this.target = target;
    this.block = call.call.block;
  }

  run(): void {
    const { builder, call, plan, template } = this;
    this.checkTerraform();
    setVersion(builder, call, plan.to, versionLike(call, plan.to));
    const set = new Set(call.call.inputs.keys());
    this.rename(set);
    this.removeInputs(set);
    const usesTaskData = this.moveEnvironment(set);
    const addsTaskData = this.addInputs(set);
    if (plan.bringsTask) this.addTask();
    const needed = [
      ...plan.provider.flatMap((text) => lowestOf(text) ?? []),
      ...(usesTaskData || addsTaskData ? [PROVIDER_VERSIONS.taskData] : []),
      PROVIDER_VERSIONS.appId,
    ].sort(compare);
    requireProvider(builder, template, needed.at(-1) as string);
    this.explain(set);
  }

  private checkTerraform(): void {
    const { terraform, to, id } = this.plan;
    const lowest = terraform === null ? null : lowestOf(terraform);
    if (lowest === null) return;
    for (const argument of this.call.node.module.requiredVersions) {
      const text = literalString(argument.value);
      const parsed = text === null ? null : parseConstraint(text);
      if (parsed === null || 'error' in parsed || parsed.admitsFrom(lowest)) continue;
      this.builder.leave({
        text: `Raise required_version "${text}": ${id} ${to} needs Terraform ${terraform}.`,
        address: 'terraform',
        blocking: true,
      });
    }
  }

  private rename(set: Set<string>): void {
    for (const { from, to } of this.plan.rename) {
      const argument = this.call.call.inputs.get(from);
      if (argument === undefined) continue;
      set.delete(from);
      if (this.call.call.inputs.has(to)) this.editor.remove(argument);
      else this.editor.rename(argument, to);
      set.add(to);
    }
  }

  private removeInputs(set: Set<string>): void {
    const { call, builder, plan } = this;
    const renamed = new Set(plan.rename.map(({ from }) => from));
    const gone = new Map(plan.remove.map(({ input, why }) => [input, why]));
    const types = new Map<string, string>();
    for (const { input, why } of plan.manual) (this.isKept(input) ? types : gone).set(input, why);
    for (const [input, argument] of call.call.inputs) {
      if (renamed.has(input)) continue;
      const why = gone.get(input);
      const old = `${input} = ${oneLine(textOf(argument.value.span))}`;
      if (why !== undefined) {
        this.editor.remove(argument);
        set.delete(input);
        builder.leave({
          text: `${call.address} had \`${old}\`, which ${plan.to} has no input for: ${why}.`,
          address: call.address,
          blocking: false,
        });
      }
    }
    for (const [input, why] of types) {
      const argument = call.call.inputs.get(input);
      if (argument === undefined || isNull(argument.value)) continue;
      builder.leave({
        text: `Rewrite \`${input} = ${oneLine(textOf(argument.value.span))}\` of ${call.address}: ${why}.`,
        address: call.address,
        blocking: true,
      });
    }
  }

  private isKept(input: string): boolean {
    const name = this.plan.rename.find(({ from }) => from === input)?.to ?? input;
    const release = this.call.module.releases.find(({ version }) => version === this.plan.to);
    return Object.hasOwn(this.call.module.facts[release?.facts ?? -1]?.inputs ?? {}, name);
  }

  /** Environment variables that the new release has an input for; true when one of them reads the prompt. */
  private moveEnvironment(set: Set<string>): boolean {
    let readsTask = false;
    for (const move of this.plan.environment) {
      if (move.action === 'keep') continue;
      const found = this.variablesNamed(move.name);
      for (const { value, remove } of found) {
        if (move.action === 'move' && !set.has(move.input)) {
          const text = textOf(value.span);
          this.editor.insertArgument(this.block, move.input, text);
          set.add(move.input);
          readsTask ||= text.includes('data.coder_task.');
        }
        remove();
      }
      if (found.length === 0 && this.isMentioned(move.name)) {
        const todo = move.action === 'move' ? `give its value to the input ${move.input}` : move.why;
        this.builder.leave({
          text: `Take ${move.name} out of where it is set: ${todo}.`,
          address: this.call.address,
          blocking: false,
        });
      }
    }
    return readsTask;
  }

  /** Places that set an environment variable of the agent: entries of `coder_agent.env`, and `coder_env`. */
  private variablesNamed(name: string): { value: Argument['value']; remove: () => void }[] {
    const { builder, template, call } = this;
    const places: { value: Argument['value']; remove: () => void }[] = [];
    for (const { node, block } of template.agents) {
      const env = argumentNamed(block.body, 'env');
      if (node !== call.node || env?.value.kind !== 'object') continue;
      const object = env.value;
      for (const entry of object.entries) {
        if (entry.name !== name) continue;
        const isOnly = object.entries.every(
          (other) =>
            other === entry ||
            this.plan.environment.some((move) => move.action !== 'keep' && move.name === other.name),
        );
        const remove = () => {
          if (!isOnly) builder.inBlock(block).removeEntry(object, entry);
          else if (!this.removedEnvs.has(env)) {
            builder.inBlock(block).remove(env);
            this.removedEnvs.add(env);
          }
        };
        places.push({ value: entry.value, remove });
      }
    }
    for (const { node, block, resource } of template.envs) {
      const value = argumentNamed(block.body, 'value')?.value;
      if (node !== call.node || value === undefined) continue;
      if (literalString(argumentNamed(block.body, 'name')?.value) !== name) continue;
      if (resource.forEach !== undefined) continue;
      places.push({ value, remove: () => builder.inBlock(block).remove(block) });
    }
    return places;
  }

  private isMentioned(name: string): boolean {
    return this.call.node.module.files.some(({ file }) => file.text.includes(name));
  }

  /** Inputs that the new release wants; true when the prompt is one of them. */
  private addInputs(set: Set<string>): boolean {
    let addsPrompt = false;
    for (const { input, value } of this.plan.add) {
      if (set.has(input)) continue;
      if (value === null) {
        this.builder.stop(
          `${this.plan.id} ${this.plan.to} requires the input ${input}, which only the author knows`,
        );
      }
      if (value.kind === 'task-prompt') {
        if (this.template.aiTasks.length === 0) continue;
        const data = taskDataIn(this.builder, this.template, this.call.node);
        this.editor.insertArgument(this.block, input, `${data}.prompt`);
        addsPrompt = true;
      } else {
        this.editor.insertArgument(this.block, input, hcl(value.value));
      }
      set.add(input);
    }
    return addsPrompt;
  }

  /** The old release brought the task: now the template has to, unless it has one already. */
  private addTask(): void {
    const { call, template, builder } = this;
    const own = template.aiTasks.filter(({ source }) => source !== null);
    const isNamed = own.some((task) => template.takesAppFrom(task, call.address));
    // Tasks of other modules may take turns with this one; one that is planned beside it takes its place.
    const isBeside = own.length > 0 && template.taskMaximum.count > 1;
    if (isNamed || isBeside) return;
    const candidate = { node: call.node, repeated: call.call, attribute: TASK_APP_OUTPUT };
    addTask(builder, template, candidate, this.target);
  }

  private explain(set: ReadonlySet<string>): void {
    const { call, plan, builder } = this;
    const changed = plan.changedDefaults
      .filter(({ input }) => !set.has(input) && !/_version$/.test(input))
      .map(({ input, before, after }) => `${input} (${shown(before)}, now ${shown(after)})`);
    if (changed.length > 0) {
      builder.leave({
        text: `Check the defaults of ${call.id} that are others in ${plan.to}: ${changed.join(', ')}.`,
        address: call.address,
        blocking: false,
      });
    }
    for (const text of plan.notes) builder.leave({ text, address: call.address, blocking: false });
  }

  private get editor() {
    return this.builder.inBlock(this.block);
  }
}

/** Writes the version of a call where its source has it: the argument, or the tag of a git source. */
function setVersion(
  builder: FixBuilder,
  { call, wanted, resolved, address }: CatalogCall,
  version: string,
  text: string,
): void {
  const editor = builder.inBlock(call.block);
  const { versionArgument, sourceArgument, source } = call;
  if (wanted.kind === 'constraint') {
    if (versionArgument !== undefined) {
      if (call.version === null) builder.stop(`the version of ${address} is computed`);
      editor.replace(versionArgument.value, `"${text}"`);
    } else {
      const place = sourceArgument === undefined ? {} : { after: sourceArgument };
      editor.insertArgument(call.block, 'version', `"${text}"`, place);
    }
    return;
  }
  if (sourceArgument === undefined || source === null || wanted.kind !== 'exact' || resolved === null) {
    builder.stop(`the source of ${address} names no release`);
  }
  // Its tags ended in May 2025 (coder/modules#468).
  if (/github\.com[:/]coder\/modules\b/i.test(source)) {
    builder.stop(`${address} comes from the former repository coder/modules, which has no such release`);
  }
  const at = source.lastIndexOf(wanted.version);
  if (at === -1) builder.stop(`the source of ${address} does not spell its release out`);
  const tagged = source.slice(0, at) + version + source.slice(at + wanted.version.length);
  editor.replace(sourceArgument.value, `"${tagged}"`);
}

/** The new version in the style of the old constraint: exact stays exact. */
function versionLike({ call: { version } }: CatalogCall, to: string): string {
  const text = version?.trim() ?? '';
  if (/^=?\s*v?\d+\.\d+\.\d+$/.test(text)) return to;
  return /^~>\s*\d+\.\d+\.\d+$/.test(text) ? `~> ${to}` : `~> ${minorOf(to)}`;
}

function hcl(value: JsonValue): string {
  return JSON.stringify(value).replace(/\$\{/g, '$$$${').replace(/%\{/g, '%%{');
}

function shown(value: JsonValue): string {
  return oneLine(JSON.stringify(value));
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
