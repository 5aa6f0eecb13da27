import {
  type Block,
  type Expression,
  isNull,
  literalString,
  type ObjectEntry,
  type ObjectExpression,
  type Step,
  walkBody,
  walkExpression,
} from '../hcl/syntax.ts';
import { type Span, textOf } from '../source/source-file.ts';
import type { ModuleNode } from '../terraform/load.ts';
import { type Reference, referencesTo } from '../terraform/references.ts';
import { asString } from '../terraform/value.ts';
import { buildFix, type FixBuilder, type FixOutcome, NO_FIX } from './migration-fix.ts';
import { requireProvider } from './migration-provider.ts';
import { freeName, knowsTaskData, needsOldShape } from './migration-task.ts';
import { PROVIDER_VERSIONS } from './provider-schema.ts';
import type { LineId } from './releases.ts';
import {
  type Parameter,
  PROMPT_PARAMETER_NAME,
  type Preset,
  type PromptParameter,
  type Template,
} from './template.ts';

/**
 * The `coder_task` data source of a module, added where there is none.
 * @returns its address inside the module
 */
export function taskDataIn(builder: FixBuilder, template: Template, node: ModuleNode): string {
  const known = template.taskData.find(
    ({ node: at, resource }) => at === node && resource.count === undefined && resource.forEach === undefined,
  );
  if (known !== undefined) return known.resource.address;
  const name = freeName(node, 'data.coder_task', 'me');
  const text = `data "coder_task" "${name}" {}`;
  const neighbour = neighbourIn(node);
  if (neighbour === null) builder.stop('the template has no file in native syntax');
  const { block, isInRun } = neighbour;
  // Among data sources of one line each, one more line.
  if (isInRun) builder.in(block).replace({ span: { ...block.span, start: block.span.end } }, `\n${text}`);
  else builder.in(block).insertBlock(text, { after: block });
  return `data.coder_task.${name}`;
}

/** The block behind which a data source goes, and whether it ends a run of blocks of one line each. */
interface Neighbour {
  readonly block: Block;
  readonly isInRun: boolean;
}

const neighbours = new WeakMap<ModuleNode['module'], Neighbour | null>();

/** Found once for all fixes of a module. */
function neighbourIn({ module }: ModuleNode): Neighbour | null {
  const known = neighbours.get(module);
  if (known !== undefined) return known;
  const found = findNeighbour(module);
  neighbours.set(module, found);
  return found;
}

function findNeighbour(module: ModuleNode['module']): Neighbour | null {
  const isNative = ({ span }: Block) => !span.file.path.endsWith('.json');
  const blocks = [...module.resources.values()].map(({ block }) => block);
  const place =
    ['coder_workspace', 'coder_workspace_owner', 'coder_provisioner', 'coder_ai_task', 'coder_agent']
      .map((type) => blocks.find((block) => block.labels[0]?.text === type && isNative(block)))
      .find((block) => block !== undefined) ??
    blocks.find(isNative) ??
    module.blocks.find(isNative);
  if (place === undefined) return null;
  const last = lastOfRun(place, blocks);
  return { block: last ?? place, isInRun: last !== null };
}

/** The last of the blocks of one line each that stand directly below each other; null for a block that stands alone. */
function lastOfRun(start: Block, blocks: readonly Block[]): Block | null {
  const { file } = start.span;
  const lines = new Map(
    blocks
      .filter(({ span }) => span.file === file)
      .map((block) => [file.positionAt(block.span.start).line, block]),
  );
  const isAlone = ({ span: { start, end } }: Block) => {
    const { line } = file.positionAt(start);
    const isLast = file.text.slice(end, file.offsetOfLine(line + 1)).trim() === '';
    return file.positionAt(end).line === line && isLast;
  };
  const first = file.positionAt(start.span.start).line;
  let line = first;
  for (let next = lines.get(line); next !== undefined && isAlone(next); next = lines.get(line)) line++;
  const isRun = line - first > 1 || (line > first && lines.has(first - 1));
  return isRun ? (lines.get(line - 1) ?? null) : null;
}

