import { type Expression, literalString, type Traversal } from '../hcl/syntax.ts';
import type { ModuleNode } from '../terraform/load.ts';
import { addressOf } from '../terraform/references.ts';
import type { CatalogCall } from './agent-modules.ts';
import { fullAddress } from './import-world.ts';
import type { CoderBlock, Template } from './template.ts';

/** What the app id of a task may come from. `expression` is where that is written. */
export type AppTarget =
  | {
      readonly kind: 'app';
      readonly app: CoderBlock;
      readonly expression: Expression;
      readonly node: ModuleNode;
    }
  /** An output of a module whose files are not at hand. */
  | {
      readonly kind: 'module-output';
      readonly address: string;
      readonly output: string;
      readonly call: CatalogCall | null;
      readonly expression: Expression;
      readonly node: ModuleNode;
    }
  /** A text in the template. */
  | {
      readonly kind: 'literal';
      readonly value: string;
      readonly expression: Expression;
      readonly node: ModuleNode;
    }
  | { readonly kind: 'null'; readonly expression: Expression; readonly node: ModuleNode }
  /** Something that is declared and is no app. */
  | {
      readonly kind: 'other';
      readonly address: string;
      readonly expression: Expression;
      readonly node: ModuleNode;
    }
  /** An expression that this function does not look into. */
  | { readonly kind: 'unknown'; readonly expression: Expression; readonly node: ModuleNode };

/** Functions that hand on one of their arguments. */
const CHOOSING_FUNCTIONS = new Set([
  'try',
  'coalesce',
  'one',
  'element',
  'nonsensitive',
  'tostring',
  'join',
  'concat',
  'compact',
]);
const MAX_HOPS = 20;

/** The apps that an expression may name: both branches of a condition, each argument of `try`, through locals and modules. */
export function appTargetsOf(template: Template, node: ModuleNode, expression: Expression): AppTarget[] {
  const targets = new Tracer(template).trace(node, expression, MAX_HOPS);
  // Nothing is left of locals that are made of each other.
  return targets.length === 0 && isReference(expression) ? [{ kind: 'unknown', expression, node }] : targets;
}

function isReference({ kind }: Expression): boolean {
  return kind === 'traversal';
}

class Tracer {
  private readonly template: Template;
  /** Locals, inputs and outputs that were traced; what names one twice adds nothing. */
  private readonly traced = new Set<string>();

  constructor(template: Template) {
    this.template = template;
  }

  trace(node: ModuleNode, expression: Expression, hops: number): AppTarget[] {
    if (hops === 0) return [{ kind: 'unknown', expression, node }];
    const literal = literalString(expression);
    if (literal !== null) return [{ kind: 'literal', value: literal, expression, node }];
    const into = (inner: Expression) => this.trace(node, inner, hops - 1);
    switch (expression.kind) {
      case 'parens':
        return into(expression.inner);
      case 'literal':
        return expression.value === null
          ? [{ kind: 'null', expression, node }]
          : [{ kind: 'literal', value: String(expression.value), expression, node }];
      case 'conditional':
        return [...into(expression.then), ...into(expression.else)];
      case 'tuple':
        return expression.elements.flatMap(into);
      case 'access':
        return into(expression.target);
      case 'template': {
        const [only] = expression.parts;
        return expression.parts.length === 1 && only?.kind === 'interpolation'
          ? into(only.value)
          : [{ kind: 'unknown', expression, node }];
      }
      case 'call': {
        if (!CHOOSING_FUNCTIONS.has(expression.name)) return [{ kind: 'unknown', expression, node }];
        // The separator of join and the position of element name no app.
        const chosen =
          expression.name === 'join'
            ? expression.arguments.slice(1)
            : expression.name === 'element'
              ? expression.arguments.slice(0, 1)
              : expression.arguments;
        return chosen.flatMap(into);
      }
      case 'traversal':
        return this.traversal(node, expression, hops - 1);
      default:
        return [{ kind: 'unknown', expression, node }];
    }
  }

  private once(node: ModuleNode, address: string, trace: () => AppTarget[]): AppTarget[] {
    const key = `${node.address} ${address}`;
    if (this.traced.has(key)) return [];
    this.traced.add(key);
    return trace();
  }

  private traversal(node: ModuleNode, expression: Traversal, hops: number): AppTarget[] {
    const head = addressOf(expression);
    if (head === null) return [{ kind: 'unknown', expression, node }];
    const name = head.address.slice(head.address.indexOf('.') + 1);
    if (expression.root === 'local') {
      const local = node.module.locals.get(name);
      return local === undefined
        ? [{ kind: 'unknown', expression, node }]
        : this.once(node, head.address, () => this.trace(node, local.value, hops));
    }
    if (expression.root === 'var') {
      const input = node.call?.inputs.get(name);
      const { parent } = node;
      return input === undefined || parent === null
        ? [{ kind: 'unknown', expression, node }]
        : this.once(node, head.address, () => this.trace(parent, input.value, hops));
    }
    const read = head.steps.find((step) => step.kind === 'attribute')?.name ?? '';
    if (expression.root === 'module') return this.moduleOutput(node, name, read, expression, hops);
    const app = this.template.blockAt(node, head.address);
    if (app?.resource.type === 'coder_app' && (read === 'id' || read === ''))
      return [{ kind: 'app', app, expression, node }];
    return node.module.resources.has(head.address)
      ? [{ kind: 'other', address: fullAddress(node, head.address), expression, node }]
      : [{ kind: 'unknown', expression, node }];
  }

  private moduleOutput(
    node: ModuleNode,
    name: string,
    output: string,
    expression: Expression,
    hops: number,
  ): AppTarget[] {
    const call = node.module.calls.get(name);
    if (call === undefined) return [{ kind: 'unknown', expression, node }];
    const child = node.children.get(name);
    const value = child?.module.outputs.get(output)?.value;
    if (child !== undefined && value !== undefined) {
      return this.once(child, `output.${output}`, () => this.trace(child, value, hops));
    }
    const known = this.template.catalogCall(node, call);
    return [
      {
        kind: 'module-output',
        address: fullAddress(node, call.address),
        output,
        call: known,
        expression,
        node,
      },
    ];
  }
}
