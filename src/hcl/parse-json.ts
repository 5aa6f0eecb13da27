import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { SourceFile, type Span } from '../source/source-file.ts';
import type { HclParser } from './parse.ts';
import { MAX_DEPTH, tooDeepProblem } from './scan.ts';
import type {
  Argument,
  Block,
  BodyItem,
  Comment,
  Expression,
  Label,
  ObjectEntry,
  ParsedFile,
  SyntaxProblem,
  Template,
} from './syntax.ts';

/**
 * How many levels of labels stand between a top-level name and its body in Terraform's JSON syntax. Any
 * other name is kept as an argument, so that nothing of the file is lost.
 */
const LABEL_LEVELS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['ephemeral', 2],
  ['module', 1],
  ['variable', 1],
  ['output', 1],
  ['provider', 1],
  ['check', 1],
  ['terraform', 0],
  ['locals', 0],
  ['moved', 0],
  ['import', 0],
  ['removed', 0],
]);

/**
 * Parses one `.tf.json` file into the same syntax as HCL; never throws. Strings become templates, whose
 * interpolations the HCL parser reads. A block's header is its last label, since its type and labels may
 * be shared with others and stand far away.
 */
export function parseJson(file: SourceFile, parser: HclParser): ParsedFile {
  return new JsonReader(file, parser).run();
}

class JsonReader {
  readonly #file: SourceFile;
  readonly #parser: HclParser;
  readonly #comments: Comment[] = [];
  readonly #problems: SyntaxProblem[] = [];

  constructor(file: SourceFile, parser: HclParser) {
    this.#file = file;
    this.#parser = parser;
  }

  run(): ParsedFile {
    const items: BodyItem[] = [];
    const root = this.#tree();
    if (root !== undefined) {
      for (const object of this.#objects(root, 'the file')) {
        for (const property of this.#properties(object)) this.#topLevel(property, items);
      }
    }
    const span = this.#spanOf(0, this.#file.text.length);
    return {
      file: this.#file,
      body: { span, items, json: true },
      comments: this.#comments,
      problems: this.#problems,
      doubt: null,
    };
  }

  #tree(): Node | undefined {
    // Blanks in place of a BOM keep all offsets.
    const text = this.#file.text.replace(/^\ufeff/, ' ');
    const deep = tooDeepAt(text);
    if (deep !== null) {
      this.#problems.push(tooDeepProblem(this.#file, deep));
      return undefined;
    }
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    for (const { error, offset, length } of errors) {
      const span = this.#spanOf(offset, Math.min(offset + length, text.length));
      this.#problem(span, 'Invalid JSON', explain(printParseErrorCode(error)));
    }
    return root;
  }

