import { Template } from '../../src/coder/template.ts';
import { memoryFiles } from '../../src/input/memory.ts';
import { loadModuleTree } from '../../src/terraform/load.ts';
import { inOrder } from '../../src/terraform/order.ts';
import type { Value } from '../../src/terraform/value.ts';
import { parser } from './hcl.ts';

/** The value at import of `local.<name>` in a template of one file. */
export function valueOfLocal(text: string, name: string): Value {
  return valueOfLocalIn({ 'main.tf': text }, name);
}

/** The value at import of `local.<name>` in the root module of some files. */
export function valueOfLocalIn(files: Readonly<Record<string, string>>, name: string): Value {
  const tree = loadModuleTree(memoryFiles(files), (file) => parser.parse(file));
  const local = tree.root.module.locals.get(name);
  if (local === undefined) throw new Error(`no local ${name} in ${Object.keys(files).join(', ')}`);
  return new Template(tree, []).atImport.valueOf(tree.root, local.value);
}

/** A value as short text: JSON, with `?` for what is unknown and `!` for what Terraform refuses. */
export function show(value: Value): string {
  switch (value.kind) {
    case 'unknown':
      return value.reason.error ? '!' : '?';
    case 'list':
      return `[${value.elements.map(show).join(',')}]`;
    case 'set':
      return `{${(inOrder(value) ?? value.elements).map(show).join(',')}}`;
    case 'object':
      return `{${[...value.entries].map(([key, part]) => `${key}:${show(part)}`).join(',')}}`;
    default:
      return value.kind === 'null' ? 'null' : JSON.stringify(value.value);
  }
}