/** No author reads a prompt so often; the time that a fix takes grows faster than the number of its edits. */
const MAX_PLACES = 300;

/** Moves a template from an "AI Prompt" parameter to what Coder fills itself, for the lines of a target. */
export function promptParameterFix(
  template: Template,
  prompt: PromptParameter,
  target: readonly LineId[],
): FixOutcome {
  const { parameter } = prompt;
  if (parameter === null || !knowsTaskData(target)) return NO_FIX;
  if (parameter.definedBy === 'registry-module') return NO_FIX;
  // One after the other: they share presets, and Coder takes only one parameter of a name.
  if (template.promptParameters[0] !== prompt) return NO_FIX;
  if (prompt.references.length > MAX_PLACES) {
    return { fix: null, obstacle: `${prompt.address} is read in more than ${MAX_PLACES} places` };
  }
  if (needsOldShape(target)) return preferTaskPrompt(template, prompt, parameter);
  const title = prompt.references.some(isValue)
    ? `Read the prompt from data.coder_task instead of ${prompt.address}`
    : `Remove ${prompt.address}, from which nothing takes the prompt`;
  return buildFix(title, 'safe', (builder) => new PromptMove(builder, template, prompt, parameter).run());
}

/** Both the parameter and `coder_task`, so that every release since 2.24 hands over the prompt. */
function preferTaskPrompt(
  template: Template,
  { references }: PromptParameter,
  parameter: Parameter,
): FixOutcome {
  return buildFix('Prefer the prompt of data.coder_task to the parameter', 'safe', (builder) => {
    if (parameter.required === true) {
      builder.inBlock(parameter.block).setArgument(parameter.block, 'default', '""');
    }
    const isRead = template.promptWiring.fromTask.length > 0;
    const values = isRead ? [] : references.filter((reference) => isValue(reference));
    if (values.length > 0) {
      const data = taskDataIn(builder, template, parameter.node);
      for (const reference of values) {
        const old = textOf(reference.traversal.span);
        builder
          .in(reference.traversal)
          .replace(
            reference.traversal,
            inPlaceOf(reference, `${data}.prompt != "" ? ${data}.prompt : ${old}`),
          );
      }
      requireProvider(builder, template, PROVIDER_VERSIONS.taskData);
    }
  });
}

/** Adds the parameter that releases up to 2.27 want, as a fallback for the prompt of the task. */
export function addPromptParameter(template: Template, target: readonly LineId[]): FixOutcome {
  if (!needsOldShape(target)) return NO_FIX;
  return buildFix(`Add the "${PROMPT_PARAMETER_NAME}" parameter`, 'review', (builder) => {
    const { root } = template;
    const name = freeName(root, 'data.coder_parameter', 'ai_prompt');
    const anchor =
      template.taskData.find(({ node }) => node === root)?.block ?? firstBlock(template, builder);
    const text = `data "coder_parameter" "${name}" {\nname = "${PROMPT_PARAMETER_NAME}"\ntype = "string"\ndescription = "What the agent shall do."\ndefault = ""\nmutable = true\n}`;
    const tasks = template.aiTasks.flatMap(({ source }) => (source?.node === root ? [source] : []));
    const sources = [...template.taskData.filter(({ node }) => node === root), ...tasks];
    for (const { resource } of sources) {
      for (const reference of referencesTo(root.module, resource.address)) {
        if (!readsOnly(reference, 'prompt')) continue;
        const old = textOf(reference.traversal.span);
        builder
          .in(reference.traversal)
          .replace(
            reference.traversal,
            inPlaceOf(reference, `${old} != "" ? ${old} : data.coder_parameter.${name}.value`),
          );
      }
    }
    builder.in(anchor).insertBlock(text, { after: anchor });
  });
}

