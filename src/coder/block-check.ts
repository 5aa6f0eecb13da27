import {
  argumentNamed,
  type Block,
  type Body,
  type Expression,
  hasDynamic,
  isNull,
  nestedBlocks,
} from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import { type ArgumentSchema, type BlockSchema, DATA_SCHEMAS, RESOURCE_SCHEMAS } from './block-schema.ts';
import { literalText } from './literal-text.ts';
import { META_ARGUMENTS, META_BLOCKS } from './provider-schema.ts';
import type { CoderBlock, Template } from './template.ts';

/** What the provider's schema refuses in a block. `name` is the argument or nested block. */
type SchemaFault = { readonly at: Span; readonly name: string } & (
  | { readonly kind: 'unknown' | 'read-only' | 'missing' | 'repeated' }
  | { readonly kind: 'not-a-block' | 'not-an-argument' }
  | { readonly kind: 'conflict'; readonly other: string; readonly otherAt: Span }
  | { readonly kind: 'invalid'; readonly expected: string }
  /** The provider versions that the template admits do not have it yet, or no longer. */
  | { readonly kind: 'not-yet' | 'no-longer'; readonly version: string }
);

/** Whether the provider that Terraform would take has what came with one version and went with another. */
export interface ProviderRange {
  has(since: string | undefined, until: string | undefined): 'yes' | 'not-yet' | 'no-longer';
}

/** Every block of a type that the provider has, in files that an author can correct. */
export function coderBlocksOf(template: Template): CoderBlock[] {
  return [
    ...Object.keys(RESOURCE_SCHEMAS).flatMap((type) => template.blocks('managed', type)),
    ...Object.keys(DATA_SCHEMAS).flatMap((type) => template.blocks('data', type)),
  ].filter(({ node }) => !node.remote);
}

/** Holds a `coder_*` block against its schema. Values that are not written as literals are not judged. */
export function schemaFaults({ resource, block }: CoderBlock, provider: ProviderRange): SchemaFault[] {
  const schemas = resource.mode === 'data' ? DATA_SCHEMAS : RESOURCE_SCHEMAS;
  const schema = Object.hasOwn(schemas, resource.type) ? schemas[resource.type] : undefined;
  return schema === undefined ? [] : new Checker(provider).check(schema, block.body, block.headerSpan, true);
}

class Checker {
  private readonly provider: ProviderRange;
  private readonly faults: SchemaFault[] = [];

  constructor(provider: ProviderRange) {
    this.provider = provider;
  }

  check(schema: BlockSchema, body: Body, header: Span, isTop: boolean): SchemaFault[] {
    const { arguments: known, blocks = {} } = schema;
    for (const item of body.items) {
      if (item.kind === 'block') this.nested(schema, item, isTop);
      else if (Object.hasOwn(known, item.name)) {
        this.argument(known[item.name] as ArgumentSchema, item.name, item.nameSpan, item.value, body);
      } else if (Object.hasOwn(blocks, item.name)) {
        // JSON writes blocks as values; display_apps is computed too, and takes both forms.
        if (body.json || item.name === 'display_apps') continue;
        this.faults.push({ kind: 'not-an-argument', name: item.name, at: item.nameSpan });
      } else if (!isMeta(item.name, isTop, body)) {
        this.faults.push({ kind: 'unknown', name: item.name, at: item.nameSpan });
      }
    }
    this.missing(schema, body, header);
    for (const [name, { once }] of Object.entries(blocks)) {
      const again = nestedBlocks(body, name)[1];
      if (once && again !== undefined) this.faults.push({ kind: 'repeated', name, at: again.headerSpan });
    }
    return this.faults;
  }

  private nested({ arguments: known, blocks = {} }: BlockSchema, block: Block, isTop: boolean): void {
    const isDynamic = block.type === 'dynamic';
    const name = isDynamic ? (block.labels[0]?.text ?? '') : block.type;
    const at = block.headerSpan;
    if (Object.hasOwn(known, name)) this.faults.push({ kind: 'not-a-block', name, at });
    else if (Object.hasOwn(blocks, name)) {
      const schema = blocks[name] as NonNullable<(typeof blocks)[string]>;
      if (!this.isThere(schema, name, at)) return;
      const bodies = isDynamic ? nestedBlocks(block.body, 'content') : [block];
      for (const inner of bodies) this.check(schema, inner.body, inner.headerSpan, false);
    } else if (!(isTop && META_BLOCKS.has(name))) this.faults.push({ kind: 'unknown', name, at });
  }

