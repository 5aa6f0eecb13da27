import type {
  BinaryOperator,
  Call,
  Conditional,
  Expression,
  For,
  ObjectEntry,
  Step,
  TemplateFor,
  TemplateIf,
  TemplatePart,
} from '../hcl/syntax.ts';
import { textOf } from '../source/source-file.ts';
import { arithmetic } from './arithmetic.ts';
import { convertValue, refuseMixture, unifyValues } from './convert.ts';
import { areEqual } from './equality.ts';
import { callFunction } from './functions.ts';
import { compareNumbers, entriesInOrder, inOrder } from './order.ts';
import { isSure, sameType, type Type } from './type.ts';
import {
  approximately,
  asBool,
  asString,
  bool,
  FALSE,
  firstUnknown,
  invalid,
  isInvalid,
  isWhollyKnown,
  list,
  nearOf,
  number,
  numberFromText,
  object,
  partsOf,
  string,
  TRUE,
  typeOf,
  unknown,
  unknownFrom,
  type Value,
} from './value.ts';

/** What names mean where an expression stands; the module tree implements it, see scope.ts. */
export interface Scope {
  /**
   * The value of a traversal's head and how many of its steps were used up; the rest is applied by the
   * evaluator. Asked only for names that no `for` expression around binds. Returns null for a name that
   * cannot stand there.
   */
  resolve(root: string, steps: readonly Step[], key: (step: Step) => Value): Resolved | null;
}

/** What a name is worth with so many of the steps behind it. */
export interface Resolved {
  readonly value: Value;
  readonly used: number;
}

/** What is left to spend on all evaluations that share it; each of them has a limit of its own besides. */
export interface Effort {
  steps: number;
}

/** Enough for every expression of a real template, many times over. */
export function createEffort(): Effort {
  return { steps: LIMITS.allSteps };
}

/** The value of an expression in a scope: known, or unknown with the reason. Never throws; bounded in time and size. */
export function evaluate(expression: Expression, scope: Scope, effort: Effort = createEffort()): Value {
  const outermost = running === null;
  running ??= new Budget(effort);
  try {
    return evaluateIn(expression, { scope, bindings: null, budget: running, doubts: { count: 0 } });
  } finally {
    if (outermost) running = null;
  }
}

/** Templates are untrusted: a few lines of nested `for` or of locals that double each other would run forever. */
const LIMITS = {
  steps: 100_000,
  allSteps: 1_000_000,
  depth: 300,
  weight: 100_000,
  nesting: 100,
  text: 1 << 20,
};

/** What one evaluation may cost, with all that its scope evaluates on the way. */
class Budget {
  depth = 0;
  #steps = LIMITS.steps;
  readonly #effort: Effort;

  constructor(effort: Effort) {
    this.#effort = effort;
  }

  /** Takes steps off; false when none are left. */
  readonly charge = (steps: number): boolean => {
    this.#steps -= steps;
    this.#effort.steps -= steps;
    return this.#steps >= 0 && this.#effort.steps >= 0;
  };
}

let running: Budget | null = null;

/** One bound name; the ones around it follow, so that a loop binds without copying. */
interface Binding {
  readonly name: string;
  readonly value: Value;
  readonly outer: Binding | null;
}

interface Context {
  readonly scope: Scope;
  /** What the `for` expressions around bind. */
  readonly bindings: Binding | null;
  readonly budget: Budget;
  /** How many parts of the expression were unknown so far; each may be one that fails. */
  readonly doubts: { count: number };
}

type Evaluators = {
  readonly [Kind in Expression['kind']]: (
    expression: Extract<Expression, { kind: Kind }>,
    context: Context,
  ) => Value;
};