function firstBlock(template: Template, builder: FixBuilder) {
  const { resources } = template.root.module;
  const block = [...resources.values()].find(
    ({ block: { span } }) => !span.file.path.endsWith('.json'),
  )?.block;
  return block ?? builder.stop('the template has no file in native syntax');
}

/** Removes a key from a preset; `parameters` goes with its last key. */
function removePresetKeys(builder: FixBuilder, preset: Preset, names: ReadonlySet<string>): Span[] {
  const argument = preset.parametersArgument;
  if (argument === undefined) return [];
  const object = objectOf(preset, argument.value);
  if (object === null) builder.stop(`the parameters of ${preset.address} are computed`);
  const entries = object.entries.filter((entry) => names.has(nameOf(preset, entry) ?? ''));
  if (entries.length === 0) builder.stop(`the parameters of ${preset.address} are computed`);
  const isEmptied = entries.length === object.entries.length && object === argument.value;
  const editor = builder.in(object);
  if (isEmptied) {
    builder.inBlock(preset.block);
    editor.remove(argument);
    return [argument.span];
  }
  for (const entry of entries) editor.removeEntry(object, entry);
  return entries.map(({ span }) => span);
}

/** The keys of the preset's own object by place, since a key can be an expression. */
function nameOf({ parameters }: Preset, entry: ObjectEntry): string | null {
  if (entry.name !== null) return entry.name;
  for (const [name, { at }] of parameters ?? []) if (at === entry.key.span) return name;
  return null;
}

/** The object itself, or the local that holds it where only presets read it. */
function objectOf({ node }: Preset, value: Expression): ObjectExpression | null {
  if (value.kind === 'object') return value;
  if (value.kind === 'parens') return null;
  if (value.kind !== 'traversal' || value.root !== 'local' || value.steps.length !== 1) return null;
  const [step] = value.steps;
  const name = step?.kind === 'attribute' ? step.name : '';
  const local = node.module.locals.get(name)?.value;
  const isOnlyForPresets = referencesTo(node.module, `local.${name}`).every(
    ({ owner }) => owner.block.labels[0]?.text === 'coder_workspace_preset' && owner.path[0] === 'parameters',
  );
  return local?.kind === 'object' && isOnlyForPresets ? local : null;
}

class PromptMove {
  private readonly builder: FixBuilder;
  private readonly template: Template;
  private readonly prompt: PromptParameter;
  private readonly parameter: Parameter;

  constructor(builder: FixBuilder, template: Template, prompt: PromptParameter, parameter: Parameter) {
    this.builder = builder;
    this.template = template;
    this.prompt = prompt;
    this.parameter = parameter;
  }

  run(): void {
    const { builder, template, parameter } = this;
    // Said first, of all that may stand in the way.
    builder.inBlock(parameter.block);
    const gone = [parameter.block.span, ...this.cleanPresets()];
    const references = this.prompt.references.filter(
      ({ traversal: { span } }) => !gone.some((outer) => contains(outer, span)),
    );
    for (const reference of references) this.checkReference(reference);
    if (references.length > 0) {
      const data = taskDataIn(builder, template, parameter.node);
      const rewritten = new Set<Expression>();
      for (const reference of references) this.rewrite(reference, data, rewritten);
      requireProvider(builder, template, PROVIDER_VERSIONS.taskData);
    }
    builder.inBlock(parameter.block).remove(parameter.block);
    this.explainDefault();
    // Without a task Coder hands over no prompt.
    if (template.aiTasks.length === 0 || parameter.options !== null) builder.needsReview();
  }

  private cleanPresets(): Span[] {
    const names = new Set([PROMPT_PARAMETER_NAME]);
    return this.template.presets.flatMap((preset) => {
      const key = preset.parameters?.get(PROMPT_PARAMETER_NAME);
      if (preset.parameters === null) this.builder.stop(`the parameters of ${preset.address} are computed`);
      if (key === undefined) return [];
      leavePrompt(this.builder, preset);
      return removePresetKeys(this.builder, preset, names);
    });
  }