  private argument(schema: ArgumentSchema, name: string, at: Span, value: Expression, body: Body): void {
    if (isNull(value)) return;
    if (schema.readOnly) this.faults.push({ kind: 'read-only', name, at });
    else if (this.isThere(schema, name, at)) {
      const expected = expectation(schema, value);
      if (expected !== null) this.faults.push({ kind: 'invalid', name, at: value.span, expected });
      for (const other of schema.conflictsWith ?? []) {
        const otherAt = placeOf(body, other);
        if (otherAt !== null) this.faults.push({ kind: 'conflict', name, at, other, otherAt });
      }
    }
  }

  private isThere(schema: { since?: string; until?: string }, name: string, at: Span): boolean {
    const has = this.provider.has(schema.since, schema.until);
    if (has === 'yes') return true;
    const version = (has === 'not-yet' ? schema.since : schema.until) ?? '';
    this.faults.push({ kind: has, name, at, version });
    return false;
  }

  private missing({ arguments: known, blocks = {} }: BlockSchema, body: Body, at: Span): void {
    for (const [name, { required, since }] of Object.entries(known)) {
      if (this.provider.has(since, undefined) !== 'yes') continue;
      const argument = argumentNamed(body, name);
      const isSet = argument !== undefined && !isNull(argument.value);
      if (required && !isSet) this.faults.push({ kind: 'missing', name, at: argument?.nameSpan ?? at });
    }
    for (const [name, { required }] of Object.entries(blocks)) {
      const isSet = nestedBlocks(body, name).length > 0 || hasDynamic(body, name);
      if (required && !isSet) this.faults.push({ kind: 'missing', name, at });
    }
  }
}

/** Terraform's own arguments; the provider SDK gives every type an `id`. */
function isMeta(name: string, isTop: boolean, body: Body): boolean {
  if (body.json && (name === '//' || META_BLOCKS.has(name))) return true;
  return isTop && (META_ARGUMENTS.has(name) || name === 'id');
}

/** Where something stands that the SDK counts as set: a value that is written down and not null, or a block. */
function placeOf(body: Body, name: string): Span | null {
  const argument = argumentNamed(body, name);
  if (argument !== undefined) return isLiteral(argument.value) ? argument.nameSpan : null;
  return nestedBlocks(body, name)[0]?.headerSpan ?? null;
}

function isLiteral(value: Expression): boolean {
  // A text with interpolations is text all the same.
  return value.kind === 'template' || (value.kind === 'literal' && value.value !== null);
}

/** What the provider expects instead of a literal value, in words; null when the value is fine or no literal. */
function expectation(schema: ArgumentSchema, value: Expression): string | null {
  if (schema.type === 'map') {
    const isText = literalText(value) !== null || value.kind === 'tuple';
    return isText ? 'a map' : null;
  }
  if (value.kind === 'tuple' || value.kind === 'object') return `a ${schema.type}, no collection`;
  const text = literalText(value);
  if (text === null) return null;
  if (schema.type === 'bool' && !/^(true|false|1|0)$/.test(text)) return 'true or false';
  if (schema.type === 'number') {
    const amount = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(amount)) return 'a number';
    const [least, most] = schema.between ?? [];
    if (least !== undefined && amount < least) return `${least} or more`;
    if (most !== undefined && amount > most) return `${most} or less`;
  }
  const { oneOf, matches, form, maxLength } = schema;
  if (oneOf !== undefined && !oneOf.includes(text)) return oneOf.map((each) => `"${each}"`).join(', ');
  if (maxLength !== undefined && new TextEncoder().encode(text).length > maxLength)
    return `at most ${maxLength} bytes`;
  if (matches !== undefined && !matches.test(text)) return form ?? matches.source;
  return null;
}