const EVALUATORS: Evaluators = {
  literal: ({ value, span }) => {
    if (value === null) return { kind: 'null', type: 'any' };
    if (typeof value === 'boolean') return bool(value);
    // The text says whether the digits survived in the double.
    return numberFromText(textOf(span)) ?? number(value);
  },
  template: ({ parts }, context) => {
    const [only] = parts;
    // A template that is nothing but one interpolation passes the value on as it is.
    if (parts.length === 1 && only?.kind === 'interpolation') return evaluateIn(only.value, context);
    return joinParts(parts, context);
  },
  traversal: ({ root, steps, span }, context) => {
    const bound = boundValue(root, context.bindings);
    if (bound !== undefined) return applySteps(bound, steps, context);
    const resolved = context.scope.resolve(root, steps, (step) => keyOf(step, context));
    if (resolved === null) return invalid(`"${root}" cannot stand here`, span);
    return applySteps(bounded(resolved.value), steps.slice(resolved.used), context);
  },
  access: ({ target, steps }, context) => applySteps(evaluateIn(target, context), steps, context),
  call: evaluateCall,
  unary: ({ operator, operand }, context) => {
    const type = operator === '!' ? 'bool' : 'number';
    const value = convertOperand(evaluateIn(operand, context), type);
    if (value.kind === 'bool') return bool(!value.value);
    return value.kind === 'number' ? number(-value.value) : negateNear(value);
  },
  binary: (expression, context) => {
    const left = evaluateIn(expression.left, context);
    const right = evaluateIn(expression.right, context);
    return OPERATORS[expression.operator](left, right);
  },
  conditional: evaluateConditional,
  parens: ({ inner }, context) => evaluateIn(inner, context),
  tuple: ({ elements }, context) => {
    const values = elements.map((element) => evaluateIn(element, context));
    return failureIn(values) ?? list(values, 'tuple');
  },
  object: ({ entries }, context) => evaluateObject(entries, context),
  for: evaluateFor,
  invalid: ({ span }) => unknown('it is no expression', span),
};

function evaluateIn(expression: Expression, context: Context): Value {
  const { budget } = context;
  if (budget.depth >= LIMITS.depth || !budget.charge(1)) return tooLarge(expression);
  budget.depth++;
  const evaluator = EVALUATORS[expression.kind] as (expression: Expression, context: Context) => Value;
  const value = located(bounded(evaluator(expression, context)), expression);
  budget.depth--;
  if (value.kind === 'unknown' && !value.reason.error) context.doubts.count++;
  return value;
}

function tooLarge(expression?: Expression): Value {
  return unknown('it is too large to evaluate', expression?.span ?? null);
}

/** Gives a reason without a place the place of the expression that it comes from. */
function located(value: Value, { span }: Expression): Value {
  if (value.kind !== 'unknown' || value.reason.span !== null) return value;
  return { ...value, reason: { ...value.reason, span } };
}

interface Size {
  readonly weight: number;
  readonly nesting: number;
}

const sizes = new WeakMap<Value, Size>();

/**
 * The value, unless it is too large to go on with. Values share parts, so that a value of a few nodes in
 * memory may be endless for whoever walks it: here each part counts as often as it is met.
 */
function bounded(value: Value): Value {
  if (value.kind === 'string') return value.value.length > LIMITS.text ? tooLarge() : value;
  const { weight, nesting } = sizeOf(value);
  return weight > LIMITS.weight || nesting > LIMITS.nesting ? tooLarge() : value;
}

function sizeOf(value: Value): Size {
  if (value.kind === 'string') return { weight: 1 + value.value.length / 16, nesting: 0 };
  if (value.kind !== 'list' && value.kind !== 'set' && value.kind !== 'object')
    return { weight: 1, nesting: 0 };
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let weight = 1;
  let nesting = 0;
  for (const part of partsOf(value)) {
    const size = sizeOf(part);
    weight += size.weight;
    nesting = Math.max(nesting, size.nesting);
  }
  const size = { weight, nesting: nesting + 1 };
  sizes.set(value, size);
  return size;
}

/** The first value that Terraform refuses; the collection or text around it is refused with it. */
function failureIn(values: readonly Value[], type: Type = 'unsure'): Value | undefined {
  const failure = values.find(isInvalid);
  return failure && unknownFrom(failure, type);
}

/** A value as an operator takes it: converted, and never null. */
function convertOperand(value: Value, type: 'bool' | 'number' | 'string'): Value {
  const converted =
    value.kind === 'null' ? invalid(`a ${type} is required and null is given`) : convertValue(value, type);
  if (nearOf(converted) !== null) return converted;
  // A failed operand leaves the type of the operator's result certain (hclsyntax, BinaryOpExpr.Value).
  return converted.kind === 'unknown' ? unknownFrom(converted, type) : converted;
}

