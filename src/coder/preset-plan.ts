import { createEffort } from '../terraform/evaluate.ts';
import { Evaluation } from '../terraform/scope.ts';
import type { Value } from '../terraform/value.ts';
import { CoderWorld, IMPORT } from './import-world.ts';
import type { Parameter, Preset, Template } from './template.ts';

/** The values that each preset gives to parameters, by the full address of these. */
export function presetChoices(template: Template): ReadonlyMap<Preset, ReadonlyMap<string, Value>> {
  const addresses = new Map(template.parameters.map((parameter) => [parameter.name, parameter.address]));
  return new Map(
    template.presets.map((preset) => {
      const entries = [...(preset.parameters?.values() ?? [])];
      return [preset, new Map(entries.map(({ name, value }) => [addresses.get(name) ?? name, value]))];
    }),
  );
}

/** Which parameters a workspace that is made from a preset has: what the preset sets may show or hide others. */
export class PresetPlans {
  readonly #choices: ReadonlyMap<Preset, ReadonlyMap<string, Value>>;
  readonly #plans = new Map<Preset, Evaluation>();
  /** One effort for all presets, since there may be thousands. */
  readonly #effort = createEffort();

  constructor(template: Template) {
    this.#choices = presetChoices(template);
  }

  /** Whether a parameter is surely there under a preset. */
  shows(preset: Preset, { node, resource, planned }: Parameter): boolean {
    const isCounted = node.parent !== null || resource.count !== undefined || resource.forEach !== undefined;
    if (!isCounted) return (planned.count ?? 0) > 0;
    if (this.#effort.steps <= 0) return false;
    const plan = this.#plans.get(preset) ?? this.#planOf(preset);
    return (plan.totalInstancesOf(node, resource).count ?? 0) > 0;
  }

  #planOf(preset: Preset): Evaluation {
    const parameters = this.#choices.get(preset) ?? new Map();
    const plan = new Evaluation(new CoderWorld({ ...IMPORT, parameters }), this.#effort);
    this.#plans.set(preset, plan);
    return plan;
  }
}
