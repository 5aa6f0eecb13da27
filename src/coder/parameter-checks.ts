import {
  argumentNamed,
  type Block,
  type Body,
  hasDynamic,
  literalString,
  nestedBlocks,
} from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import { literalText } from './literal-text.ts';
import type { Parameter } from './template.ts';

/**
 * What the provider refuses when it reads a parameter at import, where nobody has set a value yet.
 * Source: provider/parameter.go and provider/formtype.go of coder/terraform-provider-coder at v2.17.0.
 */
type ParameterFault = { readonly at: Span; readonly relatedAt: Span | null } & (
  | {
      readonly kind: 'immutableEphemeral' | 'ephemeralWithoutDefault' | 'regexWithoutError' | 'unvalidatable';
    }
  | { readonly kind: 'defaultNotOption' | 'duplicateOption'; readonly value: string }
  | { readonly kind: 'wrongType'; readonly value: string; readonly type: string }
  | {
      readonly kind: 'formType';
      readonly formType: string;
      readonly type: string;
      readonly hasOptions: boolean;
    }
  | { readonly kind: 'validationType'; readonly check: string; readonly type: string }
  | { readonly kind: 'outOfRange'; readonly value: string; readonly limit: string }
);

/** The form types that fit a type, without and with options (formTypeTruthTable). */
const FORM_TYPES: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  string: [
    ['input', 'textarea'],
    ['radio', 'dropdown'],
  ],
  number: [
    ['input', 'slider'],
    ['radio', 'dropdown'],
  ],
  bool: [
    ['checkbox', 'switch'],
    ['radio', 'dropdown'],
  ],
  'list(string)': [['tag-select'], ['radio', 'multi-select']],
};

/** The faults of one parameter, read from literals alone. */
export function parameterFaults({ block: { body } }: Parameter): ParameterFault[] {
  const written = argumentNamed(body, 'type');
  const type = written === undefined ? 'string' : literalString(written.value);
  return [
    ...flagFaults(body),
    ...(type === null ? [] : [...valueFaults(body, type), ...validationFaults(body, type)]),
  ];
}

function flagFaults(body: Body): ParameterFault[] {
  const ephemeral = argumentNamed(body, 'ephemeral');
  if (ephemeral === undefined || literalText(ephemeral.value) !== 'true') return [];
  const mutable = argumentNamed(body, 'mutable');
  const isImmutable = mutable === undefined || literalText(mutable.value) === 'false';
  const faults: ParameterFault[] = [];
  const at = ephemeral.span;
  if (isImmutable) faults.push({ kind: 'immutableEphemeral', at, relatedAt: mutable?.span ?? null });
  if (argumentNamed(body, 'default') === undefined)
    faults.push({ kind: 'ephemeralWithoutDefault', at, relatedAt: null });
  return faults;
}

function valueFaults(body: Body, type: string): ParameterFault[] {
  const faults: ParameterFault[] = [];
  const options = optionsIn(body);
  const form = argumentNamed(body, 'form_type');
  const formType = literalString(form?.value);
  if (form !== undefined && formType !== null && options !== null) {
    const fitting = FORM_TYPES[type]?.[options.length > 0 ? 1 : 0];
    const isKnown = Object.values(FORM_TYPES).some((pair) => pair.flat().includes(formType));
    if (isKnown && fitting !== undefined && !fitting.includes(formType)) {
      faults.push({
        kind: 'formType',
        formType,
        type,
        hasOptions: options.length > 0,
        at: form.value.span,
        relatedAt: null,
      });
    }
  }
  const isList = type === 'list(string)';
  for (const key of ['name', 'value'] as const) {
    const seen = new Map<string, Span>();
    for (const option of options ?? []) {
      const argument = argumentNamed(option.body, key);
      const value = argument === undefined ? null : literalText(argument.value);
      if (argument === undefined || value === null) continue;
      const at = argument.value.span;
      const first = seen.get(value);
      if (first !== undefined) faults.push({ kind: 'duplicateOption', value, at, relatedAt: first });
      else seen.set(value, at);
      if (key === 'value' && !isList && !isOfType(value, type))
        faults.push({ kind: 'wrongType', value, type, at, relatedAt: null });
    }
  }
  const fallback = argumentNamed(body, 'default');
  const value = fallback === undefined ? null : literalText(fallback.value);
  if (fallback === undefined || value === null) return faults;
  const at = fallback.value.span;
  const values = options?.map((option) => literalText(argumentNamed(option.body, 'value')?.value)) ?? [];
  if (!isOfType(value, type)) faults.push({ kind: 'wrongType', value, type, at, relatedAt: null });
  else if (!isList && values.length > 0 && !values.includes(null) && !values.includes(value)) {
    faults.push({ kind: 'defaultNotOption', value, at, relatedAt: options?.[0]?.headerSpan ?? null });
  }
  return faults;
}

