import {
  type Argument,
  type Block,
  type Body,
  childrenOf,
  type Expression,
  type ObjectExpression,
  type Step,
  type TemplatePart,
  type Traversal,
} from '../hcl/syntax.ts';
import type { ModuleNode } from './load.ts';
import type { Module } from './module.ts';

/** One place where an expression reads an address. Comments never count; `depends_on` entries do. */
export interface Reference {
  /** What is read, inside its module: `data.coder_task.me`, `var.name`, `local.name`, `module.name`, `coder_app.web`. */
  readonly address: string;
  /** Steps behind the address: `.prompt`, `[0]`, … */
  readonly steps: readonly Step[];
  readonly traversal: Traversal;
  readonly owner: Owner;
  /** Inside `try()` or `can()`, where a missing attribute or instance is no error. */
  readonly guarded: boolean;
}

/** Where a reference stands: a top-level block (or one local) and the path of arguments and blocks inside it. */
interface Owner {
  readonly block: Block;
  /** `local.name` for a local, else the block's address (`module.x`, `coder_app.web`, `output.url`); its type when it has none. */
  readonly address: string;
  /** Names from the block down to the argument: `['env', 'value']`; for a local its name. */
  readonly path: readonly string[];
}

const references = new WeakMap<Module, readonly Reference[]>();

/** Every reference of a module, in source order; collected once per module. */
export function referencesIn(module: Module): readonly Reference[] {
  let found = references.get(module);
  if (found === undefined) {
    const collector = new Collector();
    for (const block of module.blocks) if (block.type !== 'locals') collector.collectBlock(block);
    // Locals apart: an override replaces a single one.
    const localsBlock = module.blocks.find((block) => block.type === 'locals');
    for (const local of module.locals.values()) collector.collectLocal(local, localsBlock);
    found = collector.found;
    references.set(module, found);
  }
  return found;
}

/** References to one address, whatever steps follow it. */
export const referencesTo = indexed((reference) => reference.address);

/** References that stand in one top-level block, in source order. */
export const referencesInBlock = indexed<Block>((reference) => reference.owner.block);

/** References that stand in one local or block, by its address, in source order. */
export const referencesFrom = indexed((reference) => reference.owner.address);

/** A look-up of references by something about them, built once per module. */
function indexed<K = string>(
  keyOf: (reference: Reference) => K,
): (module: Module, key: K) => readonly Reference[] {
  const indexes = new WeakMap<Module, ReadonlyMap<K, Reference[]>>();
  return (module, key) => {
    let index = indexes.get(module);
    if (index === undefined) {
      const collected = new Map<K, Reference[]>();
      for (const reference of referencesIn(module)) {
        const own = keyOf(reference);
        const known = collected.get(own);
        if (known === undefined) collected.set(own, [reference]);
        else known.push(reference);
      }
      index = collected;
      indexes.set(module, index);
    }
    return index.get(key) ?? [];
  };
}

/** The attribute that a reference reads (`prompt` of `data.coder_task.me[0].prompt`), or null when it reads the whole. */
export function attributeRead({ steps }: Pick<Reference, 'steps'>): string | null {
  const step = steps.find((candidate) => candidate.kind === 'attribute');
  return step === undefined ? null : step.name;
}

/** A place where a value ends up for good: not in a local, a variable or an output that is read further on. */
export interface Sink {
  readonly node: ModuleNode;
  readonly reference: Reference;
}

/**
 * Everything that a value reaches: through locals, inputs of modules whose files are at hand, and their outputs.
 * An input of a module that is not at hand is a sink; an output of the root is none.
 */
export function sinksOf(node: ModuleNode, address: string, attribute: string | null): Sink[] {
  const sinks: Sink[] = [];
  const seen = new Set<string>();
  // The next one last. No chain of locals is too long for it.
  const pending: Sink[] = [];
  const follow = ({ node: at, address: target, attribute: wanted }: Hop) => {
    const key = `${at.address} ${target} ${wanted ?? ''}`;
    if (seen.has(key)) return;
    seen.add(key);
    for (const reference of referencesTo(at.module, target).toReversed()) {
      const read = attributeRead(reference);
      if (wanted === null || read === null || read === wanted) pending.push({ node: at, reference });
    }
  };
  follow({ node, address, attribute });
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const next = hop(at.node, at.reference);
    if (next === null) sinks.push(at);
    else if (next !== 'nowhere') follow(next);
  }
  return sinks;
}

interface Hop {
  readonly node: ModuleNode;
  readonly address: string;
  readonly attribute: string | null;
}

