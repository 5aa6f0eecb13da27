import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse as convert } from '@cdktf/hcl2json';
import type { HclParser } from '../../src/hcl/parse.ts';
import type { Body, Expression, TemplatePart } from '../../src/hcl/syntax.ts';
import { SourceFile, textOf } from '../../src/source/source-file.ts';

/** What became of the files of a folder when both parsers read them. */
export interface Differential {
  /** Files that both parsers read. */
  readonly compared: number;
  /** Files that HCL refuses, or that its converter to JSON cannot convert. */
  readonly refused: readonly string[];
  /** Refused files for which our parser saw no reason to ask. */
  readonly missed: readonly string[];
  /** Valid files that our parser doubted. */
  readonly doubted: readonly string[];
  /** Files on which the parsers disagree, and where. */
  readonly disagreements: readonly { readonly path: string; readonly places: readonly string[] }[];
}

/** Compares our syntax with HashiCorp's parser for every `.tf` file below a folder. */
export async function differential(parser: HclParser, folder: string): Promise<Differential> {
  const refused: string[] = [];
  const missed: string[] = [];
  const doubted: string[] = [];
  const disagreements: { path: string; places: string[] }[] = [];
  let compared = 0;
  for (const path of terraformFiles(folder)) {
    const file = new SourceFile(path, readFileSync(join(folder, path), 'utf8'));
    const parsed = parser.parse(file);
    const verdict = await convertFile(file);
    if (verdict.json === null) {
      refused.push(`${path}: ${verdict.error}`);
      if (verdict.error.startsWith('parse config') && parsed.doubt === null) missed.push(path);
      continue;
    }
    if (parsed.doubt !== null) doubted.push(`${path}: ${parsed.doubt}`);
    // What was given up says so, and is not read at all.
    if (parsed.problems.some(({ unverified }) => unverified)) continue;
    compared++;
    const places = differencesOf(parsed.body, verdict.json);
    if (places.length > 0) disagreements.push({ path, places });
  }
  return { compared, refused, missed, doubted, disagreements };
}

/** The JSON that HashiCorp's parser makes of a file, or its error. */
export async function convertFile(
  file: SourceFile,
): Promise<{ json: unknown; error: string } | { json: null; error: string }> {
  try {
    return { json: await convert('main.tf', file.text), error: '' };
  } catch (error) {
    return { json: null, error: (error as Error).message };
  }
}

/** Where our syntax of a body and the JSON of it differ; each place is a path and both values. */
export function differencesOf(body: Body, json: unknown): string[] {
  const places: string[] = [];
  compare(renderBody(body), json, '', places);
  return places;
}

/** Paths of the `.tf` files below a folder, sorted. */
export function terraformFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tf'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

type Rendered = string | number | boolean | null | readonly Rendered[] | Map<string, Rendered>;

function compare(ours: Rendered, theirs: unknown, path: string, places: string[]): void {
  if (places.length >= 5) return;
  if (ours instanceof Map && theirs !== null && typeof theirs === 'object' && !Array.isArray(theirs)) {
    for (const name of new Set([...ours.keys(), ...Object.keys(theirs)])) {
      const own = ours.get(name);
      const place = `${path}.${name}`;
      if (own === undefined) places.push(`${place}: only HCL has it`);
      else if (!Object.hasOwn(theirs, name)) places.push(`${place}: only we have it`);
      else compare(own, Object.getOwnPropertyDescriptor(theirs, name)?.value, place, places);
    }
  } else if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    for (const [index, value] of ours.entries()) compare(value, theirs[index], `${path}[${index}]`, places);
  } else if (ours !== theirs) {
    places.push(`${path}: we read ${show(ours)}, HCL ${show(theirs)}`);
  }
}

function show(value: unknown): string {
  return value instanceof Map ? `an object of ${[...value.keys()]}` : JSON.stringify(value);
}

/** A body in the shape that the converter gives it: labels nest, blocks collect in lists, an argument wins. */
function renderBody(body: Body): Map<string, Rendered> {
  const result = new Map<string, Rendered>();
  for (const item of body.items) {
    if (item.kind === 'argument') continue;
    let level = result;
    const path = [item.type, ...item.labels.map((label) => label.text)];
    const last = path.pop() as string;
    for (const name of path) {
      let below = level.get(name);
      if (!(below instanceof Map)) {
        below = new Map();
        level.set(name, below);
      }
      level = below;
    }
    const list = level.get(last);
    level.set(last, [...(Array.isArray(list) ? list : []), renderBody(item.body)]);
  }
  for (const item of body.items) {
    if (item.kind === 'argument') result.set(item.name, render(item.value));
  }
  return result;
}

function render(expression: Expression): Rendered {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'unary': {
      const { operand, operator } = expression;
      if (operand.kind !== 'literal') return source(expression);
      if (operator === '!') return !operand.value;
      return typeof operand.value === 'number' ? 0 - operand.value : source(expression);
    }
    case 'template': {
      const [only] = expression.parts;
      if (expression.form === 'quoted' && expression.parts.length === 1 && only?.kind === 'interpolation') {
        return render(only.value);
      }
      return renderParts(expression.parts);
    }
    case 'tuple':
      return expression.elements.map(render);
    case 'object': {
      const result = new Map<string, Rendered>();
      for (const entry of expression.entries) result.set(renderKey(entry.key), render(entry.value));
      return result;
    }
    default:
      return source(expression);
  }
}

function renderKey(key: Expression): string {
  const isName = key.kind === 'traversal' && key.steps.every((step) => step.kind !== 'splat');
  return isName ? textOf(key.span) : renderString(key);
}

function renderParts(parts: readonly TemplatePart[]): string {
  return parts.map(renderPart).join('');
}

function renderPart(part: TemplatePart): string {
  switch (part.kind) {
    case 'text':
      return part.value.replace(/[$%](?=\{)/g, '$&$&').normalize('NFC');
    case 'interpolation':
      return renderString(part.value);
    case 'if': {
      const otherwise = renderParts(part.else);
      const then = renderParts(part.then);
      return `%{if ${textOf(part.condition.span)}}${then}${otherwise && `%{else}${otherwise}`}%{endif}`;
    }
    case 'for': {
      const names = [part.keyName, part.valueName].filter((name) => name !== null).join(', ');
      return `%{for ${names} in ${textOf(part.collection.span)}}${renderParts(part.parts)}%{endfor}`;
    }
  }
}

/** An expression inside a string, where the converter knows no difference between `${a ? b : c}` and `%{if}`. */
function renderString(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return String(expression.value);
    case 'template':
      return renderParts(expression.parts);
    case 'conditional': {
      const otherwise = renderString(expression.else);
      const then = renderString(expression.then);
      return `%{if ${textOf(expression.condition.span)}}${then}${otherwise && `%{else}${otherwise}`}%{endif}`;
    }
    default:
      return source(expression);
  }
}

function source(expression: Expression): string {
  return `\${${textOf(expression.span)}}`;
}
