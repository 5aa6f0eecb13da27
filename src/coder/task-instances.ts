import { argumentNamed } from '../hcl/syntax.ts';
import { Evaluation } from '../terraform/scope.ts';
import { asString, string, unknown, type Value } from '../terraform/value.ts';
import { CoderWorld, IMPORT, type Scenario } from './import-world.ts';
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

/**
 * Whether a task build with the defaults, or with the values of some preset, plans a task; true when that is
 * unknown. Up to Coder 2.29 the server fills the "AI Prompt" parameter.
 */
export function canPlanTask(template: Template, isPromptFilled: boolean): boolean {
  const addresses = new Map(template.parameters.map((parameter) => [parameter.name, parameter.address]));
  const prompts = isPromptFilled ? template.promptParameters.map(({ address }) => address) : [];
  const filled = prompts.map((address) => [address, unknown(`${address} is the user's`)] as const);
  const choices = template.presets.map(({ parameters }) => {
    const entries = [...(parameters?.values() ?? [])];
    return entries.map(({ name, value }) => [addresses.get(name) ?? name, value] as const);
  });
  return [[], ...choices].some((chosen) => {
    const parameters = new Map<string, Value>([...chosen, ...filled]);
    const evaluation = new Evaluation(new CoderWorld({ ...IMPORT, isTask: true, parameters }));
    return template.aiTasks.some((task) => instancesIn(evaluation, task) !== 0);
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