function negateNear(value: Value): Value {
  const near = nearOf(value);
  return near === null ? value : approximately(-near);
}

type Operator = (left: Value, right: Value) => Value;

const OPERATORS: Record<BinaryOperator, Operator> = {
  '+': calculation('+'),
  '-': calculation('-'),
  '*': calculation('*'),
  '/': calculation('/'),
  '%': calculation('%'),
  '==': (left, right) => equality(left, right, (equal) => equal),
  '!=': (left, right) => equality(left, right, (equal) => !equal),
  '<': comparison((order) => order < 0),
  '<=': comparison((order) => order <= 0),
  '>': comparison((order) => order > 0),
  '>=': comparison((order) => order >= 0),
  '&&': logic(FALSE),
  '||': logic(TRUE),
};

function calculation(operator: '+' | '-' | '*' | '/' | '%'): Operator {
  return numeric('number', (left, right) => arithmetic[operator](left, right));
}

function comparison(holds: (order: number) => boolean): Operator {
  return numeric('bool', (left, right) => {
    const order = compareNumbers(left, right);
    return order === null
      ? unknown('the numbers are too close to tell apart', null, 'bool')
      : bool(holds(order));
  });
}

function numeric(type: Type, compute: (left: Value, right: Value) => Value): Operator {
  return (left, right) => {
    const operands = [convertOperand(left, 'number'), convertOperand(right, 'number')];
    const [a, b] = operands as [Value, Value];
    const open = operands.find((operand) => nearOf(operand) === null);
    return failureIn(operands, type) ?? (open === undefined ? compute(a, b) : unknownFrom(open, type));
  };
}

function equality(left: Value, right: Value, answer: (equal: boolean) => boolean): Value {
  const failure = failureIn([left, right], 'bool');
  if (failure !== undefined) return failure;
  const equal = areEqual(left, right);
  if (equal !== null) return bool(answer(equal));
  const open = firstUnknown(left) ?? firstUnknown(right);
  return open === null
    ? unknown('the two sides are not known well enough to compare them', null, 'bool')
    : unknownFrom(open, 'bool');
}

/**
 * `&&` and `||`. The operand that decides, decides whatever an unknown other one turns out to be. When
 * the other fails, Terraform up to 1.11 fails and later ones may not look at it: unknown.
 */
function logic(deciding: Value): Operator {
  return (left, right) => {
    const a = convertOperand(left, 'bool');
    const b = convertOperand(right, 'bool');
    const isDecided = areEqual(a, deciding) === true || areEqual(b, deciding) === true;
    const failure = failureIn([a, b], 'bool');
    if (isDecided) {
      return failure === undefined
        ? deciding
        : unknown('one operand decides and the other fails', null, 'bool');
    }
    return failure ?? [a, b].find((value) => value.kind === 'unknown') ?? bool(deciding === FALSE);
  };
}

function evaluateConditional({ condition, then, else: otherwise }: Conditional, context: Context): Value {
  const decided = evaluateIn(condition, context);
  const before = context.doubts.count;
  const [first, second] = [evaluateIn(then, context), evaluateIn(otherwise, context)];
  return choose(decided, first, second, context.doubts.count > before);
}

/**
 * Picks a branch and converts it to the type that both have in common: `true ? 1 : "a"` is "1". A failing
 * branch that is not picked does no harm, and so the two need nothing in common where one is in doubt.
 */
function choose(condition: Value, then: Value, otherwise: Value, isDoubtful: boolean): Value {
  const decided = convertOperand(condition, 'bool');
  const type = typeInCommon(then, otherwise);
  if (type === null) {
    const text = 'the two results of the conditional have no type in common';
    const refused = refuseMixture([then, otherwise], text);
    return isDoubtful && isInvalid(refused) ? unknown('a part of one result might fail') : refused;
  }
  // What type a failed branch leaves behind depends on how it failed.
  const certain = isInvalid(then) || isInvalid(otherwise) ? 'unsure' : type;
  if (isInvalid(decided)) return unknownFrom(decided, certain);
  if (decided.kind === 'bool') {
    return decided.value ? convertBranch(then, otherwise, type) : convertBranch(otherwise, then, type);
  }
  const first = convertBranch(then, otherwise, type);
  const second = convertBranch(otherwise, then, type);
  if (isInvalid(first) && isInvalid(second)) return first;
  const isSame = isWhollyKnown(first) && isWhollyKnown(second) && areEqual(first, second) === true;
  return isSame ? first : unknownFrom(decided, certain);
}

