import { compare, valid } from 'semver';
import {
  type Catalog,
  type CatalogModule,
  factsOf,
  type JsonValue,
  type ModuleFacts,
  type ModuleInput,
  newestTasksVersion,
  TASK_APP_OUTPUT,
  tasksMode,
} from './catalog/catalog.ts';
import { type EnvironmentMove, RECIPES, type Recipe } from './catalog/migrations.ts';
import { admits, lowestOf } from './versions.ts';

/** What a module call must change to move to the best release for Tasks. */
export interface ModuleMigration {
  readonly id: string;
  /** The newest release that exports `task_app_id`. */
  readonly to: string;
  /** True when `to` is older: the wanted release has lost Tasks support. Never to be done unasked. */
  readonly downgrade: boolean;
  /** False when the catalogue does not have the old release, so that only the recipe speaks. */
  readonly inputsKnown: boolean;
  /** Whether the old release brings a `coder_ai_task` itself, which the template must now define. */
  readonly bringsTask: boolean;
  readonly rename: readonly { readonly from: string; readonly to: string }[];
  readonly remove: readonly { readonly input: string; readonly why: string }[];
  /** Inputs to set; one that `rename` yields is needed only where the template does not set the old name. */
  readonly add: readonly AddedInput[];
  readonly environment: readonly ({ readonly name: string } & EnvironmentMove)[];
  /** Inputs that need a person: gone without a known successor, or of another type. */
  readonly manual: readonly { readonly input: string; readonly why: string }[];
  /** Inputs, by their new name, whose value is another one where the template does not set them. */
  readonly changedDefaults: readonly {
    readonly input: string;
    readonly before: JsonValue;
    readonly after: JsonValue;
  }[];
  /** The input of the new release that takes the prompt, null when it has none. */
  readonly promptInput: string | null;
  /** Provider constraints of the new release; all must hold. */
  readonly provider: readonly string[];
  /** Terraform constraint of the new release. */
  readonly terraform: string | null;
  /** The newest Tasks release that asks for an older Terraform than `to` does; null when there is none. */
  readonly forOlderTerraform: { readonly version: string; readonly terraform: string | null } | null;
  readonly notes: readonly string[];
}

interface AddedInput {
  readonly input: string;
  readonly why: string;
  /** What to set it to, null when only the author knows. */
  readonly value: AddedValue | null;
}

type AddedValue =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  /** The prompt of the task: `data.coder_task.me.prompt`, whatever the data source is called. */
  | { readonly kind: 'task-prompt' };

/** Why there is nothing to migrate to. */
export interface NoMigration {
  readonly none: string;
}

/**
 * Plans the move of a module call from a release to the newest one with Tasks support. Computed from the
 * inputs of both releases; only new names and reasons come from the recipes.
 * `from` is the exact old version.
 */
export function planModuleMigration(
  id: string,
  from: string,
  catalog: Catalog,
): ModuleMigration | NoMigration {
  const module = Object.hasOwn(catalog.modules, id) ? catalog.modules[id] : undefined;
  if (module === undefined) return { none: `The catalogue does not have ${id}.` };
  const version = valid(from);
  if (version === null) return { none: `${from} is no version.` };
  const to = newestTasksVersion(module);
  const after = to === null ? null : factsOf(module, to);
  if (to === null || after === null) return { none: `No release of ${id} exports ${TASK_APP_OUTPUT}.` };
  if (version === to) return { none: `${to} is the newest release of ${id} with Tasks support.` };
  if (compare(version, to) > 0 && factsOf(module, version) === null) {
    return { none: `${id} ${version} is newer than the catalogue.` };
  }
  return new Planner(id, version, to, module, after).plan();
}

class Planner {
  private readonly id: string;
  private readonly from: string;
  private readonly to: string;
  private readonly module: CatalogModule;
  private readonly before: ModuleFacts | null;
  private readonly after: ModuleFacts;
  private readonly recipes: readonly Recipe[];

  constructor(id: string, from: string, to: string, module: CatalogModule, after: ModuleFacts) {
    this.id = id;
    this.from = from;
    this.to = to;
    this.module = module;
    this.before = factsOf(module, from);
    this.after = after;
    this.recipes = (RECIPES[id] ?? []).filter((recipe) => admits(recipe.from, from));
  }

