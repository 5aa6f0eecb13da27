import type { Span } from '../source/source-file.ts';
import { asBool, asString, type Value } from '../terraform/value.ts';
import type { CatalogCall } from './agent-modules.ts';
import type { JsonValue } from './catalog/catalog.ts';
import { INPUT_CHECKS, type InputCheck } from './catalog/input-checks.ts';
import type { Template } from './template.ts';
import { admits } from './versions.ts';

/** A value of an input that its module refuses. */
type InputFault = { readonly input: string; readonly at: Span; readonly otherAt: Span | null } & (
  | { readonly kind: 'value'; readonly expected: string }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'excludes' | 'demands' | 'unless'; readonly other: string }
);

/** What the called release refuses of the values that are known. */
export function inputFaults(template: Template, called: CatalogCall): InputFault[] {
  const { id, resolved, facts } = called;
  if (resolved === null || facts === null) return [];
  const inputs = new Inputs(template, called);
  const checks = Object.hasOwn(INPUT_CHECKS, id) ? (INPUT_CHECKS[id] ?? []) : [];
  return [
    ...inputs.wrongTypes(),
    ...checks.filter(({ from }) => admits(from, resolved)).flatMap((check) => inputs.check(check) ?? []),
  ];
}

class Inputs {
  private readonly template: Template;
  private readonly called: CatalogCall;

  constructor(template: Template, called: CatalogCall) {
    this.template = template;
    this.called = called;
  }

  wrongTypes(): InputFault[] {
    const faults: InputFault[] = [];
    for (const [input, argument] of this.called.call.inputs) {
      const type = this.called.facts?.inputs[input]?.type;
      if (type === undefined || !Object.hasOwn(this.called.facts?.inputs ?? {}, input)) continue;
      const value = this.template.atImport.valueOf(this.called.node, argument.value);
      if (!fits(value, type))
        faults.push({ kind: 'type', type, input, at: argument.value.span, otherAt: null });
    }
    return faults;
  }

  check(check: InputCheck): InputFault | null {
    const { input } = check;
    const argument = this.called.call.inputs.get(input);
    if (argument === undefined) return null;
    const at = argument.value.span;
    if ('oneOf' in check || 'matches' in check) {
      const text = asString(this.value(input));
      if (text === null || ('oneOf' in check ? check.oneOf.includes(text) : check.matches.test(text)))
        return null;
      const expected = 'oneOf' in check ? check.oneOf.map((each) => `"${each}"`).join(', ') : check.form;
      return { kind: 'value', expected, input, at, otherAt: null };
    }
    const other = 'excludes' in check ? check.excludes : 'demands' in check ? check.demands : check.unless;
    const otherAt = this.called.call.inputs.get(other)?.span ?? null;
    if ('unless' in check) {
      const text = asString(this.value(input));
      const isRefused = text !== null && text !== check.usual && asBool(this.value(other)) === true;
      return isRefused ? { kind: 'unless', other, input, at, otherAt } : null;
    }
    if (asBool(this.value(input)) !== true) return null;
    const given = this.value(other);
    if (given.kind === 'unknown') return null;
    const isSet = given.kind !== 'null' && asString(given) !== '';
    if ('excludes' in check) return isSet ? { kind: 'excludes', other, input, at, otherAt } : null;
    return isSet ? null : { kind: 'demands', other, input, at, otherAt };
  }

  /** What the module sees: the argument, else the default of the release. */
  private value(input: string): Value {
    const argument = this.called.call.inputs.get(input);
    if (argument !== undefined) return this.template.atImport.valueOf(this.called.node, argument.value);
    return fromJson(this.called.facts?.inputs[input]?.default);
  }
}

/** Whether Terraform converts a known value to a type constraint; types that are not looked at fit. */
function fits(value: Value, type: string): boolean {
  if (value.kind === 'unknown' || value.kind === 'null') return true;
  if (type === 'string' || type === 'number' || type === 'bool') {
    if (value.kind === 'list' || value.kind === 'set' || value.kind === 'object') return false;
    if (type === 'bool') return value.kind !== 'number' && asBool(value) !== null;
    if (type === 'number')
      return value.kind === 'number' || (value.kind === 'string' && /^\s*[-+.\d]/.test(value.value));
    return true;
  }
  const isCollection = value.kind === 'list' || value.kind === 'set' || value.kind === 'object';
  return isCollection || !/^(list|set|map|object|tuple)\(/.test(type);
}

function fromJson(value: JsonValue | undefined): Value {
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (value === null) return { kind: 'null' };
  return { kind: 'unknown', reason: { text: 'its default is no literal', span: null, error: false } };
}