/** A bare null, or a branch that fails, leaves the other as it is. */
function typeInCommon(a: Value, b: Value): Type | null {
  if (typeOf(a) === 'any') return typeOf(b);
  return typeOf(b) === 'any' ? typeOf(a) : unifyValues([a, b]);
}

function convertBranch(value: Value, other: Value, type: Type): Value {
  if (isInvalid(value) || typeOf(other) === 'any') return value;
  // Were the other to fail, it would leave no type behind, and 1 would not become "1".
  if (type === 'string' && other.kind === 'unknown' && (value.kind === 'number' || value.kind === 'bool'))
    return unknown('the other result may be a text, or fail');
  if (type !== 'unsure') return convertValue(value, type);
  const areKnown = isWhollyKnown(value) && isWhollyKnown(other);
  if (isInvalid(other) || areKnown || (isSure(typeOf(value)) && isSure(typeOf(other)))) {
    return unknown('how the types of the two results are brought together is not evaluated');
  }
  // Which of list and tuple, map and object the two are is not known, but an empty one changes no element.
  if (value.kind === 'list' && other.kind === 'list') {
    return list(
      other.elements.length === 0
        ? value.elements
        : value.elements.map((element) => convertValue(element, type)),
    );
  }
  return value.kind === 'object' && other.kind === 'object' && other.entries.size === 0
    ? object(value.entries)
    : convertValue(value, type);
}

function joinParts(parts: readonly TemplatePart[], context: Context): Value {
  return joinTexts(parts.map((part) => valueOfPart(part, context)));
}

/** Texts put together; a null or a collection among them fails. */
function joinTexts(values: readonly Value[]): Value {
  const texts = values.map((value) => convertOperand(value, 'string'));
  const failure = failureIn(texts, 'string');
  if (failure !== undefined) return failure;
  let joined = '';
  for (const text of texts) {
    if (text.kind === 'unknown') return text;
    joined += asString(text) ?? '';
    if (joined.length > LIMITS.text) return tooLarge();
  }
  return string(joined);
}

function valueOfPart(part: TemplatePart, context: Context): Value {
  switch (part.kind) {
    case 'text':
      return string(part.value);
    case 'interpolation':
      return evaluateIn(part.value, context);
    case 'if':
      return valueOfIf(part, context);
    case 'for':
      return valueOfForPart(part, context);
  }
}

function valueOfIf(part: TemplateIf, context: Context): Value {
  const condition = evaluateIn(part.condition, context);
  // Both sides are texts, which have a type in common.
  return choose(condition, joinParts(part.then, context), joinParts(part.else, context), false);
}

function valueOfForPart(part: TemplateFor, context: Context): Value {
  const pairs = pairsOf(evaluateIn(part.collection, context));
  if (!Array.isArray(pairs)) return pairs;
  const texts: Value[] = [];
  for (const pair of pairs) {
    if (!context.budget.charge(1)) return tooLarge();
    texts.push(joinParts(part.parts, bind(context, part, pair)));
  }
  return joinTexts(texts);
}

function evaluateObject(entries: readonly ObjectEntry[], context: Context): Value {
  const values = new Map<string, Value>();
  const failures: Value[] = [];
  let openKey: Value | null = null;
  for (const { key, name, value } of entries) {
    const keyValue = name !== null ? string(name) : convertOperand(evaluateIn(key, context), 'string');
    const entry = evaluateIn(value, context);
    if (keyValue.kind === 'string') values.set(keyValue.value, entry);
    else openKey ??= keyValue;
    failures.push(keyValue, entry);
  }
  const failure = failureIn(failures);
  if (failure !== undefined) return failure;
  return openKey === null ? object(values, 'object') : unknownFrom(openKey, 'unsure');
}