  private checkReference(reference: Reference): void {
    if (isValue(reference)) return;
    const { file, start } = reference.traversal.span;
    const place = `${file.path}:${file.positionAt(start).line}`;
    this.builder.stop(
      `${place} reads ${textOf(reference.traversal.span)}, for which data.coder_task has nothing`,
    );
  }

  private rewrite(reference: Reference, data: string, rewritten: Set<Expression>): void {
    const { traversal, steps } = reference;
    const value = `${data}.prompt`;
    const choice = this.choiceAround(reference, value);
    if (choice !== null) {
      if (!rewritten.has(choice)) this.builder.in(traversal).replace(choice, value);
      rewritten.add(choice);
      return;
    }
    const question = this.questionAround(reference);
    if (question !== null) {
      if (rewritten.has(question.expression)) return;
      rewritten.add(question.expression);
      this.builder.needsReview();
      const text = `${question.isAsked ? '' : '!'}${data}.enabled`;
      this.builder.in(traversal).replace(question.expression, text);
      return;
    }
    const isSplat = steps[0]?.kind === 'splat';
    this.builder.in(traversal).replace(traversal, isSplat ? `[${value}]` : value);
  }

  /** A conditional between the prompt of the task and this one, which leaves nothing to choose. */
  private choiceAround(reference: Reference, value: string): Expression | null {
    const { span } = reference.traversal;
    // Few templates read both, and the blocks around can be long.
    if (!span.file.text.includes(value)) return null;
    let found: Expression | null = null;
    this.walkAround(reference, (expression) => {
      const isChoice = unwrap(expression, NO_CALLS).kind === 'conditional';
      if (isChoice && contains(expression.span, span) && this.becomes(expression, value))
        found ??= expression;
    });
    return found;
  }

  /** Whether an expression is worth `value` whatever its conditions say, once the references are rewritten. */
  private becomes(expression: Expression, value: string): boolean {
    const bare = unwrap(expression, NO_CALLS);
    if (bare.kind === 'conditional') return this.becomes(bare.then, value) && this.becomes(bare.else, value);
    const own = this.prompt.references.find(({ traversal }) => traversal === bare);
    return own === undefined ? textOf(bare.span) === value : own.steps.length === 1;
  }

  /** A comparison that only asks whether there is a prompt. */
  private questionAround(reference: Reference): { expression: Expression; isAsked: boolean } | null {
    const { traversal } = reference;
    const { file, start, end } = traversal.span;
    // Most references are no comparison, and the blocks around them can be long.
    const isCompared =
      /^[\s)]*(==|!=|>)/.test(file.text.slice(end, end + 80)) ||
      /(==|!=|<)[\s(a-z]*$/.test(file.text.slice(Math.max(0, start - 80), start));
    if (!isCompared) return null;
    let found: { expression: Expression; isAsked: boolean } | null = null;
    this.walkAround(reference, (expression) => {
      if (expression.kind !== 'binary') return;
      const { operator, left, right } = expression;
      const isText = unwrap(left, TEXT_CALLS) === traversal && literalString(right) === '';
      const isLength =
        unwrap(left, LENGTH_CALLS) === traversal &&
        unwrap(left, TEXT_CALLS) !== traversal &&
        right.kind === 'literal' &&
        right.value === 0;
      if ((isText || isLength) && operator === '!=') found = { expression, isAsked: true };
      if ((isText || isLength) && operator === '==') found = { expression, isAsked: false };
      if (isLength && operator === '>') found = { expression, isAsked: true };
    });
    return found;
  }

  /** Calls `visit` for the expressions of the block or local that a reference stands in, outer ones first. */
  private walkAround({ owner }: Reference, visit: (expression: Expression) => void): void {
    const local = owner.address.startsWith('local.')
      ? this.parameter.node.module.locals.get(owner.address.slice('local.'.length))
      : undefined;
    if (local !== undefined) walkExpression(local.value, visit);
    else walkBody(owner.block.body, visit);
  }

