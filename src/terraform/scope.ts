import type { Argument, Expression, Step } from '../hcl/syntax.ts';
import { createEffort, type Effort, evaluate, type Resolved, type Scope } from './evaluate.ts';
import type { ModuleNode } from './load.ts';
import type { ModuleCall, Resource, Variable } from './module.ts';
import {
  asNumber,
  asString,
  invalid,
  list,
  NULL,
  object,
  type UnknownReason,
  unknown,
  type Value,
} from './value.ts';
import { convertToVariable } from './variable-type.ts';

/** What is known about resources from outside the files: the import of a template, a task build, a chosen parameter. */
export interface World {
  /** Value of an attribute, or undefined when this world says nothing and the block's own argument counts. */
  attribute(node: ModuleNode, resource: Resource, name: string): Value | undefined;
}

/** How many instances a block has, or why that is not known. */
export type InstanceCount =
  | { readonly count: number; readonly reason: null }
  | { readonly count: null; readonly reason: UnknownReason };

interface Repeated {
  readonly count: Argument | undefined;
  readonly forEach: Argument | undefined;
}

/** Evaluates the expressions of one module tree in one world; values are remembered. */
export class Evaluation {
  readonly world: World;
  private readonly effort: Effort;
  private readonly memo = new Map<string, Value>();
  private readonly running = new Set<string>();
  private readonly counts = new Map<ModuleNode, Map<Repeated, InstanceCount>>();

  /** @param effort shared by evaluations of which there may be many, so that all of them are bounded together */
  constructor(world: World, effort: Effort = createEffort()) {
    this.world = world;
    this.effort = effort;
  }

  /** Value of an expression that stands in the module of a node, outside any repeated block. */
  valueOf(node: ModuleNode, expression: Expression): Value {
    return evaluate(expression, new ModuleScope(this, node), this.effort);
  }

  /** Instances of a resource or module call inside one instance of its module. */
  instancesOf(node: ModuleNode, repeated: Repeated): InstanceCount {
    const counts = this.counts.get(node) ?? new Map<Repeated, InstanceCount>();
    this.counts.set(node, counts);
    const known = counts.get(repeated);
    if (known !== undefined) return known;
    const { span } = repeated.count ?? repeated.forEach ?? {};
    // What is asked for while it is worked out needs itself.
    if (span)
      counts.set(repeated, { count: null, reason: { text: 'it depends on itself', span, error: true } });
    const count = this.countInstances(node, repeated);
    counts.set(repeated, count);
    return count;
  }

  private countInstances(node: ModuleNode, repeated: Repeated): InstanceCount {
    if (repeated.count !== undefined)
      return countOf(this.valueOf(node, repeated.count.value), repeated.count);
    if (repeated.forEach === undefined) return { count: 1, reason: null };
    return sizeOf(this.valueOf(node, repeated.forEach.value), repeated.forEach);
  }

  /** Instances of a resource over all instances of the modules around it; 0 as soon as one factor is 0. */
  totalInstancesOf(node: ModuleNode, repeated: Repeated): InstanceCount {
    const factors = [this.instancesOf(node, repeated)];
    for (let at: ModuleNode | null = node; at?.parent && at.call; at = at.parent) {
      factors.push(this.instancesOf(at.parent, at.call));
    }
    if (factors.some((factor) => factor.count === 0)) return { count: 0, reason: null };
    const open = factors.find((factor) => factor.count === null);
    if (open !== undefined) return open;
    return { count: factors.reduce((product, factor) => product * (factor.count ?? 0), 1), reason: null };
  }

  /** Computes a value once; a value that needs itself is unknown, as Terraform refuses the cycle. */
  remember(key: string, compute: () => Value): Value {
    const known = this.memo.get(key);
    if (known !== undefined) return known;
    if (this.running.has(key)) return invalid(`${key} depends on itself`);
    this.running.add(key);
    const value = compute();
    this.running.delete(key);
    this.memo.set(key, value);
    return value;
  }
}

function countOf(value: Value, { value: { span } }: Argument): InstanceCount {
  if (value.kind === 'unknown') return { count: null, reason: value.reason };
  const count = asNumber(value);
  if (count === null || count < 0 || !Number.isInteger(count)) {
    return { count: null, reason: { text: 'the count is not a whole number', span, error: true } };
  }
  return { count, reason: null };
}