interface Pair {
  readonly key: Value;
  readonly value: Value;
}

/** What `for` iterates over, in Terraform's order; a value instead where it cannot or where that is not known. */
function pairsOf(collection: Value): Pair[] | Value {
  switch (collection.kind) {
    case 'unknown':
      return unknownFrom(collection, collection.reason.error ? 'any' : 'unsure');
    case 'list':
      return collection.elements.map((value, at) => ({ key: number(at), value }));
    case 'set': {
      const open = firstUnknown(collection);
      if (open !== null) return unknownFrom(open, 'unsure');
      const elements = inOrder(collection);
      return (
        elements?.map((value) => ({ key: value, value })) ?? unknown('the order of such a set is not known')
      );
    }
    case 'object':
      return entriesInOrder(collection).map(([key, value]) => ({ key: string(key), value }));
    default:
      return invalid('only lists, sets, maps and objects can be iterated over');
  }
}

function bind(
  context: Context,
  { keyName, valueName }: { keyName: string | null; valueName: string },
  pair: Pair,
): Context {
  const { bindings } = context;
  const outer = keyName === null ? bindings : { name: keyName, value: pair.key, outer: bindings };
  return { ...context, bindings: { name: valueName, value: pair.value, outer } };
}

function boundValue(name: string, innermost: Binding | null): Value | undefined {
  for (let at = innermost; at !== null; at = at.outer) if (at.name === name) return at.value;
  return undefined;
}

function evaluateFor(expression: For, context: Context): Value {
  const pairs = pairsOf(evaluateIn(expression.collection, context));
  if (!Array.isArray(pairs)) return pairs;
  const { condition, key, value } = expression;
  const open = unknown('it stands for any element');
  const trialContext = { ...context, doubts: { count: 0 } };
  // Terraform tries the condition on an unknown element first, so that it fails on an empty list too.
  const trial =
    condition && evaluateIn(condition, bind(trialContext, expression, { key: open, value: open }));
  const tried = trial && convertOperand(trial, 'bool');
  if (tried !== null && isInvalid(tried)) return unknownFrom(tried, 'any');
  const picked: Pair[] = [];
  for (const pair of pairs) {
    const inner = bind(context, expression, pair);
    const included = condition === null ? TRUE : convertOperand(evaluateIn(condition, inner), 'bool');
    if (included.kind === 'unknown') return unknownFrom(included, isInvalid(included) ? 'any' : 'unsure');
    if (asBool(included) === false) continue;
    const picking = {
      key: key === null ? pair.key : convertOperand(evaluateIn(key, inner), 'string'),
      value: evaluateIn(value, inner),
    };
    const failure = failureIn([picking.key, picking.value]);
    if (failure !== undefined) return failure;
    picked.push(picking);
    if (!context.budget.charge(1)) return tooLarge(expression);
  }
  if (expression.form === 'tuple') {
    return list(
      picked.map(({ value }) => value),
      'tuple',
    );
  }
  const openKey = picked.find((pair) => pair.key.kind === 'unknown')?.key;
  if (openKey !== undefined) return unknownFrom(openKey, 'unsure');
  return expression.groups ? groupedObject(picked) : plainObject(picked);
}

function plainObject(pairs: readonly Pair[]): Value {
  const entries = new Map<string, Value>();
  let repeated: string | null = null;
  for (const { key, value } of pairs) {
    const name = asString(key) ?? '';
    if (entries.has(name)) repeated ??= name;
    else entries.set(name, value);
  }
  const result = object(entries, 'object');
  if (repeated === null) return result;
  // It fails with the type of what it would have been (hclsyntax, ForExpr.Value).
  const failure = invalid(`two results of the for expression have the key "${repeated}"`);
  return unknownFrom(failure, typeOf(result));
}

function groupedObject(pairs: readonly Pair[]): Value {
  const groups = new Map<string, Value[]>();
  for (const { key, value } of pairs) {
    const name = asString(key) ?? '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return object(
    [...groups].map(([name, values]) => [name, list(values, 'tuple')] as const),
    'object',
  );
}

function keyOf(step: Step, context: Context): Value {
  if (step.kind === 'index') return evaluateIn(step.key, context);
  return step.kind === 'attribute' ? string(step.name) : unknown('a splat is no key', step.span);
}

