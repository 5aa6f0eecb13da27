import { argumentNamed } from '../hcl/syntax.ts';
import { linesFrom } from '../rule.ts';
import { createEffort } from '../terraform/evaluate.ts';
import { Evaluation } from '../terraform/scope.ts';
import { asString, string, type Value } from '../terraform/value.ts';
import { CoderWorld, IMPORT, type Scenario, SOME_PROMPT } from './import-world.ts';
import { presetChoices } from './preset-plan.ts';
import type { LineId } from './releases.ts';
import type { AiTask, Parameter, Template } from './template.ts';

/** The most tasks that one build can plan. */
export interface TaskMaximum {
  readonly count: number;
  /** The tasks that are planned together. */
  readonly tasks: readonly AiTask[];
  /** Parameter choices that lead there, by parameter address; empty when the defaults do. */
  readonly choices: ReadonlyMap<string, string>;
}

/** Above this many combinations of parameter values only the defaults of the parameters left over are tried. */
const MAX_SCENARIOS = 512;

/**
 * The most `coder_ai_task` instances that some build plans, over every choice of the parameters that their
 * counts hang on. Tasks whose count cannot be known count as none: more than one is certain, not possible.
 */
export function taskMaximum(template: Template): TaskMaximum {
  const search = new Search(template);
  const outside = search.run(IMPORT);
  const inside = search.run({ ...IMPORT, isTask: true });
  return inside.count > outside.count ? inside : outside;
}

/** Tasks whose counts hang on the same parameters; what a choice does to one group is nothing to the others. */
interface Group {
  readonly tasks: AiTask[];
  readonly parameters: Set<string>;
}

class Search {
  readonly #template: Template;
  readonly #tasks: readonly AiTask[];
  readonly #order: ReadonlyMap<string, number>;
  /** One effort for all that is tried: 200 parameters have more combinations than there are atoms. */
  readonly #effort = createEffort();

  constructor(template: Template) {
    this.#template = template;
    // Inside a registry module the catalogue knows the task, not its count.
    this.#tasks = template.aiTasks.filter((task) => task.source !== null || task.planned.count !== null);
    this.#order = new Map(template.parameters.map(({ address }, index) => [address, index]));
  }

  run(scenario: Scenario): TaskMaximum {
    const byDefault = this.#plan(this.#tasks, scenario);
    if (byDefault.consulted.size === 0) return byDefault.maximum;
    const best = new Map<Group, TaskMaximum>();
    const pending = this.#groups(scenario);
    for (let group = pending.pop(); group !== undefined; group = pending.pop()) {
      const { maximum, consulted } = this.#explore(group, scenario);
      best.set(group, maximum);
      if (consulted.size === group.parameters.size) continue;
      for (const other of [...best.keys(), ...pending]) {
        // A choice brought a parameter of another group to light: they are one.
        if (other === group || ![...consulted].some((address) => other.parameters.has(address))) continue;
        best.delete(group);
        if (!best.delete(other)) pending.splice(pending.indexOf(other), 1);
        pending.push({
          tasks: [...other.tasks, ...group.tasks],
          parameters: new Set([...other.parameters, ...group.parameters, ...consulted]),
        });
        break;
      }
    }
    const parts = [...best.values()].reverse();
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    if (count <= byDefault.maximum.count) return byDefault.maximum;
    const planned = new Set(parts.flatMap((part) => part.tasks));
    return {
      count,
      tasks: this.#tasks.filter((task) => planned.has(task)),
      choices: new Map(parts.flatMap(({ choices }) => [...choices])),
    };
  }

