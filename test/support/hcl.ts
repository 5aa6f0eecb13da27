import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type HclParser, loadParser } from '../../src/hcl/parse.ts';
import type { Argument, BodyItem, Expression, ParsedFile, Step, TemplatePart } from '../../src/hcl/syntax.ts';
import { wasmFiles } from '../../src/input/wasm.ts';
import { SourceFile, type Span, textOf } from '../../src/source/source-file.ts';

/** The parser of all tests of one process. */
export const parser: HclParser = await loadParser(wasmFiles());

/** Parses a text as `main.tf`. */
export function parseText(text: string): ParsedFile {
  return parser.parse(new SourceFile('main.tf', text));
}

/** The value of the only argument of a text, which must be free of problems and doubts. */
export function valueIn(text: string): Expression {
  const { body, problems, doubt } = parseText(`${text}\n`);
  const [item] = body.items;
  if (problems.length > 0 || doubt !== null || body.items.length !== 1 || item?.kind !== 'argument') {
    throw new Error(`not one sound argument: ${JSON.stringify({ text, doubt, problems: problems.length })}`);
  }
  return (item satisfies Argument).value;
}

/** The fixtures below `fixtures/hcl/<folder>`, by name. */
export function fixtures(folder: string): [name: string, text: string][] {
  const directory = fileURLToPath(new URL(`../../fixtures/hcl/${folder}/`, import.meta.url));
  return readdirSync(directory).map((name) => [name, readFileSync(directory + name, 'utf8')]);
}

/** One line for a piece of syntax: its structure in the manner of Lisp, with the source text of names. */
export function outline(node: BodyItem | Expression | TemplatePart): string {
  switch (node.kind) {
    case 'argument':
      return `${node.name} = ${outline(node.value)}`;
    case 'block': {
      const labels = node.labels.map((label) => ` ${JSON.stringify(label.text)}`).join('');
      return `${node.type}${labels} { ${node.body.items.map(outline).join('; ')} }`;
    }
    case 'literal':
      return String(node.value);
    case 'template':
      return `${node.form === 'heredoc' ? 'heredoc' : ''}(${node.parts.map(outline).join(' ')})`;
    case 'text':
      return JSON.stringify(node.value);
    case 'interpolation':
      return outline(node.value);
    case 'if':
      if ('then' in node) {
        const otherwise = node.else.length > 0 ? ` else ${node.else.map(outline).join(' ')}` : '';
        return `[if ${outline(node.condition)} then ${node.then.map(outline).join(' ')}${otherwise}]`;
      }
      return '';
    case 'traversal':
      return node.root + node.steps.map(outlineStep).join('');
    case 'access':
      return outline(node.target) + node.steps.map(outlineStep).join('');
    case 'call':
      return `${node.name}(${node.arguments.map(outline).join(', ')}${node.expandsLast ? '...' : ''})`;
    case 'unary':
      return `(${node.operator} ${outline(node.operand)})`;
    case 'binary':
      return `(${outline(node.left)} ${node.operator} ${outline(node.right)})`;
    case 'conditional':
      return `(${outline(node.condition)} ? ${outline(node.then)} : ${outline(node.else)})`;
    case 'parens':
      return `<${outline(node.inner)}>`;
    case 'tuple':
      return `[${node.elements.map(outline).join(', ')}]`;
    case 'object': {
      const entries = node.entries.map(
        (entry) => `${entry.name ?? `<${outline(entry.key)}>`}: ${outline(entry.value)}`,
      );
      return `{${entries.join(', ')}}`;
    }
    case 'for': {
      const names = [node.keyName, node.valueName].filter((name) => name !== null).join(', ');
      if ('parts' in node) {
        return `[for ${names} in ${outline(node.collection)} do ${node.parts.map(outline).join(' ')}]`;
      }
      const key = node.key === null ? '' : `${outline(node.key)} => `;
      const condition = node.condition === null ? '' : ` if ${outline(node.condition)}`;
      const result = `${key}${outline(node.value)}${node.groups ? '...' : ''}${condition}`;
      return `${node.form}[for ${names} in ${outline(node.collection)}: ${result}]`;
    }
    case 'invalid':
      return 'INVALID';
  }
}

function outlineStep(step: Step): string {
  if (step.kind === 'attribute') return `.${step.name}`;
  if (step.kind === 'splat') return step.full ? '[*]' : '.*';
  return `[${outline(step.key)}]`;
}

/** Calls `visit` with every span inside a piece of syntax. */
export function walkSpans(syntax: unknown, visit: (span: Span, within: Span | null) => void): void {
  const walk = (value: unknown, within: Span | null): void => {
    if (value === null || typeof value !== 'object' || value instanceof SourceFile) return;
    if ('file' in value && 'start' in value) return;
    const own = 'span' in value ? (value.span as Span) : null;
    for (const child of Object.values(value)) {
      if (child !== null && typeof child === 'object' && 'file' in child && 'start' in child) {
        visit(child as Span, child === own ? within : (own ?? within));
      }
    }
    for (const child of Object.values(value)) walk(child, own ?? within);
  };
  walk(syntax, null);
}

export { textOf };
