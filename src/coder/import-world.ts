import { argumentNamed } from '../hcl/syntax.ts';
import type { ModuleNode } from '../terraform/load.ts';
import type { Resource } from '../terraform/module.ts';
import { Evaluation, type World } from '../terraform/scope.ts';
import { asString, FALSE, number, string, TRUE, unknown, type Value } from '../terraform/value.ts';

/** Choices under which a template is planned. */
export interface Scenario {
  readonly transition: 'start' | 'stop';
  /** A task build of Coder 2.28 or later: `data.coder_task.*.enabled` is true and there is a prompt. */
  readonly isTask: boolean;
  /** Values of parameters by full address; all others have their default. */
  readonly parameters: ReadonlyMap<string, Value>;
}

/** What Coder plans when a template is imported: a start, no task, every parameter at its default. */
export const IMPORT: Scenario = { transition: 'start', isTask: false, parameters: new Map() };

/** What Coder plans next in the same import: the workspace stopped. */
export const STOP: Scenario = { ...IMPORT, transition: 'stop' };

/**
 * What is known of `coder_*` data sources when Coder plans a workspace start.
 * Sources: provisionerd/runner/runner.go `runTemplateImport` and provisioner/terraform/provision.go at
 * v2.31.9; provider/ai_task.go, workspace.go and parameter.go of terraform-provider-coder at v2.17.0.
 */
export class CoderWorld implements World {
  readonly scenario: Scenario;
  /** Full addresses of the parameters whose value was asked for. */
  readonly consulted = new Set<string>();

  constructor(scenario: Scenario = IMPORT) {
    this.scenario = scenario;
  }

  attribute(node: ModuleNode, resource: Resource, name: string): Value | undefined {
    if (resource.mode === 'managed') return this.computed(resource, name);
    switch (resource.type) {
      case 'coder_workspace':
        return this.workspace(name);
      case 'coder_task':
        return this.task(resource, name);
      case 'coder_parameter':
        return name === 'value' ? this.parameter(node, resource) : undefined;
      default:
        return undefined;
    }
  }

  private workspace(name: string): Value | undefined {
    const isStart = this.scenario.transition === 'start';
    if (name === 'start_count') return number(isStart ? 1 : 0);
    if (name === 'transition') return string(this.scenario.transition);
    return WORKSPACE[name];
  }

  /** Computed attributes of `coder_ai_task`: unknown in the first plan, and never read afterwards. */
  private computed(resource: Resource, name: string): Value | undefined {
    if (resource.type !== 'coder_ai_task' || !['id', 'prompt', 'enabled'].includes(name)) return undefined;
    return unknown(`${resource.address}.${name} is known only after the resource is created`);
  }

  private task({ address }: Resource, name: string): Value | undefined {
    const { isTask } = this.scenario;
    switch (name) {
      case 'enabled':
        return isTask ? TRUE : FALSE;
      case 'prompt':
        return string(isTask ? SOME_PROMPT : '');
      case 'id':
        // Outside a task the provider makes one up (provider/ai_task.go).
        return string(SOME_ID);
      default:
        return unknown(`${address}.${name} is not an attribute that is known here`);
    }
  }

  private parameter(node: ModuleNode, resource: Resource): Value {
    const address = fullAddress(node, resource.address);
    this.consulted.add(address);
    const chosen = this.scenario.parameters.get(address);
    if (chosen !== undefined) return chosen;
    const argument = argumentNamed(resource.block.body, 'default');
    // In the plan of an import the value of such a parameter is empty (tried with provider 2.13.1).
    if (argument === undefined) {
      return this.scenario.isTask
        ? unknown(`${address} has no default`, resource.block.headerSpan)
        : string('');
    }
    const value = new Evaluation(this).valueOf(node, argument.value);
    if (value.kind === 'null') return unknown(`the default of ${address} is null`, argument.span);
    // A parameter's value is a string whatever its type (provider/parameter.go, `value`).
    const text = asString(value);
    return text === null
      ? value.kind === 'unknown'
        ? value
        : unknown(`${address} is no text`)
      : string(text);
  }
}

/** Stands for whatever the user writes: it is not empty, and equal to nothing in the template. */
export const SOME_PROMPT = "the user's prompt";
const SOME_ID = 'b1946ac9-2492-4d23-8f5b-0c3b3b2f5d9e';

const WORKSPACE: Readonly<Record<string, Value>> = {
  prebuild_count: number(0),
  is_prebuild: FALSE,
  is_prebuild_claim: FALSE,
};

/** Address of something in a module node: `module.a.coder_app.web`. */
export function fullAddress(node: ModuleNode, address: string): string {
  return node.address === '' ? address : `${node.address}.${address}`;
}