function applySteps(value: Value, steps: readonly Step[], context: Context): Value {
  let current = value;
  for (const [at, step] of steps.entries()) {
    if (!context.budget.charge(1)) return tooLarge();
    if (step.kind === 'splat') return applySplat(current, step.full, steps.slice(at + 1), context);
    current = pick(current, keyOf(step, context), step);
  }
  return current;
}

/**
 * `[*]` takes all steps behind it along to each element, `.*` those that begin with a dot. Anything that is no
 * list, set or tuple is taken for a list of one, and null for an empty one.
 */
function applySplat(source: Value, full: boolean, steps: readonly Step[], context: Context): Value {
  if (source.kind === 'unknown') return withoutType(source);
  if (source.kind === 'null') {
    const problem = nullAsList(typeOf(source));
    return problem ?? applySteps(list([], 'tuple'), full ? [] : behindDots(steps), context);
  }
  const elements = source.kind === 'list' || source.kind === 'set' ? inOrder(source) : [source];
  if (elements === null) return unknown('the order of such a set is not known');
  if (source.kind === 'set' && !isWhollyKnown(source)) return unknownFrom(source, 'unsure');
  const rest = full ? [] : behindDots(steps);
  const inner = steps.slice(0, steps.length - rest.length);
  const results = elements.map((element) => applySteps(element, inner, context));
  const shape = source.kind === 'list' ? source.shape : source.kind === 'set' ? 'list' : 'tuple';
  if (elements.length === 0 && inner.length > 0) {
    const key = shape === 'tuple' ? undefined : inner.map((step) => keyOf(step, context)).find(isInvalid);
    if (key !== undefined) return unknownFrom(key, 'any');
    const trial = typeBehind(elementTypeIn(source), inner);
    if (trial === null) return invalid('the elements of the empty list have no such part');
    if (trial === 'unsure') return unknown('what the empty list would hold is not known');
  }
  // Splats inside make tuples of several lengths, which no list holds.
  const isNested = shape !== 'tuple' && inner.some((step) => step.kind === 'splat');
  const [first, ...others] = isNested ? results.map(typeOf) : [];
  if (others.some((type) => sameType(type, first as Type) !== true))
    return unknown('what a list of several types becomes is not evaluated');
  return applySteps(failureIn(results) ?? list(results, shape), rest, context);
}

/** What a list or set that is empty would hold; a tuple holds nothing that steps could fail on. */
function elementTypeIn(source: Value): Type {
  const type = typeOf(source);
  return typeof type === 'object' && (type.kind === 'list' || type.kind === 'set') ? type.element : 'any';
}

/**
 * The type that steps lead to from a value of a type. Terraform takes them on an empty list too: null where
 * it refuses them, `unsure` where that is not certain.
 */
function typeBehind(type: Type, steps: readonly Step[]): Type | null {
  const [step, ...rest] = steps;
  if (step === undefined || type === 'any' || type === 'unsure') return type;
  if (step.kind === 'splat') return 'unsure';
  if (typeof type === 'string') return null;
  if (step.kind === 'index') return 'unsure';
  if (type.kind === 'map') return typeBehind(type.element, rest);
  const attribute = type.kind === 'object' ? type.attributes.get(step.name) : undefined;
  return attribute === undefined ? null : typeBehind(attribute, rest);
}

/** Only a null that is no list stands for none; `null` of a list type is refused (hclsyntax, SplatExpr.Value). */
function nullAsList(type: Type): Value | null {
  if (type === 'unsure') return unknown('whether a null is a list is not known');
  const isList = typeof type === 'object' && ['list', 'set', 'tuple'].includes(type.kind);
  return isList ? invalid('a splat is applied to a null list') : null;
}

/** The steps behind attributes and legacy indices: `.*.a.0[1]` is `([*].a[0])[1]`. */
function behindDots(steps: readonly Step[]): readonly Step[] {
  const end = steps.findIndex(
    (step) => step.kind === 'splat' || (step.kind === 'index' && textOf(step.span).startsWith('[')),
  );
  return end === -1 ? [] : steps.slice(end);
}