  plan(): ModuleMigration {
    const { id, from, to, before, after } = this;
    const rename = this.renames();
    const remove = this.removals();
    return {
      id,
      to,
      downgrade: compare(from, to) > 0,
      inputsKnown: before !== null,
      bringsTask: before !== null && tasksMode(before) === 'defines-task',
      rename,
      remove,
      add: this.additions(rename),
      environment: this.recipes.flatMap(({ environment = {} }) =>
        Object.entries(environment).map(([name, move]) => ({ name, ...move })),
      ),
      manual: this.leftovers(rename, remove),
      changedDefaults: this.changedDefaults(rename),
      promptInput: after.promptInput,
      provider: after.provider,
      terraform: after.terraform,
      forOlderTerraform: this.forOlderTerraform(),
      notes: this.recipes.flatMap(({ notes = [] }) => notes),
    };
  }

  /** Whether the old release has an input; of an unknown release it is assumed, the recipe says so. */
  private had(input: string): boolean {
    return this.before === null || Object.hasOwn(this.before.inputs, input);
  }

  private has(input: string): boolean {
    return Object.hasOwn(this.after.inputs, input);
  }

  private renames(): { from: string; to: string }[] {
    return this.recipes
      .flatMap(({ rename = {} }) => Object.entries(rename))
      .filter(([from, to]) => this.had(from) && !this.has(from) && this.has(to))
      .map(([from, to]) => ({ from, to }));
  }

  private removals(): { input: string; why: string }[] {
    return this.recipes
      .flatMap(({ remove = {} }) => Object.entries(remove))
      .filter(([input]) => this.had(input) && !this.has(input))
      .map(([input, why]) => ({ input, why }));
  }

  private additions(rename: ModuleMigration['rename']): AddedInput[] {
    const { before, after } = this;
    const required = inputsOf(after)
      .filter(([name, input]) => input.required && before?.inputs[name]?.required !== true)
      .filter(([name]) => before !== null || name !== 'agent_id')
      .map(([input]) => ({ input, why: `${this.to} requires it`, value: this.oldDefault(input, rename) }));
    const prompt = after.promptInput;
    if (prompt === null || (before !== null && Object.hasOwn(before.inputs, prompt))) return required;
    return [
      ...required,
      { input: prompt, why: 'it takes the prompt of the task', value: { kind: 'task-prompt' } },
    ];
  }

  /** The value that an input had so far when the template did not set it, under its old name. */
  private oldDefault(input: string, rename: ModuleMigration['rename']): AddedValue | null {
    const old = rename.find(({ to }) => to === input)?.from ?? input;
    const value = this.before?.inputs[old]?.default;
    // An empty default stands for "not set", which is what the new release refuses.
    return value === undefined || value === null || value === '' ? null : { kind: 'literal', value };
  }

  private leftovers(
    rename: ModuleMigration['rename'],
    remove: ModuleMigration['remove'],
  ): { input: string; why: string }[] {
    const { before, after, to } = this;
    const explained = new Set([...rename.map(({ from }) => from), ...remove.map(({ input }) => input)]);
    return inputsOf(before).flatMap(([input, { type }]) => {
      const name = rename.find(({ from }) => from === input)?.to ?? input;
      const next = after.inputs[name];
      if (next === undefined) return explained.has(input) ? [] : [{ input, why: `${to} does not have it` }];
      if (type === undefined || next.type === undefined || type === next.type) return [];
      return [{ input, why: `${to} takes ${next.type}, not ${type}` }];
    });
  }

  private changedDefaults(rename: ModuleMigration['rename']): ModuleMigration['changedDefaults'] {
    return inputsOf(this.before).flatMap(([old, { default: before }]) => {
      const input = rename.find(({ from }) => from === old)?.to ?? old;
      const after = this.after.inputs[input]?.default;
      if (before === undefined || after === undefined) return [];
      return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ input, before, after }];
    });
  }

  private forOlderTerraform(): ModuleMigration['forOlderTerraform'] {
    const { module, after } = this;
    const need = oldestTerraform(after);
    for (const { version, facts } of module.releases.toReversed()) {
      const found = module.facts[facts];
      if (found === undefined || tasksMode(found) !== 'exports-app-id') continue;
      if (compare(oldestTerraform(found), need) < 0) return { version, terraform: found.terraform };
    }
    return null;
  }
}

function inputsOf(facts: ModuleFacts | null): [name: string, input: ModuleInput][] {
  return Object.entries(facts?.inputs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The oldest Terraform that a release takes. */
function oldestTerraform({ terraform }: ModuleFacts): string {
  return (terraform === null ? null : lowestOf(terraform)) ?? '0.0.0';
}