  private explainDefault(): void {
    const { builder, parameter, template } = this;
    const fallback = parameter.default;
    if (fallback === undefined) return;
    const text = asString(template.atImport.valueOf(parameter.node, fallback.value));
    if (text === '' || isNull(fallback.value)) return;
    builder.needsReview();
    builder.leave({
      text: `${parameter.address} had the default ${quoted(text ?? textOf(fallback.value.span))}, which ordinary workspaces handed to the agent; outside a task the prompt is now empty. Say it elsewhere if the agent needs it.`,
      address: parameter.address,
      blocking: false,
    });
  }
}

const NO_CALLS: ReadonlySet<string> = new Set();
const TEXT_CALLS = new Set(['trimspace', 'tostring', 'nonsensitive']);
const LENGTH_CALLS = new Set(['length', 'trimspace', 'tostring', 'nonsensitive']);

function unwrap(expression: Expression, calls: ReadonlySet<string>): Expression {
  if (expression.kind === 'parens') return unwrap(expression.inner, calls);
  const [argument] = expression.kind === 'call' ? expression.arguments : [];
  if (expression.kind === 'call' && calls.has(expression.name) && argument !== undefined) {
    return unwrap(argument, calls);
  }
  return expression;
}

/** Whether a reference reads the value, through an index or a splat at most, and nothing of it. */
function isValue(reference: Reference): boolean {
  return readsOnly(reference, 'value');
}

function readsOnly({ steps, traversal }: Reference, attribute: string): boolean {
  if (traversal.kind !== 'traversal') return false;
  const named = (step: Step | undefined) => step?.kind === 'attribute' && step.name === attribute;
  if (steps.length === 1) return named(steps[0]);
  return steps.length === 2 && steps[0]?.kind !== 'attribute' && named(steps[1]);
}

/** The text of a condition, in parentheses unless it is all of an argument or of an interpolation. */
function inPlaceOf({ traversal: { span } }: Reference, text: string): string {
  const { file, start, end } = span;
  const isFirst = /(^|[^=!<>])=\s*$|\$\{~?\s*$/.test(file.text.slice(Math.max(0, start - 80), start));
  const isLast = /^[ \t]*(\r?\n|#|~?\})/.test(file.text.slice(end, end + 80));
  return isFirst && isLast ? text : `(${text})`;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end;
}

function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > 300 ? `${line.slice(0, 300)}…` : line}"`;
}

/** Says what a preset made the prompt to be, before that goes. */
function leavePrompt(builder: FixBuilder, { parameters, address }: Preset): void {
  const key = parameters?.get(PROMPT_PARAMETER_NAME);
  const text = key === undefined ? '' : asString(key.value);
  if (key === undefined || text === '') return;
  builder.needsReview();
  builder.leave({
    text: `${address} carried the prompt ${quoted(text ?? textOf(key.at))}, and no preset can from Coder 2.30 on. Move it to the agent's system prompt, or ask for it when the task is created.`,
    address,
    blocking: false,
  });
}

/** So many keys are named in the title of a fix, which every finding about one of them repeats. */
const MAX_NAMED = 10;

/** Removes keys that are no parameters from a preset. */
export function presetKeyFix(preset: Preset, names: readonly string[]): FixOutcome {
  if (names.length === 0) return NO_FIX;
  const keys =
    names.length > MAX_NAMED ? `${names.length} keys` : names.map((name) => `"${name}"`).join(', ');
  const title = `Remove ${keys} from ${preset.address}`;
  // Any other key may be a mistyped name.
  const safety = names.every((name) => name === PROMPT_PARAMETER_NAME) ? 'safe' : 'review';
  return buildFix(title, safety, (builder) => {
    if (names.includes(PROMPT_PARAMETER_NAME)) leavePrompt(builder, preset);
    removePresetKeys(builder, preset, new Set(names));
  });
}
