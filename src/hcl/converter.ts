import type { SourceFile, Span } from '../source/source-file.ts';
import { KIND, type Nodes, operatorOf } from './grammar.ts';
import type { Scan, Separator } from './scan.ts';
import type {
  Argument,
  Block,
  BodyItem,
  Conditional,
  Expression,
  Label,
  ObjectEntry,
  Step,
  SyntaxProblem,
  Template,
  TemplatePart,
  TemplateText,
} from './syntax.ts';
import {
  decodeText,
  type Piece,
  piecesOf,
  removeIndentation,
  type Sequence,
  trimAtMarks,
} from './template-text.ts';

const QUALIFIED_NAME = /^[\p{ID_Start}_][\p{ID_Continue}-]*(?:::[\p{ID_Start}_][\p{ID_Continue}-]*)*$/u;

/** Turns the flat tree into syntax, and notes what the grammar let pass and HCL would not. */
export class Converter {
  /** What the grammar could not read; complete once the file is read. */
  readonly problems: SyntaxProblem[] = [];
  /** Why HCL's own parser must judge the file; complete once the file is read. */
  doubt: string | null = null;
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #scan: Scan;
  readonly #nodes: Nodes;

  constructor(file: SourceFile, scanned: Scan, nodes: Nodes) {
    this.#file = file;
    this.#text = file.text;
    this.#scan = scanned;
    this.#nodes = nodes;
  }

  /** Everything at the top of the file. */
  file(): BodyItem[] {
    const { kind, next, hasError } = this.#nodes;
    if (hasError) this.#collectErrors();
    const items: BodyItem[] = [];
    for (let node = 0; node < kind.length; node = next[node] as number) this.#items(node, items);
    this.#checkBody(items, this.#scan.separators.get(-1) ?? [], this.#text.length, true);
    return items;
  }

