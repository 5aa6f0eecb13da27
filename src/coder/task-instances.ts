import { argumentNamed } from '../hcl/syntax.ts';
import { linesFrom } from '../rule.ts';
import { Evaluation } from '../terraform/scope.ts';
import { asString, string, type Value } from '../terraform/value.ts';
import { CoderWorld, IMPORT, type Scenario, SOME_PROMPT } from './import-world.ts';
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

/** Above this many combinations of parameter values only the defaults are tried. */
const MAX_SCENARIOS = 512;

/**
 * The most `coder_ai_task` instances that some build plans, over every choice of the parameters that their
 * counts hang on. Tasks whose count cannot be known count as none: more than one is certain, not possible.
 */
export function taskMaximum(template: Template): TaskMaximum {
  const explored = new Set<string>();
  let best = plan(template, IMPORT);
  let parameters: ReadonlySet<string> = best.consulted;
  // Trying a choice can bring parameters to light that the default hid.
  for (let round = 0; round < 3; round++) {
    const scenarios = scenariosOver(template, parameters);
    const found = new Set(parameters);
    for (const scenario of scenarios) {
      const key = keyOf(scenario);
      if (explored.has(key)) continue;
      explored.add(key);
      const planned = plan(template, scenario);
      for (const address of planned.consulted) found.add(address);
      if (planned.maximum.count > best.maximum.count) best = planned;
    }
    if (found.size === parameters.size) break;
    parameters = found;
  }
  return best.maximum;
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
  const addresses = new Map(template.parameters.map((parameter) => [parameter.name, parameter.address]));
  const prompts = isPromptFilled ? template.promptParameters.map(({ address }) => address) : [];
  const filled = prompts.map((address) => [address, string(SOME_PROMPT)] as const);
  const choices = template.presets.map(({ parameters }) => {
    const entries = [...(parameters?.values() ?? [])];
    return entries.map(({ name, value }) => [addresses.get(name) ?? name, value] as const);
  });
  return [[], ...choices].some((chosen) => {
    const parameters = new Map<string, Value>([...chosen, ...filled]);
    const evaluation = new Evaluation(new CoderWorld({ ...IMPORT, isTask, parameters }));
    return template.aiTasks.some((task) => (instancesIn(evaluation, task) ?? 0) > 0);
  });
}

/** Instances of a task in a plan; null when they cannot be known. */
function instancesIn(evaluation: Evaluation, task: AiTask): number | null {
  const place = task.source ?? task.call;
  if (place === null) return null;
  return evaluation.totalInstancesOf(place.node, 'resource' in place ? place.resource : place.call).count;
}

interface Plan {
  readonly maximum: TaskMaximum;
  readonly consulted: ReadonlySet<string>;
}

function plan(template: Template, scenario: Scenario): Plan {
  const world = new CoderWorld(scenario);
  const evaluation = new Evaluation(world);
  let count = 0;
  const tasks: AiTask[] = [];
  for (const task of template.aiTasks) {
    // Inside a registry module the catalogue knows the task, not its count.
    if (task.source === null && task.planned.count === null) continue;
    const planned = instancesIn(evaluation, task) ?? 0;
    count += planned;
    if (planned > 0) tasks.push(task);
  }
  const choices = new Map(
    [...scenario.parameters].map(([address, value]) => [address, asString(value) ?? '']),
  );
  return { maximum: { count, tasks, choices }, consulted: world.consulted };
}

function scenariosOver(template: Template, addresses: ReadonlySet<string>): Scenario[] {
  const parameters = template.parameters.filter((parameter) => addresses.has(parameter.address));
  let combinations: ReadonlyMap<string, Value>[] = [new Map()];
  for (const parameter of parameters) {
    const values = choicesOf(template, parameter);
    if (combinations.length * values.length > MAX_SCENARIOS) break;
    combinations = combinations.flatMap((chosen) => [
      chosen,
      ...values.map((value) => new Map([...chosen, [parameter.address, value]])),
    ]);
  }
  return combinations.flatMap((chosen) => [
    { ...IMPORT, parameters: chosen },
    { ...IMPORT, isTask: true, parameters: chosen },
  ]);
}

/** The values that a user can pick: those of the options, or true and false. */
function choicesOf(template: Template, { block, node, options }: Parameter): Value[] {
  if (options !== null) return options.map(string);
  const type = argumentNamed(block.body, 'type');
  const name = type === undefined ? null : asString(template.atImport.valueOf(node, type.value));
  return name === 'bool' ? [string('true'), string('false')] : [];
}

function keyOf(scenario: Scenario): string {
  const chosen = [...scenario.parameters].map(([address, value]) => `${address}=${asString(value)}`);
  return `${scenario.isTask} ${chosen.sort().join(' ')}`;
}
