import type { SourceFile, Span } from '../source/source-file.js';
/** One parsed file: its body, its comments and what the parser could not read. */
export interface ParsedFile {
    readonly file: SourceFile;
    readonly body: Body;
    readonly comments: readonly Comment[];
    /** Places that this parser could not read; reading went on behind them. */
    readonly problems: readonly SyntaxProblem[];
    /**
     * Why HCL's own parser must judge the file: its tree has errors, or it holds one of the shapes that
     * the grammar accepts and HCL refuses. Null when the file needs no judge. Always null for `.tf.json`.
     */
    readonly doubt: string | null;
}
/** Whether the syntax of a file may be other than Terraform's. */
export declare function isInDoubt({ doubt, problems }: ParsedFile): boolean;
/** Problems of one file beyond these tell nobody anything. */
export declare const MAX_PROBLEMS = 50;
/** A syntax error with its place, or why it could not be found out whether there is one. */
export interface SyntaxProblem {
    readonly span: Span;
    readonly summary: string;
    readonly detail: string;
    /** True when the file may be valid: it was given up before that was known. */
    readonly unverified?: boolean;
}
/** A comment, span without line break (nor the CR of a CRLF file). */
export interface Comment {
    readonly span: Span;
    readonly style: '#' | '//' | '/*';
    /** Text without the comment marks, trimmed. */
    readonly text: string;
}
/** What stands in a file or between the braces of a block, in source order. */
export interface Body {
    readonly span: Span;
    readonly items: readonly BodyItem[];
    /** True below a `.tf.json` file, where an object may be a nested block or a value: see `nestedBlocks`. */
    readonly json: boolean;
}
/** What stands in a body. */
export type BodyItem = Argument | Block;
/** `name = value`. */
export interface Argument {
    readonly kind: 'argument';
    readonly name: string;
    readonly nameSpan: Span;
    readonly value: Expression;
    readonly span: Span;
}
/** `type "label" "label" { … }`. */
export interface Block {
    readonly kind: 'block';
    readonly type: string;
    readonly typeSpan: Span;
    readonly labels: readonly Label[];
    readonly body: Body;
    /** From the type to the last label: where findings about the block as a whole point. */
    readonly headerSpan: Span;
    /** From the type to behind the closing brace. */
    readonly span: Span;
}
/** A block label; `span` includes the quotes. */
export interface Label {
    readonly text: string;
    readonly span: Span;
}
/** Any HCL expression. `span` covers it exactly, without surrounding space. */
export type Expression = Literal | Template | Traversal | Access | Call | Unary | Binary | Conditional | Parens | Tuple | ObjectExpression | For | Invalid;
/** `true`, `12`, `null`; a quoted string without interpolation is a `Template` with at most one text part. */
interface Literal {
    readonly kind: 'literal';
    readonly value: number | boolean | null;
    readonly span: Span;
}
/** `"text ${expression}"` or a heredoc. */
export interface Template {
    readonly kind: 'template';
    readonly form: 'quoted' | 'heredoc';
    readonly parts: readonly TemplatePart[];
    readonly span: Span;
}
/** What a template is put together from. */
export type TemplatePart = TemplateText | TemplateInterpolation | TemplateIf | TemplateFor;
/** Literal text of a template, escapes resolved, `<<-` indentation and `~` trimming already taken off. */
export interface TemplateText {
    readonly kind: 'text';
    readonly value: string;
    readonly span: Span;
}
/** `${value}`; `span` includes the marks. */
interface TemplateInterpolation {
    readonly kind: 'interpolation';
    readonly value: Expression;
    readonly span: Span;
}
/** `%{ if condition }…%{ else }…%{ endif }`. */
export interface TemplateIf {
    readonly kind: 'if';
    readonly condition: Expression;
    readonly then: readonly TemplatePart[];
    readonly else: readonly TemplatePart[];
    readonly span: Span;
}
/** `%{ for key, value in collection }…%{ endfor }`. */
export interface TemplateFor {
    readonly kind: 'for';
    readonly keyName: string | null;
    readonly valueName: string;
    readonly collection: Expression;
    readonly parts: readonly TemplatePart[];
    readonly span: Span;
}
/** A name and the steps behind it: `data.coder_task.me.prompt`, `module.x[0].id`, `var.list[*].name`. */
export interface Traversal {
    readonly kind: 'traversal';
    readonly root: string;
    readonly rootSpan: Span;
    readonly steps: readonly Step[];
    readonly span: Span;
}
/** Steps behind any other expression: `f(x).name`, `(a)[0]`. */
interface Access {
    readonly kind: 'access';
    readonly target: Expression;
    readonly steps: readonly Step[];
    readonly span: Span;
}
/** One step of a traversal; `span` includes the dot or the brackets. */
export type Step = {
    readonly kind: 'attribute';
    readonly name: string;
    readonly span: Span;
}
/** `[key]`, and the legacy `.0` with a number literal as key. */
 | {
    readonly kind: 'index';
    readonly key: Expression;
    readonly span: Span;
}
/** `[*]` (full) applies all later steps to each element; `.*` (attribute) only the attribute and legacy index steps behind it. */
 | {
    readonly kind: 'splat';
    readonly full: boolean;
    readonly span: Span;
};
/** `name(arguments…)`; provider functions keep their full name (`provider::coder::x`). */
export interface Call {
    readonly kind: 'call';
    readonly name: string;
    readonly nameSpan: Span;
    readonly arguments: readonly Expression[];
    /** True when the last argument is followed by `...`. */
    readonly expandsLast: boolean;
    readonly span: Span;
}
interface Unary {
    readonly kind: 'unary';
    readonly operator: '!' | '-';
    readonly operand: Expression;
    readonly span: Span;
}
/** An operator between two operands. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||';
interface Binary {
    readonly kind: 'binary';
    readonly operator: BinaryOperator;
    readonly left: Expression;
    readonly right: Expression;
    readonly span: Span;
}
/** `a ? b : c`. */
export interface Conditional {
    readonly kind: 'conditional';
    readonly condition: Expression;
    readonly then: Expression;
    readonly else: Expression;
    readonly span: Span;
}
interface Parens {
    readonly kind: 'parens';
    readonly inner: Expression;
    readonly span: Span;
}
/** `[a, b]`. */
interface Tuple {
    readonly kind: 'tuple';
    readonly elements: readonly Expression[];
    readonly span: Span;
}
/** `{ key = value }`. */
export interface ObjectExpression {
    readonly kind: 'object';
    readonly entries: readonly ObjectEntry[];
    readonly span: Span;
}
/** One entry of an object; a bare identifier as key is a literal name, `(key)` an expression. */
export interface ObjectEntry {
    readonly key: Expression;
    /** The key's text where it is a bare name or a quoted string without interpolation, else null. */
    readonly name: string | null;
    readonly value: Expression;
    /** From the key to the end of the value, without a comma. */
    readonly span: Span;
}
/** `[for v in c : e if x]` or `{for k, v in c : k => v... if x}`. */
export interface For {
    readonly kind: 'for';
    readonly form: 'tuple' | 'object';
    readonly keyName: string | null;
    readonly valueName: string;
    readonly collection: Expression;
    /** Result key, for the object form only. */
    readonly key: Expression | null;
    readonly value: Expression;
    /** True for `value...`, which groups the values of equal keys. */
    readonly groups: boolean;
    readonly condition: Expression | null;
    readonly span: Span;
}
/** Text that is no expression; evaluation and references treat it as unknown. */
export interface Invalid {
    readonly kind: 'invalid';
    readonly span: Span;
}
/** The arguments of a body, in source order. */
export declare function argumentsOf(body: Body): Argument[];
/** The argument of that name, or undefined; a repeated name yields the first. */
export declare function argumentNamed(body: Body, name: string): Argument | undefined;
/**
 * The nested blocks of that type. In `.tf.json` a nested block is an object or a list of objects, which
 * only the reader's knowledge of the type tells from a value: this function is that knowledge.
 */
export declare function nestedBlocks(body: Body, type: string): Block[];
/** Whether a `dynamic` block generates nested blocks of a type. JSON writes the type as a key, not as a label. */
export declare function hasDynamic(body: Body, type: string): boolean;
/** Whether an expression is `null` as it is written. */
export declare function isNull(expression: Expression): boolean;
/** The text of an expression that is a string without interpolation (quoted, heredoc or in parentheses), else null. */
export declare function literalString(expression: Expression | undefined): string | null;
/** Calls `visit` for an expression and every expression inside it, outermost first, in source order. */
export declare function walkExpression(expression: Expression, visit: (expression: Expression) => void): void;
/** Calls `visit` for every expression of a body, nested blocks included. */
export declare function walkBody(body: Body, visit: (expression: Expression) => void): void;
/** The direct parts of an expression that are expressions themselves, in source order. */
export declare function childrenOf(expression: Expression): readonly Expression[];
export {};