/** Where the value goes on from a reference; null when it stays there, `nowhere` for an output that nothing can read. */
function hop(node: ModuleNode, { owner }: Reference): Hop | 'nowhere' | null {
  if (owner.address.startsWith('local.')) return { node, address: owner.address, attribute: null };
  if (owner.block.type === 'module') {
    const child = node.children.get(owner.block.labels[0]?.text ?? '');
    const input = owner.path[0];
    if (child === undefined || input === undefined || !child.module.variables.has(input)) return null;
    return { node: child, address: `var.${input}`, attribute: null };
  }
  if (owner.block.type === 'output') {
    if (node.parent === null || node.call === null) return 'nowhere';
    return { node: node.parent, address: node.call.address, attribute: owner.block.labels[0]?.text ?? '' };
  }
  return null;
}

const NOT_ADDRESSES = new Set(['count', 'each', 'self', 'path', 'terraform']);

const GUARDS = new Set(['try', 'can']);

class Collector {
  readonly found: Reference[] = [];
  private block!: Block;
  private address = '';
  /** Names from the block down to the current place. */
  private readonly path: string[] = [];
  /** The owner of what stands at the current place; null before anything does. */
  private owner: Owner | null = null;
  /** Names that `for` expressions around the current place bind. */
  private readonly bound: string[] = [];
  /** How many `try` and `can` calls are around the current place. */
  private guards = 0;

  collectBlock(block: Block): void {
    this.begin(block, addressOfBlock(block));
    this.body(block.body);
  }

  collectLocal(local: Argument, block: Block | undefined): void {
    if (block === undefined) return;
    this.begin(block, `local.${local.name}`);
    this.below(local.name, () => this.expression(local.value));
  }

  private begin(block: Block, address: string): void {
    this.block = block;
    this.address = address;
    this.owner = null;
  }

  private below(name: string, inside: () => void): void {
    this.path.push(name);
    this.owner = null;
    inside();
    this.path.pop();
    this.owner = null;
  }

  private body(body: Body): void {
    for (const item of body.items) {
      if (item.kind === 'argument') this.below(item.name, () => this.expression(item.value));
      else this.below(item.type, () => this.body(item.body));
    }
  }

  private expression(expression: Expression): void {
    if (expression.kind === 'template') this.parts(expression.parts);
    else if (expression.kind === 'object') this.entries(expression);
    else if (expression.kind === 'for') {
      this.expression(expression.collection);
      this.binding([expression.keyName, expression.valueName], () => {
        const { key, value, condition } = expression;
        for (const inner of [key, value, condition]) if (inner !== null) this.expression(inner);
      });
    } else if (expression.kind === 'call' && GUARDS.has(expression.name)) {
      this.guards++;
      for (const argument of expression.arguments) this.expression(argument);
      this.guards--;
    } else {
      if (expression.kind === 'traversal') this.traversal(expression);
      for (const child of childrenOf(expression)) this.expression(child);
    }
  }

  private entries(expression: ObjectExpression): void {
    for (const entry of expression.entries) {
      if (entry.name === null) this.expression(entry.key);
      this.below(entry.name ?? '*', () => this.expression(entry.value));
    }
  }

  private parts(parts: readonly TemplatePart[]): void {
    for (const part of parts) {
      if (part.kind === 'interpolation') this.expression(part.value);
      else if (part.kind === 'if') {
        this.expression(part.condition);
        this.parts(part.then);
        this.parts(part.else);
      } else if (part.kind === 'for') {
        this.expression(part.collection);
        this.binding([part.keyName, part.valueName], () => this.parts(part.parts));
      }
    }
  }

  private binding(names: readonly (string | null)[], inside: () => void): void {
    const length = this.bound.length;
    for (const name of names) if (name !== null) this.bound.push(name);
    inside();
    this.bound.length = length;
  }

  private traversal(traversal: Traversal): void {
    if (this.bound.includes(traversal.root) || NOT_ADDRESSES.has(traversal.root)) return;
    const head = addressOf(traversal);
    if (head === null) return;
    const { address, steps } = head;
    this.owner ??= { block: this.block, address: this.address, path: [...this.path] };
    this.found.push({ address, steps, traversal, owner: this.owner, guarded: this.guards > 0 });
  }
}

/** The address that a traversal starts with and the steps behind it; null when it is too short to name one. */
export function addressOf(traversal: Traversal): { address: string; steps: readonly Step[] } | null {
  const { root, steps } = traversal;
  const length = root === 'data' ? 2 : 1;
  let address = root;
  for (let index = 0; index < length; index++) {
    const step = steps[index];
    if (step?.kind !== 'attribute') return null;
    address += `.${step.name}`;
  }
  return { address, steps: steps.slice(length) };
}

/** Address of a top-level block inside its module; its type when it has no labels. */
export function addressOfBlock(block: Block): string {
  const labels = block.labels.map((label) => label.text);
  if (labels.length === 0) return block.type;
  return block.type === 'resource' ? labels.join('.') : [block.type, ...labels].join('.');
}