  #suspect(reason: string): void {
    this.doubt ??= reason;
  }

  #collectErrors(): void {
    const { kind, next } = this.#nodes;
    for (let node = 0; node < kind.length; node++) {
      if (kind[node] === KIND.ERROR) {
        const span = this.#span(node);
        const end = this.#text.slice(span.start, span.end).search(/\r?\n/);
        this.problems.push({
          span: end === -1 ? span : { ...span, end: span.start + end },
          summary: 'Invalid syntax',
          detail: 'This text does not fit here.',
        });
        node = (next[node] as number) - 1;
      } else if (kind[node] === KIND.MISSING) {
        this.problems.push({
          span: this.#span(node),
          summary: 'Invalid syntax',
          detail: 'Something is missing here.',
        });
      }
    }
    if (this.problems.length === 0) {
      this.problems.push({
        span: { file: this.#file, start: 0, end: 0 },
        summary: 'Invalid syntax',
        detail: 'The file could not be read.',
      });
    }
  }

  #start(node: number): number {
    const at = this.#nodes.start[node] as number;
    if (at < this.#scan.starts.length) return this.#scan.starts[at] as number;
    return at > 0 ? (this.#scan.ends[at - 1] as number) : 0;
  }

  #end(node: number): number {
    const at = this.#nodes.end[node] as number;
    if (at === this.#nodes.start[node]) return at > 0 ? Math.min(this.#start(node), this.#text.length) : 0;
    return this.#scan.ends[at - 1] as number;
  }

  #span(node: number): Span {
    if (this.#nodes.end[node] === this.#nodes.start[node]) {
      const at = this.#placeOfMissing(node);
      return { file: this.#file, start: at, end: at };
    }
    const start = this.#start(node);
    return { file: this.#file, start, end: Math.max(start, this.#end(node)) };
  }

  /** Where a node stands that the grammar made up: where what it begins starts, else behind the token before it. */
  #placeOfMissing(node: number): number {
    const { start, end } = this.#nodes;
    const at = start[node] as number;
    for (let outer = node - 1; start[outer] === at; outer--)
      if ((end[outer] as number) > at) return this.#start(outer);
    return at > 0 ? (this.#scan.ends[at - 1] as number) : 0;
  }

  #textOf(node: number): string {
    return this.#text.slice(this.#start(node), this.#end(node));
  }

  #endOfSubtree(node: number): number {
    return this.#nodes.next[node] as number;
  }

  /** The first child of that kind, or -1. */
  #child(node: number, kind: number, from: number = node + 1): number {
    const { next } = this.#nodes;
    const end = next[node] as number;
    for (let child = from; child < end; child = next[child] as number) {
      if (this.#nodes.kind[child] === kind) return child;
    }
    return -1;
  }

  #children(node: number, kind: number): number[] {
    const children: number[] = [];
    for (let child = this.#child(node, kind); child !== -1; ) {
      children.push(child);
      child = this.#child(node, kind, this.#nodes.next[child]);
    }
    return children;
  }

  /** Adds the arguments and blocks at or inside a node; an error node may hold whole ones. */
  #items(node: number, items: BodyItem[]): void {
    const { kind, next } = this.#nodes;
    switch (kind[node]) {
      case KIND.attribute: {
        const argument = this.#argument(node);
        if (argument !== null) items.push(argument);
        return;
      }
      case KIND.block: {
        const block = this.#block(node);
        if (block !== null) items.push(block);
        return;
      }
      case KIND.collection_value:
      case KIND.object:
        // The grammar takes an object for a file, as JSON variable files are.
        this.#suspect('an object instead of arguments and blocks');
        return;
      case KIND.config_file:
      case KIND.body:
      case KIND.ERROR:
        for (let child = node + 1; child < (next[node] as number); child = next[child] as number) {
          this.#items(child, items);
        }
    }
  }

  #argument(node: number): Argument | null {
    const name = this.#child(node, KIND.identifier);
    const value = this.#child(node, KIND.expression);
    if (name === -1) return null;
    const nameText = this.#name(name);
    return {
      kind: 'argument',
      name: nameText,
      nameSpan: this.#span(name),
      value: value === -1 ? this.#invalid(node) : this.#expression(value),
      span: this.#span(node),
    };
  }

  #block(node: number): Block | null {
    const { kind, next } = this.#nodes;
    const type = this.#child(node, KIND.identifier);
    if (type === -1) return null;
    const labels: Label[] = [];
    const items: BodyItem[] = [];
    let open = -1;
    let close = -1;
    const end = this.#endOfSubtree(node);
    const isHeader = () => open === -1 && items.length === 0;
    for (let child = next[type] as number; child < end; child = next[child] as number) {
      switch (kind[child]) {
        case KIND.identifier:
          if (isHeader()) labels.push({ text: this.#name(child), span: this.#span(child) });
          break;
        case KIND.string_lit:
          if (isHeader()) labels.push(this.#label(child));
          break;
        case KIND.block_start:
          open = child;
          break;
        case KIND.block_end:
          close = child;
          break;
        default:
          this.#items(child, items);
      }
    }
    const span = this.#span(node);
    const typeSpan = this.#span(type);
    // Where the grammar recovers from an error, items may stand outside the braces that it settles for.
    const bodyStart = Math.min(
      open === -1 ? typeSpan.end : this.#end(open),
      items[0]?.span.start ?? span.end,
    );
    const bodyEnd = Math.max(close === -1 ? span.end : this.#start(close), items.at(-1)?.span.end ?? 0);
    if (open !== -1 && close !== -1) {
      this.#checkBody(items, this.#scan.separators.get(this.#start(open)) ?? [], bodyEnd, false);
    }
    return {
      kind: 'block',
      type: this.#name(type),
      typeSpan,
      labels,
      body: { span: { file: this.#file, start: bodyStart, end: bodyEnd }, items, json: false },
      headerSpan: { file: this.#file, start: typeSpan.start, end: labels.at(-1)?.span.end ?? typeSpan.end },
      span,
    };
  }

  #label(node: number): Label {
    const span = this.#span(node);
    const inner = this.#text.slice(span.start + 1, span.end - 1);
    // HCL wants a plain string here: not even an escaped `$${` is one.
    if (inner.includes('${') || inner.includes('%{')) this.#suspect('template mark in a block label');
    return { text: decodeText(this.#text, span.start + 1, span.end - 1, true), span };
  }

  /**
   * An identifier; the grammar takes `a::b` for one, HCL only in the name of a function, and the scan shows it
   * `a.b` as one.
   */
  #name(node: number): string {
    const name = this.#textOf(node);
    if (name.includes(':')) this.#suspect('`::` outside a function name');
    if (name.includes('.')) this.#notAName(node);
    return name;
  }

  /** The first name of `a.b.c`, which is one identifier to the grammar; the others become steps. */
  #reference(node: number, steps: Step[]): { readonly name: string; readonly span: Span } {
    const whole = this.#span(node);
    const text = this.#text.slice(whole.start, whole.end);
    if (text.includes(':')) this.#suspect('`::` outside a function name');
    let dot = text.indexOf('.');
    const first = dot === -1 ? text : text.slice(0, dot);
    while (dot !== -1) {
      const next = text.indexOf('.', dot + 1);
      const end = next === -1 ? text.length : next;
      const span = { file: this.#file, start: whole.start + dot, end: whole.start + end };
      steps.push({ kind: 'attribute', name: text.slice(dot + 1, end), span });
      dot = next;
    }
    return { name: first, span: { ...whole, end: whole.start + first.length } };
  }

  #notAName(node: number): void {
    this.problems.push({
      span: this.#span(node),
      summary: 'Invalid name',
      detail: 'A name stands here, and no reference to something.',
    });
  }

  /** Holds the line rules of a body against its items, and that no argument is repeated. */
  #checkBody(
    items: readonly BodyItem[],
    separators: readonly Separator[],
    close: number,
    isFile: boolean,
  ): void {
    if (this.doubt !== null) return;
    const names = new Set<string>();
    let index = 0;
    let lines = 0;
    const skipTo = (offset: number): number => {
      let seen = 0;
      for (let separator = separators[index]; separator !== undefined && separator.offset < offset; ) {
        if (separator.comma) this.#suspect('comma between arguments');
        seen++;
        separator = separators[++index];
      }
      return seen;
    };
    const breaksInBlock = separators.length;
    for (let position = 0; position < items.length; position++) {
      const item = items[position] as BodyItem;
      lines = skipTo(item.span.start);
      if (position > 0 && lines === 0) this.#suspect('two items on one line');
      if (position === 0 && !isFile && lines === 0) {
        const onlyArgument = items.length === 1 && item.kind === 'argument';
        if (!onlyArgument || breaksInBlock > 0) this.#suspect('one-line block with more than one argument');
        if (onlyArgument) return;
      }
      if (skipTo(item.span.end) > 0) this.#suspect('line break inside an argument or a block header');
      if (item.kind === 'argument') {
        if (names.has(item.name)) this.#suspect(`argument "${item.name}" repeated`);
        names.add(item.name);
      }
    }
    if (!isFile && items.length > 0 && skipTo(close) === 0)
      this.#suspect('last argument on the line of the brace');
  }

  #invalid(node: number): Expression {
    return { kind: 'invalid', span: this.#span(node) };
  }

  #expression(node: number): Expression {
    const end = this.#endOfSubtree(node);
    if (node + 1 >= end) return this.#invalid(node);
    return this.#term(node + 1, end);
  }

  /** An expression from the sibling nodes `from` up to `to`: something and the steps behind it. */
  #term(from: number, to: number): Expression {
    const { kind, next } = this.#nodes;
    let primary: Expression | null = null;
    let child = from;
    switch (kind[from]) {
      case KIND.literal_value:
        primary = this.#literal(from);
        break;
      case KIND.template_expr: {
        const quoted = this.#child(from, KIND.quoted_template);
        primary = quoted === -1 ? this.#invalid(from) : this.#template(quoted);
        break;
      }
      case KIND.collection_value: {
        const inner = from + 1;
        if (kind[inner] === KIND.tuple) primary = this.#tuple(inner);
        else if (kind[inner] === KIND.object) primary = this.#object(inner);
        break;
      }
      case KIND.variable_expr:
        return this.#traversal(from, to);
      case KIND.function_call:
        primary = this.#call(from);
        break;
      case KIND.for_expr:
        primary = this.#for(from + 1);
        break;
      case KIND.operation:
        primary = this.#operation(from + 1);
        break;
      case KIND.conditional:
        primary = this.#conditional(from);
        break;
      case KIND['(']: {
        const inner = next[from] as number;
        const close = inner < to && kind[inner] === KIND.expression ? (next[inner] as number) : -1;
        if (close === -1 || close >= to || kind[close] !== KIND[')']) break;
        primary = {
          kind: 'parens',
          inner: this.#expression(inner),
          span: { file: this.#file, start: this.#start(from), end: this.#end(close) },
        };
        child = close;
        break;
      }
    }
    if (primary === null) return this.#invalidRange(from, to);
    child = next[child] as number;
    if (child >= to) return primary;
    const steps = this.#steps(child, to);
    if (steps.length === 0) return primary;
    return {
      kind: 'access',
      target: primary,
      steps,
      span: { file: this.#file, start: primary.span.start, end: (steps.at(-1) as Step).span.end },
    };
  }

  #invalidRange(from: number, to: number): Expression {
    let last = from;
    for (let child = from; child < to; child = this.#endOfSubtree(child)) last = child;
    const { start } = this.#span(from);
    return { kind: 'invalid', span: { file: this.#file, start, end: Math.max(start, this.#span(last).end) } };
  }

  #traversal(from: number, to: number): Expression {
    const identifier = this.#child(from, KIND.identifier);
    if (identifier === -1) return this.#invalidRange(from, to);
    const steps: Step[] = [];
    const { name: root, span: rootSpan } = this.#reference(identifier, steps);
    this.#steps(this.#endOfSubtree(from), to, steps);
    return {
      kind: 'traversal',
      root,
      rootSpan,
      steps,
      span: { file: this.#file, start: rootSpan.start, end: steps.at(-1)?.span.end ?? rootSpan.end },
    };
  }

  #steps(from: number, to: number, steps: Step[] = []): Step[] {
    const { kind, next } = this.#nodes;
    for (let child = from; child < to; child = next[child] as number) {
      switch (kind[child]) {
        case KIND.get_attr: {
          const identifier = this.#child(child, KIND.identifier);
          if (identifier === -1) break;
          const rest: Step[] = [];
          const { name, span } = this.#reference(identifier, rest);
          steps.push({ kind: 'attribute', name, span: { ...span, start: this.#start(child) } }, ...rest);
          break;
        }
        case KIND.index: {
          const inner = child + 1;
          if (kind[inner] === KIND.new_index) {
            const key = this.#child(inner, KIND.expression);
            steps.push({
              kind: 'index',
              key: key === -1 ? this.#invalid(inner) : this.#expression(key),
              span: this.#span(inner),
            });
          } else if (kind[inner] === KIND.legacy_index) {
            const span = this.#span(inner);
            const digits = this.#text.slice(span.start, span.end).replace(/^\.\s*/, '');
            const keySpan = { file: this.#file, start: span.end - digits.length, end: span.end };
            steps.push({
              kind: 'index',
              key: { kind: 'literal', value: Number(digits), span: keySpan },
              span,
            });
          }
          break;
        }
        case KIND.splat: {
          const inner = child + 1;
          const innerEnd = next[inner] as number;
          const full = kind[inner] === KIND.full_splat;
          const start = this.#start(inner);
          // The node reaches over the steps behind the splat; the mark itself is its first token.
          const length = full ? 3 : 2;
          const end = this.#scan.ends[(this.#nodes.start[inner] as number) + length - 1] as number;
          if (!full && steps.some((step) => step.kind === 'splat' && !step.full))
            this.#suspect('`.*` behind `.*`');
          steps.push({ kind: 'splat', full, span: { file: this.#file, start, end } });
          this.#steps(inner + 1, innerEnd, steps);
          break;
        }
      }
    }
    return steps;
  }

  #literal(node: number): Expression {
    const inner = node + 1;
    const span = this.#span(node);
    const text = this.#text.slice(span.start, span.end);
    switch (this.#nodes.kind[inner]) {
      case KIND.numeric_lit:
        return { kind: 'literal', value: Number(text), span };
      case KIND.bool_lit:
        return { kind: 'literal', value: text === 'true', span };
      case KIND.null_lit:
        return { kind: 'literal', value: null, span };
      case KIND.string_lit:
        return this.#template(inner);
    }
    return { kind: 'invalid', span };
  }

  #tuple(node: number): Expression {
    const elements = this.#children(node, KIND.expression).map((child) => this.#expression(child));
    return { kind: 'tuple', elements, span: this.#span(node) };
  }

  #object(node: number): Expression {
    const span = this.#span(node);
    const entries: ObjectEntry[] = [];
    for (const child of this.#children(node, KIND.object_elem)) {
      const key = this.#child(child, KIND.expression);
      const value = key === -1 ? -1 : this.#child(child, KIND.expression, this.#endOfSubtree(key));
      if (key === -1 || value === -1) continue;
      const keyExpression = this.#expression(key);
      entries.push({
        key: keyExpression,
        name: keyName(keyExpression, this.#text),
        value: this.#expression(value),
        span: this.#span(child),
      });
    }
    this.#checkObject(entries, this.#scan.separators.get(span.start) ?? []);
    return { kind: 'object', entries, span };
  }

  /** Entries must be separated by a comma or a line break, and no comma may follow a line break. */
  #checkObject(entries: readonly ObjectEntry[], separators: readonly Separator[]): void {
    if (this.doubt !== null) return;
    let index = 0;
    for (let position = 0; position <= entries.length; position++) {
      const entry = entries[position];
      const to = entry?.span.start ?? Number.POSITIVE_INFINITY;
      let broken = position === 0;
      let seen = position === 0 || entry === undefined;
      for (let at = separators[index]; at !== undefined && at.offset < to; at = separators[++index]) {
        if (at.comma && broken) this.#suspect('comma at the start of a line');
        broken = true;
        seen = true;
      }
      if (!seen) this.#suspect('two entries of an object on one line without a comma');
      if (entry === undefined) return;
      const inside = separators[index];
      if (inside !== undefined && inside.offset < entry.span.end) this.#suspect('line break inside an entry');
      while ((separators[index]?.offset ?? Number.POSITIVE_INFINITY) < entry.span.end) index++;
    }
  }

  #call(node: number): Expression {
    const name = this.#child(node, KIND.identifier);
    if (name === -1) return this.#invalid(node);
    const list = this.#child(node, KIND.function_arguments);
    const values = list === -1 ? [] : this.#children(list, KIND.expression);
    const nameText = this.#textOf(name);
    if (nameText.includes('.')) this.#notAName(name);
    else if (nameText.includes(':') && !QUALIFIED_NAME.test(nameText))
      this.#suspect('malformed function name');
    return {
      kind: 'call',
      name: nameText,
      nameSpan: this.#span(name),
      arguments: values.map((value) => this.#expression(value)),
      expandsLast: list !== -1 && this.#child(list, KIND.ellipsis) !== -1,
      span: this.#span(node),
    };
  }

  #operation(node: number): Expression {
    const { kind, next } = this.#nodes;
    const span = this.#span(node);
    const end = this.#endOfSubtree(node);
    const first = node + 1;
    if (kind[node] === KIND.unary_operation) {
      const operator = this.#textOf(first);
      const operand = next[first] as number;
      if ((operator !== '-' && operator !== '!') || operand >= end) return { kind: 'invalid', span };
      return { kind: 'unary', operator, operand: this.#term(operand, end), span };
    }
    for (let child = first; child < end; child = next[child] as number) {
      const operator = operatorOf(kind[child] as number);
      if (operator === null || child === first) continue;
      const right = next[child] as number;
      if (right >= end) break;
      return {
        kind: 'binary',
        operator,
        left: this.#term(first, child),
        right: this.#term(right, end),
        span,
      };
    }
    return { kind: 'invalid', span };
  }

  /**
   * The grammar groups `a ? b : c ? d : e` to the left, HCL to the right: the operands of the chain are
   * laid out in a row and grouped anew.
   */
  #conditional(node: number): Expression {
    const { kind } = this.#nodes;
    const operands: number[] = [];
    for (let current = node; ; ) {
      const [condition, then, otherwise] = this.#children(current, KIND.expression);
      if (condition === undefined || then === undefined || otherwise === undefined)
        return this.#invalid(node);
      operands.unshift(then, otherwise);
      if (kind[condition + 1] !== KIND.conditional) {
        operands.unshift(condition);
        break;
      }
      current = condition + 1;
    }
    const values = operands.map((operand) => this.#expression(operand));
    let result = values.pop() as Expression;
    while (values.length > 0) {
      const then = values.pop() as Expression;
      const condition = values.pop() as Expression;
      const grouped: Conditional = {
        kind: 'conditional',
        condition,
        then,
        else: result,
        span: { file: this.#file, start: condition.span.start, end: result.span.end },
      };
      result = grouped;
    }
    return result;
  }

  #for(node: number): Expression {
    const { kind } = this.#nodes;
    const span = this.#span(node);
    const intro = this.#child(node, KIND.for_intro);
    if (intro === -1) return { kind: 'invalid', span };
    const names = this.#children(intro, KIND.identifier).map((name) => this.#name(name));
    const collection = this.#child(intro, KIND.expression);
    const results = this.#children(node, KIND.expression);
    const form = kind[node] === KIND.for_object_expr ? 'object' : 'tuple';
    const value = results.at(-1);
    const valueName = names.at(-1);
    if (collection === -1 || value === undefined || valueName === undefined) return { kind: 'invalid', span };
    if (form === 'object' && results.length < 2) return { kind: 'invalid', span };
    const condition = this.#child(node, KIND.for_cond);
    const test = condition === -1 ? -1 : this.#child(condition, KIND.expression);
    return {
      kind: 'for',
      form,
      keyName: names.length > 1 ? (names[0] as string) : null,
      valueName,
      collection: this.#expression(collection),
      key: form === 'object' ? this.#expression(results[0] as number) : null,
      value: this.#expression(value),
      groups: this.#child(node, KIND.ellipsis) !== -1,
      condition: test === -1 ? null : this.#expression(test),
      span,
    };
  }

  /** A quoted string or heredoc; the scan has shown heredocs to the grammar as quoted strings. */
  #template(node: number): Template {
    const { kind } = this.#nodes;
    const span = this.#span(node);
    // The grammar takes a quote for text where a directive still waits for its end.
    if (this.#scan.templateEnds.get(span.start) !== span.end) this.#suspect('unbalanced template directives');
    const heredoc = this.#scan.heredocs.get(span.start);
    const form = heredoc === undefined ? 'quoted' : 'heredoc';
    const start = heredoc?.bodyStart ?? span.start + 1;
    let end = heredoc?.bodyEnd ?? span.end - 1;
    if (heredoc === undefined && this.#text[end] !== '"') end = span.end;
    end = Math.max(start, end);
    const escapes = heredoc === undefined;
    if (kind[node] === KIND.string_lit && heredoc?.indented !== true) {
      const value = decodeText(this.#text, start, end, escapes);
      const parts: TemplatePart[] =
        value === '' ? [] : [{ kind: 'text', value, span: { file: this.#file, start, end } }];
      return { kind: 'template', form, parts, span };
    }
    const draft: Draft = { flat: [], escapes, byLine: heredoc !== undefined };
    const parts = this.#draft(node + 1, this.#endOfSubtree(node), start, end, draft);
    trimAtMarks(draft.flat);
    if (heredoc?.indented === true) removeIndentation(draft.flat);
    return { kind: 'template', form, parts: this.#finish(parts), span };
  }

  /** The parts between `start` and `end` from the sibling nodes `from` up to `to`. */
  #draft(from: number, to: number, start: number, end: number, draft: Draft): DraftPart[] {
    const { kind, next } = this.#nodes;
    const parts: DraftPart[] = [];
    let at = start;
    const textUpTo = (offset: number): void => {
      if (offset <= at) return;
      const pieces = piecesOf(this.#file, at, offset, draft.escapes, draft.byLine);
      parts.push(...pieces);
      draft.flat.push(...pieces);
    };
    for (let child = from; child < to; child = next[child] as number) {
      const own = kind[child];
      if (own !== KIND.template_interpolation && own !== KIND.template_directive) continue;
      const span = this.#span(child);
      textUpTo(span.start);
      at = span.end;
      if (own === KIND.template_interpolation) {
        this.#mark(child, draft);
        const value = this.#child(child, KIND.expression);
        if (value === -1) this.#suspect('empty interpolation');
        parts.push({
          kind: 'interpolation',
          value: value === -1 ? this.#invalid(child) : this.#expression(value),
          span,
        });
      } else if (kind[child + 1] === KIND.template_if) parts.push(this.#draftIf(child + 1, draft));
      else if (kind[child + 1] === KIND.template_for) parts.push(this.#draftFor(child + 1, draft));
    }
    textUpTo(end);
    return parts;
  }

  #mark(node: number, draft: Draft): void {
    const start = this.#start(node);
    const end = this.#end(node);
    draft.flat.push({
      kind: 'sequence',
      trimsBefore: this.#text[start + 2] === '~',
      trimsBehind: this.#text[end - 2] === '~',
    });
  }

  #draftIf(node: number, draft: Draft): DraftPart {
    const span = this.#span(node);
    const intro = this.#child(node, KIND.template_if_intro);
    const otherwise = this.#child(node, KIND.template_else_intro);
    const close = this.#child(node, KIND.template_if_end);
    if (intro === -1 || close === -1) return { kind: 'interpolation', value: this.#invalid(node), span };
    this.#mark(intro, draft);
    const condition = this.#child(intro, KIND.expression);
    const thenEnd = otherwise === -1 ? close : otherwise;
    const behindIntro = this.#endOfSubtree(intro);
    const then = this.#draft(behindIntro, thenEnd, this.#end(intro), this.#start(thenEnd), draft);
    let elseParts: DraftPart[] = [];
    if (otherwise !== -1) {
      this.#mark(otherwise, draft);
      const behindElse = this.#endOfSubtree(otherwise);
      elseParts = this.#draft(behindElse, close, this.#end(otherwise), this.#start(close), draft);
    }
    this.#mark(close, draft);
    return {
      kind: 'draft if',
      condition: condition === -1 ? this.#invalid(intro) : this.#expression(condition),
      then,
      else: elseParts,
      span,
    };
  }

  #draftFor(node: number, draft: Draft): DraftPart {
    const span = this.#span(node);
    const open = this.#child(node, KIND.template_for_start);
    const close = this.#child(node, KIND.template_for_end);
    const collection = open === -1 ? -1 : this.#child(open, KIND.expression);
    const names = open === -1 ? [] : this.#children(open, KIND.identifier).map((name) => this.#name(name));
    const valueName = names.at(-1);
    if (close === -1 || collection === -1 || valueName === undefined) {
      return { kind: 'interpolation', value: this.#invalid(node), span };
    }
    this.#mark(open, draft);
    const parts = this.#draft(this.#endOfSubtree(open), close, this.#end(open), this.#start(close), draft);
    this.#mark(close, draft);
    return {
      kind: 'draft for',
      keyName: names.length > 1 ? (names[0] as string) : null,
      valueName,
      collection: this.#expression(collection),
      parts,
      span,
    };
  }

  /** Final parts: neighbouring pieces joined. One trimmed to nothing stays: `" ${~ 1 ~} "` is a text, not a number. */
  #finish(draft: readonly DraftPart[]): TemplatePart[] {
    const parts: TemplatePart[] = [];
    let text: { -readonly [Key in keyof TemplateText]: TemplateText[Key] } | null = null;
    for (const part of draft) {
      if (part.kind === 'piece') {
        if (text === null) {
          const span = { file: this.#file, start: part.start, end: part.end };
          text = { kind: 'text', value: part.value, span };
          parts.push(text);
        } else {
          text.value += part.value;
          text.span = { ...text.span, end: part.end };
        }
        continue;
      }
      text = null;
      switch (part.kind) {
        case 'interpolation':
          parts.push(part);
          break;
        case 'draft if': {
          const then = this.#finish(part.then);
          parts.push({ ...part, kind: 'if', then, else: this.#finish(part.else) });
          break;
        }
        case 'draft for':
          parts.push({ ...part, kind: 'for', parts: this.#finish(part.parts) });
          break;
      }
    }
    return parts;
  }
}

interface Draft {
  /** All pieces and marks in source order, across nested directives, as trimming needs them. */
  readonly flat: (Piece | Sequence)[];
  readonly escapes: boolean;
  readonly byLine: boolean;
}

type DraftPart =
  | Piece
  | Extract<TemplatePart, { kind: 'interpolation' }>
  | {
      readonly kind: 'draft if';
      readonly condition: Expression;
      readonly then: readonly DraftPart[];
      readonly else: readonly DraftPart[];
      readonly span: Span;
    }
  | {
      readonly kind: 'draft for';
      readonly keyName: string | null;
      readonly valueName: string;
      readonly collection: Expression;
      readonly parts: readonly DraftPart[];
      readonly span: Span;
    };

/** A key's own text: HCL reads a bare word as a name even where it is `true` or `null`. */
function keyName(key: Expression, source: string): string | null {
  if (key.kind === 'traversal') return key.steps.length === 0 ? key.root : null;
  if (key.kind === 'literal' && typeof key.value !== 'number')
    return source.slice(key.span.start, key.span.end);
  if (key.kind !== 'template') return null;
  let text = '';
  for (const part of key.parts) {
    if (part.kind !== 'text') return null;
    text += part.value;
  }
  return text;
}