function sizeOf(value: Value, { value: { span } }: Argument): InstanceCount {
  if (value.kind === 'unknown') return { count: null, reason: value.reason };
  if (value.kind === 'object') return { count: value.entries.size, reason: null };
  if (value.kind === 'set') {
    const open = value.elements.find((element) => element.kind === 'unknown');
    if (open?.kind === 'unknown') return { count: null, reason: open.reason };
    return { count: value.elements.length, reason: null };
  }
  return { count: null, reason: { text: 'for_each takes a map or a set of strings', span, error: true } };
}

class ModuleScope implements Scope {
  private readonly evaluation: Evaluation;
  private readonly node: ModuleNode;

  constructor(evaluation: Evaluation, node: ModuleNode) {
    this.evaluation = evaluation;
    this.node = node;
  }

  resolve(root: string, steps: readonly Step[], key: (step: Step) => Value): Resolved | null {
    switch (root) {
      case 'var':
        return this.named(steps, (name) => this.variable(name));
      case 'local':
        return this.named(steps, (name) => this.local(name));
      case 'module':
        return this.moduleOutput(steps, key);
      case 'data':
        return this.resource(['data', ...names(steps, 2)], 2, steps, key);
      case 'count':
      case 'each':
      case 'self':
      case 'path':
      case 'terraform':
        return this.named(steps, (name) => unknown(`${root}.${name} is known only when Terraform runs`));
      default:
        return this.resource([root, ...names(steps, 1)], 1, steps, key);
    }
  }

  private named(steps: readonly Step[], value: (name: string) => Value): Resolved | null {
    const [step] = steps;
    return step?.kind === 'attribute' ? { value: value(step.name), used: 1 } : null;
  }

  private variable(name: string): Value {
    const { node, evaluation } = this;
    const variable = node.module.variables.get(name);
    if (variable === undefined) return invalid(`var.${name} is not declared`);
    return evaluation.remember(`${node.address} var.${name}`, () => {
      const input = node.call?.inputs.get(name);
      const given =
        input !== undefined && node.parent !== null
          ? evaluation.valueOf(node.parent, input.value)
          : undefined;
      const isGiven = given !== undefined && (variable.isNullable || given.kind !== 'null');
      const value = isGiven ? given : this.defaultOf(variable);
      return variable.type === undefined ? value : convertToVariable(value, variable.type);
    });
  }

  private defaultOf(variable: Variable): Value {
    if (variable.default !== undefined) return this.evaluation.valueOf(this.node, variable.default);
    return this.node.parent === null
      ? unknown(`var.${variable.name} has no default`)
      : invalid(`var.${variable.name} is required and not given`);
  }

  private local(name: string): Value {
    const local = this.node.module.locals.get(name);
    if (local === undefined) return invalid(`local.${name} is not declared`);
    return this.evaluation.remember(`${this.node.address} local.${name}`, () =>
      this.evaluation.valueOf(this.node, local.value),
    );
  }

  private moduleOutput(steps: readonly Step[], key: (step: Step) => Value): Resolved | null {
    const [first, ...rest] = steps;
    if (first?.kind !== 'attribute') return null;
    const call = this.node.module.calls.get(first.name);
    if (call === undefined) return { value: invalid(`module.${first.name} is not declared`), used: 1 };
    const read = (name: string) => this.outputOf(call, name);
    return this.instance(call, `module.${call.name}`, rest, key, 1, read);
  }

  private outputOf(call: ModuleCall, name: string): Value {
    const child = this.node.children.get(call.name);
    if (child === undefined)
      return unknown(`module.${call.name}.${name} comes from a module whose files are not here`);
    const output = child.module.outputs.get(name);
    if (output?.value === undefined) return invalid(`module.${call.name} has no output "${name}"`);
    const { value } = output;
    return this.evaluation.remember(`${child.address} output.${name}`, () =>
      this.evaluation.valueOf(child, value),
    );
  }

