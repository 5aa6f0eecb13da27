import {
  type Block,
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
  const parameters = new Set(template.promptParameters.flatMap(({ parameter }) => parameter?.block ?? []));
  return template.tree.nodes
    .filter((node) => !node.remote)
    .flatMap((node) => new Finder(template, node, parameters).find());
}

class Finder {
  private readonly template: Template;
  private readonly node: ModuleNode;
  /** The blocks of "AI Prompt" parameters. */
  private readonly parameters: ReadonlySet<Block>;
  private readonly found: RawPrompt[] = [];
  /** Whether locals are a prompt, by their name and the hops that were left. */
  private readonly rawLocals = new Map<string, boolean>();

  constructor(template: Template, node: ModuleNode, parameters: ReadonlySet<Block>) {
    this.template = template;
    this.node = node;
    this.parameters = parameters;
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
    const before = new ScriptStart();
    const visit = (list: readonly TemplatePart[]) => {
      for (const [index, part] of list.entries()) {
        if (part.kind === 'text') before.add(part.value);
        else if (part.kind === 'if') {
          visit(part.then);
          visit(part.else);
        } else if (part.kind === 'interpolation') {
          if (this.isRaw(part.value, 10) && !before.isInQuotedHeredoc) {
            const next = list[index + 1];
            const behind = next?.kind === 'text' ? next.value[0] : undefined;
            const quotes =
              (['"', "'"] as const).find((each) => before.last === each && behind === each) ?? null;
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
          before.add('_');
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
          return this.isRawLocal(head.address.slice('local.'.length), hops - 1);
        }
        return this.isPrompt(head.address, attributeRead(head));
      }
      default:
        return false;
    }
  }

  private isRawLocal(name: string, hops: number): boolean {
    const key = `${name} ${hops}`;
    const local = this.node.module.locals.get(name);
    const isRaw = this.rawLocals.get(key) ?? (local !== undefined && this.isRaw(local.value, hops));
    this.rawLocals.set(key, isRaw);
    return isRaw;
  }

  private isPrompt(address: string, attribute: string | null): boolean {
    const source = this.template.blockAt(this.node, address);
    if (source === undefined) return false;
    const { mode, type } = source.resource;
    if (attribute === 'prompt') return type === (mode === 'data' ? 'coder_task' : 'coder_ai_task');
    return attribute === 'value' && this.parameters.has(source.block);
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

/** The text of a script up to some place, read once from its start. */
class ScriptStart {
  /** The last character; empty at the start. */
  last = '';
  /** What is there of the last line. */
  readonly #line: string[] = [];
  #mark: string | null = null;

  /** Whether the place is inside a here-document of the shell whose mark is quoted, so that nothing in it is expanded. */
  get isInQuotedHeredoc(): boolean {
    return this.#mark !== null;
  }

  add(text: string): void {
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) this.#endLine();
      this.#line.push(piece);
    }
    this.last = text.at(-1) ?? this.last;
  }

  /** A here-document begins below the line that names its mark, and ends with a line that is the mark. */
  #endLine(): void {
    const line = this.#line.splice(0).join('');
    if (this.#mark === null) {
      this.#mark = /<<-?\s*(?:'(\w+)'|"(\w+)")/.exec(line)?.slice(1).find(Boolean) ?? null;
    } else if (line.trim() === this.#mark) this.#mark = null;
  }
}