  #groups(scenario: Scenario): Group[] {
    const byParameter = new Map<string, Group>();
    const groups = new Set<Group>([{ tasks: [], parameters: new Set() }]);
    const [free] = groups;
    for (const task of this.#tasks) {
      const { consulted } = this.#plan([task], scenario);
      if (consulted.size === 0) {
        free?.tasks.push(task);
        continue;
      }
      const [first = { tasks: [], parameters: new Set<string>() }, ...others] = new Set(
        [...consulted].flatMap((address) => byParameter.get(address) ?? []),
      );
      for (const other of others) {
        first.tasks.push(...other.tasks);
        for (const address of other.parameters) first.parameters.add(address);
        groups.delete(other);
      }
      first.tasks.push(task);
      for (const address of consulted) first.parameters.add(address);
      for (const address of first.parameters) byParameter.set(address, first);
      groups.add(first);
    }
    return [...groups];
  }

  #explore({ tasks, parameters }: Group, base: Scenario): Plan {
    const explored = new Set<string>();
    let best = this.#plan(tasks, base);
    let wanted: ReadonlySet<string> = new Set([...parameters, ...best.consulted]);
    // Trying a choice can bring parameters to light that the default hid.
    for (let round = 0; round < 3; round++) {
      const found = new Set(wanted);
      for (const chosen of this.#combinations(wanted)) {
        const scenario = { ...base, parameters: chosen };
        const key = keyOf(scenario);
        if (explored.has(key)) continue;
        if (this.#effort.steps <= 0) break;
        explored.add(key);
        const planned = this.#plan(tasks, scenario);
        for (const address of planned.consulted) found.add(address);
        if (planned.maximum.count > best.maximum.count) best = planned;
      }
      if (found.size === wanted.size) break;
      wanted = found;
    }
    return { maximum: best.maximum, consulted: wanted };
  }

  #plan(tasks: readonly AiTask[], scenario: Scenario): Plan {
    const world = new CoderWorld(scenario);
    const evaluation = new Evaluation(world, this.#effort);
    let count = 0;
    const planned: AiTask[] = [];
    for (const task of tasks) {
      const instances = instancesIn(evaluation, task) ?? 0;
      count += instances;
      if (instances > 0) planned.push(task);
    }
    const choices = new Map(
      [...scenario.parameters].map(([address, value]) => [address, asString(value) ?? '']),
    );
    return { maximum: { count, tasks: planned, choices }, consulted: world.consulted };
  }

  #combinations(addresses: ReadonlySet<string>): ReadonlyMap<string, Value>[] {
    const indexes = [...addresses].flatMap((address) => this.#order.get(address) ?? []).sort((a, b) => a - b);
    let combinations: ReadonlyMap<string, Value>[] = [new Map()];
    for (const index of indexes) {
      const parameter = this.#template.parameters[index] as Parameter;
      const values = choicesOf(this.#template, parameter);
      if (combinations.length * (values.length + 1) > MAX_SCENARIOS) break;
      combinations = combinations.flatMap((chosen) => [
        chosen,
        ...values.map((value) => new Map([...chosen, [parameter.address, value]])),
      ]);
    }
    return combinations;
  }
}

interface Plan {
  readonly maximum: TaskMaximum;
  readonly consulted: ReadonlySet<string>;
}

/** What tells a template of a task, by the release from which it is so. */
const TASK_BUILDS = [
  /** The server fills the "AI Prompt" parameter and knows no `data.coder_task`. */
  { from: '2.24', to: '2.28', isTask: false, isPromptFilled: true },
  { from: '2.28', to: '2.30', isTask: true, isPromptFilled: true },
  { from: '2.30', to: '2.34', isTask: true, isPromptFilled: false },
] as const;

/**
 * Lines before 2.34, where every `coder_ai_task` is listed, on which it is not certain that a task plans one: not
 * with the parameters' defaults, nor with the values of some preset.
 */
export function linesWithoutPlannedTask(template: Template): LineId[] {
  return TASK_BUILDS.flatMap(({ from, to, isTask, isPromptFilled }) =>
    canPlanTask(template, isTask, isPromptFilled) ? [] : linesFrom(from, to),
  );
}

function canPlanTask(template: Template, isTask: boolean, isPromptFilled: boolean): boolean {
  const prompts = isPromptFilled ? template.promptParameters.map(({ address }) => address) : [];
  const filled = prompts.map((address) => [address, string(SOME_PROMPT)] as const);
  const effort = createEffort();
  return [new Map<string, Value>(), ...presetChoices(template).values()].some((chosen) => {
    if (effort.steps <= 0) return false;
    const parameters = new Map<string, Value>([...chosen, ...filled]);
    const evaluation = new Evaluation(new CoderWorld({ ...IMPORT, isTask, parameters }), effort);
    return template.aiTasks.some((task) => (instancesIn(evaluation, task) ?? 0) > 0);
  });
}

/** Instances of a task in a plan; null when they cannot be known. */
function instancesIn(evaluation: Evaluation, task: AiTask): number | null {
  const place = task.source ?? task.call;
  if (place === null) return null;
  return evaluation.totalInstancesOf(place.node, 'resource' in place ? place.resource : place.call).count;
}

/** The values that a user can pick: those of the options, or true and false. */
function choicesOf(template: Template, { block, node, options }: Parameter): Value[] {
  if (options !== null) return options.map(string);
  const type = argumentNamed(block.body, 'type');
  const name = type === undefined ? null : asString(template.atImport.valueOf(node, type.value));
  return name === 'bool' ? [string('true'), string('false')] : [];
}

function keyOf({ parameters }: Scenario): string {
  return JSON.stringify([...parameters].map(([address, value]) => [address, asString(value)]));
}
