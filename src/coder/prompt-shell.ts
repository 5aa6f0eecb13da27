import {
  childrenOf,
  type Expression,
  type TemplatePart,
  type Template as TextTemplate,
} from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import type { ModuleNode } from '../terraform/load.ts';
import { addressOf, attributeRead } from '../terraform/references.ts';
import type { Template } from './template.ts';

/** A place where the text of a prompt becomes part of a shell script. */
export interface RawPrompt {
  /** The interpolation with its marks. */
  readonly at: Span;
  readonly value: Expression;
  readonly node: ModuleNode;
  /** Address of the block, and the argument that is a script. */
  readonly address: string;
  readonly argument: string;
  /** The quotes right around the interpolation; null when there are others, or none. */
  readonly quotes: '"' | "'" | null;
  readonly isHeredoc: boolean;
}

/** Arguments that a shell runs. */
const SCRIPT =
  /^(startup_script|shutdown_script|script|command|user_data|(pre|post)_install_script|start_script|install_script)$/;

/** Interpolations of a prompt into scripts that are not encoded on the way. */
export function rawPromptsOf(template: Template): RawPrompt[] {
  return template.tree.nodes
    .filter((node) => !node.remote)
    .flatMap((node) => new Finder(template, node).find());
}

class Finder {
  private readonly template: Template;
  private readonly node: ModuleNode;
  private readonly found: RawPrompt[] = [];

  constructor(template: Template, node: ModuleNode) {
    this.template = template;
    this.node = node;
  }

  find(): RawPrompt[] {
    for (const block of this.node.module.blocks) {
      const labels = block.labels.map((label) => label.text);
      if (!['resource', 'module'].includes(block.type)) continue;
      const address = block.type === 'module' ? `module.${labels[0] ?? ''}` : labels.join('.');
      for (const item of block.body.items) {
        if (item.kind === 'argument' && SCRIPT.test(item.name)) this.visit(item.value, address, item.name);
      }
    }
    return this.found;
  }

  private visit(expression: Expression, address: string, argument: string): void {
    if (expression.kind === 'template') this.text(expression, address, argument);
    // What a function makes of a text is not followed.
    else if (['conditional', 'parens', 'tuple'].includes(expression.kind) || isJoining(expression)) {
      for (const child of childrenOf(expression)) this.visit(child, address, argument);
    }
  }

  private text({ parts, form }: TextTemplate, address: string, argument: string): void {
    let before = '';
    const visit = (list: readonly TemplatePart[]) => {
      for (const [index, part] of list.entries()) {
        if (part.kind === 'text') before += part.value;
        else if (part.kind === 'if') {
          visit(part.then);
          visit(part.else);
        } else if (part.kind === 'interpolation') {
          if (this.isRaw(part.value, 10) && !isInQuotedHeredoc(before)) {
            const next = list[index + 1];
            const behind = next?.kind === 'text' ? next.value[0] : undefined;
            const quotes =
              (['"', "'"] as const).find((each) => before.endsWith(each) && behind === each) ?? null;
            const isHeredoc = form === 'heredoc';
            this.found.push({
              at: part.span,
              value: part.value,
              node: this.node,
              address,
              argument,
              quotes,
              isHeredoc,
            });
          }
          // A word in the place of the value, so that what is around it is read as it stands.
          before += '_';
        }
      }
    };
    visit(parts);
  }

  /** Whether an expression is a prompt as the user wrote it. */
  private isRaw(expression: Expression, hops: number): boolean {
    if (hops === 0) return false;
    const into = (inner: Expression) => this.isRaw(inner, hops - 1);
    switch (expression.kind) {
      case 'parens':
        return into(expression.inner);
      case 'conditional':
        return into(expression.then) || into(expression.else);
      case 'call':
        return RAW_CALLS.has(expression.name) && expression.arguments.some(into);
      case 'template':
        return expression.parts.some((part) => part.kind === 'interpolation' && into(part.value));
      case 'traversal': {
        const head = addressOf(expression);
        if (head === null) return false;
        if (expression.root === 'local') {
          const local = this.node.module.locals.get(head.address.slice('local.'.length));
          return local !== undefined && into(local.value);
        }
        return this.isPrompt(head.address, attributeRead({ steps: head.steps } as never));
      }
      default:
        return false;
    }
  }

  private isPrompt(address: string, attribute: string | null): boolean {
    const { template, node } = this;
    const isHere = (source: { node: ModuleNode; resource: { address: string } } | null) =>
      source !== null && source.node === node && source.resource.address === address;
    if (attribute === 'prompt') {
      return template.taskData.some(isHere) || template.aiTasks.some((task) => isHere(task.source));
    }
    return attribute === 'value' && template.promptParameters.some(({ parameter }) => isHere(parameter));
  }
}

const RAW_CALLS = new Set([
  'try',
  'coalesce',
  'trimspace',
  'tostring',
  'chomp',
  'nonsensitive',
  'format',
  'lower',
]);

function isJoining(expression: Expression): boolean {
  return expression.kind === 'call' && (expression.name === 'join' || expression.name === 'trimspace');
}

/** Whether the text ends inside a here-document of the shell whose mark is quoted, so that nothing in it is expanded. */
function isInQuotedHeredoc(before: string): boolean {
  const lines = before.split('\n');
  let mark: string | null = null;
  for (const line of lines) {
    if (mark !== null) {
      if (line.trim() === mark) mark = null;
    } else mark = /<<-?\s*(?:'(\w+)'|"(\w+)")/.exec(line)?.slice(1).find(Boolean) ?? null;
  }
  return mark !== null;
}