  #problem(span: Span, summary: string, detail: string): void {
    this.#problems.push({ span, summary, detail });
  }

  #spanOf(start: number, end: number): Span {
    return { file: this.#file, start, end };
  }

  #span(node: Node): Span {
    return this.#spanOf(node.offset, node.offset + node.length);
  }

  /** The objects that a value stands for where blocks are expected: itself, or the elements of a list. */
  #objects(node: Node, what: string): Node[] {
    if (node.type === 'object') return [node];
    if (node.type === 'array') return (node.children ?? []).flatMap((child) => this.#objects(child, what));
    // HCL takes null for an absent block.
    if (node.type !== 'null') {
      this.#problem(
        this.#span(node),
        'Incorrect JSON value type',
        `An object or a list of objects is required for ${what}.`,
      );
    }
    return [];
  }

  /** Name and value of an object's properties; `//` holds a comment, and a broken property is left out. */
  #properties(object: Node): { key: Node; name: string; value: Node }[] {
    const properties: { key: Node; name: string; value: Node }[] = [];
    for (const property of object.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      if (name === '//') {
        const text = typeof value.value === 'string' ? value.value.trim() : '';
        this.#comments.push({ span: this.#span(property), style: '//', text });
      } else properties.push({ key, name, value });
    }
    return properties;
  }

  #topLevel(property: { key: Node; name: string; value: Node }, items: BodyItem[]): void {
    const { key, name, value } = property;
    const levels = LABEL_LEVELS.get(name);
    if (levels === undefined) items.push(this.#argument(property));
    else this.#blocks(name, key, levels, [], value, items);
  }

  #blocks(type: string, key: Node, levels: number, labels: Label[], value: Node, items: BodyItem[]): void {
    for (const object of this.#objects(value, `"${type}" blocks`)) {
      if (labels.length === levels) items.push(this.#block(type, key, labels, object));
      else {
        for (const property of this.#properties(object)) {
          const label = { text: property.name, span: this.#span(property.key) };
          this.#blocks(type, key, levels, [...labels, label], property.value, items);
        }
      }
    }
  }

  #block(type: string, key: Node, labels: readonly Label[], object: Node): Block {
    const typeSpan = this.#span(key);
    const headerSpan = labels.at(-1)?.span ?? typeSpan;
    const bodySpan = this.#span(object);
    // The blocks of a list share the label before it.
    const listed = object.parent?.type === 'array';
    return {
      kind: 'block',
      type,
      typeSpan,
      labels,
      body: {
        span: bodySpan,
        items: this.#properties(object).map((property) => this.#argument(property)),
        json: true,
      },
      headerSpan,
      span: listed ? bodySpan : this.#spanOf(headerSpan.start, bodySpan.end),
    };
  }

  #argument({ key, name, value }: { key: Node; name: string; value: Node }): Argument {
    return {
      kind: 'argument',
      name,
      nameSpan: this.#span(key),
      value: this.#expression(value),
      span: this.#spanOf(key.offset, value.offset + value.length),
    };
  }

  #expression(node: Node): Expression {
    const span = this.#span(node);
    switch (node.type) {
      case 'object':
        return { kind: 'object', entries: this.#entries(node), span };
      case 'array': {
        const elements = (node.children ?? []).map((child) => this.#expression(child));
        return { kind: 'tuple', elements, span };
      }
      case 'string':
        return this.#template(node);
      case 'number':
      case 'boolean':
      case 'null':
        return { kind: 'literal', value: node.value as number | boolean | null, span };
    }
    return { kind: 'invalid', span };
  }

  #entries(object: Node): ObjectEntry[] {
    return this.#properties(object).map(({ key, name, value }) => {
      const template = this.#template(key);
      return {
        key: template,
        name: template.parts.every((part) => part.kind === 'text') ? textOfParts(template, name) : null,
        value: this.#expression(value),
        span: this.#spanOf(key.offset, value.offset + value.length),
      };
    });
  }

  #template(node: Node): Template {
    const span = this.#span(node);
    const value = String(node.value);
    const inner = this.#spanOf(span.start + 1, Math.max(span.start + 1, span.end - 1));
    if (!value.includes('${') && !value.includes('%{')) {
      return {
        kind: 'template',
        form: 'quoted',
        parts: value === '' ? [] : [{ kind: 'text', value, span: inner }],
        span,
      };
    }
    const { template, problems } = this.#parser.parseTemplate(new SourceFile(this.#file.path, value));
    const offsets = offsetsOf(this.#file.text, inner.start, value.length);
    const toFile = ({ start, end }: Span): Span =>
      this.#spanOf(offsets[start] as number, offsets[end] as number);
    for (const problem of problems) this.#problems.push({ ...problem, span: toFile(problem.span) });
    return { ...moveSpans(template, toFile), span };
  }
}

function textOfParts(template: Template, name: string): string {
  return template.parts.length === 0
    ? name
    : template.parts.map((part) => (part.kind === 'text' ? part.value : '')).join('');
}

/**
 * Offset in the file of each UTF-16 unit of a decoded JSON string, and of its end; `start` is the offset
 * behind the opening quote.
 */
function offsetsOf(text: string, start: number, length: number): Int32Array {
  const offsets = new Int32Array(length + 1);
  let at = start;
  for (let index = 0; index < length; index++) {
    offsets[index] = at;
    at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
  }
  offsets[length] = at;
  return offsets;
}

/** A copy of a piece of syntax with every span moved. */
function moveSpans<Syntax>(syntax: Syntax, move: (span: Span) => Span): Syntax {
  if (Array.isArray(syntax)) return syntax.map((element) => moveSpans(element, move)) as Syntax;
  if (syntax === null || typeof syntax !== 'object') return syntax;
  if ('file' in syntax) return move(syntax as unknown as Span) as Syntax;
  const copy = Object.entries(syntax).map(([name, value]) => [name, moveSpans(value, move)]);
  return Object.fromEntries(copy) as Syntax;
}

/** Offset at which brackets outside strings are nested deeper than the limit, else null. */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        for (at++; at < text.length && text.charCodeAt(at) !== 0x22 && text.charCodeAt(at) !== 0x0a; at++) {
          if (text.charCodeAt(at) === 0x5c) at++;
        }
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > MAX_DEPTH) return at;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
    }
  }
  return null;
}

/** A sentence for the name of a JSON error, such as `PropertyNameExpected`. */
function explain(code: string): string {
  if (code === 'InvalidCommentToken') return 'JSON knows no comments; a "//" property holds one.';
  const words = code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `${words[0]?.toUpperCase()}${words.slice(1)}.`;
}