function withoutType(value: Value & { kind: 'unknown' }): Value {
  return { kind: 'unknown', reason: value.reason };
}

/** One step into a collection, by attribute name or by index. */
function pick(collection: Value, key: Value, step: Step): Value {
  if (collection.kind === 'unknown') return withoutType(collection);
  if (isInvalid(key)) return unknownFrom(key, 'any');
  if (collection.kind === 'list' && step.kind === 'index') return pickElement(collection.elements, key, step);
  if (collection.kind === 'object') return pickEntry(collection.entries, key, step);
  return invalid(
    collection.kind === 'null'
      ? 'null has no attributes or elements'
      : 'a value of this type has no such part',
    step.span,
  );
}

function pickElement(elements: readonly Value[], key: Value, { span }: Step): Value {
  const index = convertOperand(key, 'number');
  if (index.kind !== 'number') return unknownFrom(index, isInvalid(index) ? 'any' : 'unsure');
  return elements[index.value] ?? invalid(`there is no element ${index.value}`, span);
}

function pickEntry(entries: ReadonlyMap<string, Value>, key: Value, { span }: Step): Value {
  const name = convertOperand(key, 'string');
  if (name.kind !== 'string') return unknownFrom(name, isInvalid(name) ? 'any' : 'unsure');
  return entries.get(name.value) ?? invalid(`there is no attribute or key "${name.value}"`, span);
}

function evaluateCall(call: Call, context: Context): Value {
  const name = call.name.replace(/^core::/, '');
  if (name === 'try' || name === 'can') {
    if (call.expandsLast) return unknown(`"..." in ${name} is not evaluated`);
    return name === 'try' ? evaluateTry(call, context) : evaluateCan(call, context);
  }
  const values = call.arguments.map((argument) => evaluateIn(argument, context));
  const failure = failureIn(values, 'any');
  if (failure !== undefined) return failure;
  const expanded = call.expandsLast ? expandLast(values) : values;
  if (!Array.isArray(expanded)) return expanded;
  const weight = expanded.reduce((total, value) => total + sizeOf(value).weight, 0);
  if (!context.budget.charge(weight)) return tooLarge(call);
  return callFunction(name, expanded, context.budget.charge);
}

/** Arguments with the last one spread (`f(list...)`), or a value where that fails or is not known. */
function expandLast(values: readonly Value[]): Value[] | Value {
  const last = values.at(-1);
  if (last === undefined) return invalid('"..." needs an argument before it');
  if (last.kind === 'unknown') return withoutType(last);
  if (last.kind !== 'list' && last.kind !== 'set')
    return invalid('only a list or set can be expanded with "..."');
  const elements = inOrder(last);
  if (elements === null || (last.kind === 'set' && !isWhollyKnown(last))) {
    return unknown('the elements of the set before "..." are not known in order');
  }
  return [...values.slice(0, -1), ...elements];
}

/**
 * The first argument that does not fail. One that is not known might fail or not, and everything behind
 * it is open then.
 */
function evaluateTry({ arguments: candidates }: Call, context: Context): Value {
  let last: Value = invalid('try needs an argument');
  for (const candidate of candidates) {
    last = evaluateCandidate(candidate, context);
    if (isInvalid(last)) continue;
    const open = firstUnknown(last);
    return open === null ? last : unknownFrom(open, 'unsure');
  }
  return unknownFrom(last, 'any');
}

function evaluateCan({ arguments: [candidate, ...others] }: Call, context: Context): Value {
  if (candidate === undefined || others.length > 0) return invalid('can takes one argument');
  const value = evaluateCandidate(candidate, context);
  if (isInvalid(value)) return FALSE;
  const open = firstUnknown(value);
  return open === null ? TRUE : unknownFrom(open, 'bool');
}

/** The value of an argument of `try` or `can`; unknown also where only a part that it does not depend on is, as that may fail. */
function evaluateCandidate(candidate: Expression, context: Context): Value {
  const doubts = { count: 0 };
  const value = evaluateIn(candidate, { ...context, doubts });
  context.doubts.count += doubts.count;
  if (doubts.count === 0 || value.kind === 'unknown') return value;
  return unknown('a part of the argument is not known and might fail', candidate.span);
}