function validationFaults(body: Body, type: string): ParameterFault[] {
  const [validation] = nestedBlocks(body, 'validation');
  if (validation === undefined) return [];
  const faults: ParameterFault[] = [];
  const given = (name: string) => {
    const argument = argumentNamed(validation.body, name);
    return argument === undefined || literalText(argument.value) === null ? undefined : argument;
  };
  for (const check of ['min', 'max', 'monotonic', 'regex']) {
    const argument = given(check);
    if (argument === undefined || type === (check === 'regex' ? 'string' : 'number')) continue;
    faults.push({
      kind: 'validationType',
      check,
      type,
      at: argument.nameSpan,
      relatedAt: argumentNamed(body, 'type')?.span ?? null,
    });
  }
  const regex = given('regex');
  if (regex !== undefined && type === 'string' && argumentNamed(validation.body, 'error') === undefined) {
    faults.push({ kind: 'regexWithoutError', at: regex.span, relatedAt: null });
  }
  if (faults.length > 0) return faults;
  const fallback = argumentNamed(body, 'default');
  if (fallback === undefined) {
    // Nobody has set a value at import, so the provider validates the empty text, in every version up to v2.17.0 (issue
    // 144, open; the rows "Empty…" of provider/testdata/parameter_table.md), which only a text without options can be.
    const isRefused =
      type !== 'string' ||
      nestedBlocks(body, 'option').length > 0 ||
      demandsText(literalText(regex?.value) ?? '');
    return isRefused ? [{ kind: 'unvalidatable', at: validation.headerSpan, relatedAt: null }] : [];
  }
  const value = literalText(fallback.value);
  if (value === null || type !== 'number' || !/^-?\d+$/.test(value)) return [];
  for (const [name, isOut] of [
    ['min', (limit: number) => Number(value) < limit],
    ['max', (limit: number) => Number(value) > limit],
  ] as const) {
    const argument = given(name);
    const limit = Number(literalText(argument?.value) ?? Number.NaN);
    if (argument !== undefined && isOut(limit)) {
      faults.push({
        kind: 'outOfRange',
        value,
        limit: `${name} = ${limit}`,
        at: fallback.value.span,
        relatedAt: argument.span,
      });
    }
  }
  return faults;
}

/**
 * Whether a regular expression surely refuses the empty text: it is anchored, has no alternatives, and starts with a
 * character that must be there. It is not run, because an author may write one that takes forever.
 */
function demandsText(regex: string): boolean {
  return /^\^(\[[^\]\\]+\]|\\[dws]|[A-Za-z0-9])(?![*?{])/.test(regex) && !regex.includes('|');
}

/**
 * Whether the options of a parameter let it have a value; null when the files do not decide it. Of a list every
 * element is chosen on its own where the form lets the user choose several (validValue, ibid.).
 */
export function isChoice({ block: { body }, options }: Parameter, value: string): boolean | null {
  if (options === null) return null;
  const type = argumentNamed(body, 'type');
  const form = argumentNamed(body, 'form_type');
  if ([type, form].some((argument) => argument !== undefined && literalString(argument.value) === null))
    return null;
  const isSeveral =
    literalString(type?.value) === 'list(string)' && literalString(form?.value) === 'multi-select';
  if (!isSeveral) return options.includes(value);
  return listOfStrings(value)?.every((each) => options.includes(each)) ?? false;
}

/** The options; null when a dynamic block may make others. */
function optionsIn(body: Body): Block[] | null {
  return hasDynamic(body, 'option') ? null : nestedBlocks(body, 'option');
}

/** Whether Go reads the text as the type (strconv.ParseFloat, ParseBool, json.Unmarshal). */
function isOfType(value: string, type: string): boolean {
  switch (type) {
    case 'number':
      return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value) || /^[+-]?(0x|inf|nan)/i.test(value);
    case 'bool':
      return /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value);
    case 'list(string)':
      return listOfStrings(value) !== null;
    default:
      return true;
  }
}

/** A JSON list as Go reads it into strings, null elements as empty ones; null for what is none. */
function listOfStrings(text: string): string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null) return [];
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'string' || each === null))
      return null;
    return value.map((each) => each ?? '');
  } catch {
    return null;
  }
}
