import {
  type Argument,
  type Body,
  childrenOf,
  type Expression,
  type ObjectExpression,
  type TemplatePart,
} from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import type { ModuleTree } from '../terraform/load.ts';
import { fullAddress } from './import-world.ts';

/** A text that is written in a template, with the name that it is given to. */
export interface WrittenText {
  /** Address of the block around it, `local.name` for a local, the block's type when it has no labels. */
  readonly address: string;
  /** The argument, or the key of the innermost object that the text is a value of. */
  readonly name: string;
  readonly nameSpan: Span;
  /** The text; where something is interpolated there is a line break. */
  readonly text: string;
  /** Whether the text is all that the name is given. */
  readonly isWhole: boolean;
}

/** Every text that an author can change: those of the template and of its local modules, each folder once. */
export function writtenTextsIn(tree: ModuleTree): readonly WrittenText[] {
  const found: WrittenText[] = [];
  const folders = new Set<string>();
  for (const node of tree.nodes) {
    if (node.remote || folders.has(node.module.folder)) continue;
    folders.add(node.module.folder);
    for (const { type, labels, body } of node.module.blocks) {
      if (type === 'locals') continue;
      const names = [...(type === 'resource' ? [] : [type]), ...labels.map(({ text }) => text)];
      new Collector(found, fullAddress(node, names.join('.'))).body(body);
    }
    for (const local of node.module.locals.values()) {
      new Collector(found, fullAddress(node, `local.${local.name}`)).argument(local);
    }
  }
  return found;
}

type Name = Pick<WrittenText, 'name' | 'nameSpan'>;

class Collector {
  private readonly found: WrittenText[];
  private readonly address: string;

  constructor(found: WrittenText[], address: string) {
    this.found = found;
    this.address = address;
  }

  body(body: Body): void {
    for (const item of body.items) {
      if (item.kind === 'block') this.body(item.body);
      else this.argument(item);
    }
  }

  argument({ name, nameSpan, value }: Argument): void {
    this.expression({ name, nameSpan }, value, true);
  }

  private expression(name: Name, expression: Expression, isAll: boolean): void {
    if (expression.kind === 'object') {
      this.entries(name, expression);
      return;
    }
    if (expression.kind === 'template') {
      const text = textOfParts(expression.parts);
      const isWhole = isAll && expression.parts.every((part) => part.kind === 'text');
      if (text.trim() !== '') this.found.push({ address: this.address, ...name, text, isWhole });
    }
    const staysAll = isAll && expression.kind === 'parens';
    for (const child of childrenOf(expression)) this.expression(name, child, staysAll);
  }

  private entries(outer: Name, { entries }: ObjectExpression): void {
    for (const { key, name, value } of entries) {
      if (name === null) this.expression(outer, key, false);
      this.expression(name === null ? outer : { name, nameSpan: key.span }, value, name !== null);
    }
  }
}

function textOfParts(parts: readonly TemplatePart[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.value;
      if (part.kind === 'if') return `\n${textOfParts(part.then)}\n${textOfParts(part.else)}\n`;
      return part.kind === 'for' ? `\n${textOfParts(part.parts)}\n` : '\n';
    })
    .join('');
}