  private resource(
    path: readonly string[],
    used: number,
    steps: readonly Step[],
    key: (step: Step) => Value,
  ): Resolved | null {
    if (path.length !== used + 1) return null;
    const address = path.join('.');
    const resource = this.node.module.resources.get(address);
    if (resource === undefined) return { value: invalid(`${address} is not declared`), used };
    return this.instance(resource, address, steps.slice(used), key, used, (name) =>
      this.attributeOf(resource, name),
    );
  }

  private attributeOf(resource: Resource, name: string): Value {
    const { node, evaluation } = this;
    return evaluation.remember(`${node.address} ${resource.address}.${name}`, () => {
      const known = evaluation.world.attribute(node, resource, name);
      if (known !== undefined) return known;
      const argument = resource.block.body.items.find(
        (item) => item.kind === 'argument' && item.name === name,
      );
      if (argument?.kind === 'argument') return evaluation.valueOf(node, argument.value);
      return unknown(`${resource.address}.${name} is known only when Terraform runs`);
    });
  }

  /** Applies the steps that pick an instance and one attribute of it: `.a`, `[0].a`, `["k"].a`, `[*].a`. */
  private instance(
    repeated: Repeated & { readonly address: string },
    address: string,
    steps: readonly Step[],
    key: (step: Step) => Value,
    used: number,
    read: (attribute: string) => Value,
  ): Resolved {
    const isRepeated = repeated.count !== undefined || repeated.forEach !== undefined;
    const [first, second] = steps;
    if (!isRepeated) {
      if (first?.kind === 'attribute') return { value: read(first.name), used: used + 1 };
      // `x[*].a` on a block that is not repeated is a list of one.
      if (first?.kind === 'splat' && second?.kind === 'attribute') {
        return { value: list([object([[second.name, read(second.name)]])]), used };
      }
      if (first?.kind === 'index')
        return { value: invalid(`${address} has neither count nor for_each`), used };
      return { value: unknown(`${address} as a whole is known only when Terraform runs`), used };
    }
    const instances = this.evaluation.instancesOf(this.node, repeated);
    if (first?.kind === 'index') {
      const problem = this.missingInstance(repeated, instances, key(first), address);
      if (problem !== null) return { value: problem, used };
      if (second?.kind === 'attribute') return { value: read(second.name), used: used + 2 };
    }
    if (first?.kind === 'attribute') {
      return {
        value: invalid(`${address} is repeated, so an instance must be picked before .${first.name}`),
        used,
      };
    }
    const attribute = first?.kind === 'splat' && second?.kind === 'attribute' ? second.name : null;
    if (repeated.count !== undefined && instances.count !== null && instances.count <= 1000) {
      const one =
        attribute === null
          ? unknown(`${address} as a whole is known only when Terraform runs`)
          : object([[attribute, read(attribute)]]);
      const elements = Array.from({ length: instances.count }, () => one);
      return { value: list(elements), used };
    }
    return { value: unknown(instances.reason?.text ?? `the instances of ${address} are not known`), used };
  }

  /** Null when the instance may exist; a value to stop with when it does not, or when that is not known. */
  private missingInstance(
    repeated: Repeated,
    instances: InstanceCount,
    key: Value,
    address: string,
  ): Value | null {
    if (key.kind === 'unknown') return instances.count === 0 ? invalid(`${address} has no instances`) : key;
    if (instances.count === 0) return invalid(`${address} has no instances`);
    if (instances.count === null) return unknown(instances.reason.text, instances.reason.span);
    if (repeated.count !== undefined) {
      const index = asNumber(key);
      return index !== null && index >= 0 && index < instances.count
        ? null
        : invalid(`${address} has no instance of that index`);
    }
    const forEach =
      repeated.forEach === undefined ? NULL : this.evaluation.valueOf(this.node, repeated.forEach.value);
    const name = asString(key);
    const has =
      forEach.kind === 'object'
        ? name !== null && forEach.entries.has(name)
        : forEach.kind === 'set' && forEach.elements.some((element) => asString(element) === name);
    return has ? null : invalid(`${address} has no instance of that key`);
  }
}

function names(steps: readonly Step[], length: number): string[] {
  return steps.slice(0, length).flatMap((step) => (step.kind === 'attribute' ? [step.name] : []));
}
