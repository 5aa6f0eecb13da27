import type { Argument, Block, BodyItem } from '../hcl/syntax.ts';

/**
 * The block that Terraform works with when an override file repeats it: an overriding argument replaces the
 * argument of that name, overriding nested blocks replace all nested blocks of their type, and `lifecycle`
 * and `required_providers` are merged argument by argument.
 * Source: developer.hashicorp.com/terraform/language/files/override, "Merging Behavior".
 */
export function mergeOverride(base: Block, override: Block): Block {
  const argumentsByName = new Map<string, Argument>();
  const blockTypes = new Set<string>();
  for (const item of override.body.items) {
    if (item.kind === 'argument') argumentsByName.set(item.name, item);
    else blockTypes.add(item.type);
  }
  const items: BodyItem[] = [];
  for (const item of base.body.items) {
    if (item.kind === 'argument') {
      items.push(argumentsByName.get(item.name) ?? item);
      argumentsByName.delete(item.name);
    } else if (!blockTypes.has(item.type) || MERGED_BY_ARGUMENT.has(item.type)) {
      items.push(mergeNested(item, override));
    }
  }
  items.push(...argumentsByName.values());
  for (const item of override.body.items) {
    if (item.kind === 'block' && !isMergedInto(item, base)) items.push(item);
  }
  return { ...base, body: { ...base.body, items } };
}

const MERGED_BY_ARGUMENT = new Set(['lifecycle', 'required_providers']);

function mergeNested(nested: Block, override: Block): Block {
  let merged = nested;
  for (const item of override.body.items) {
    if (item.kind === 'block' && item.type === nested.type && MERGED_BY_ARGUMENT.has(nested.type)) {
      merged = mergeOverride(merged, item);
    }
  }
  return merged;
}

function isMergedInto(item: Block, base: Block): boolean {
  return (
    MERGED_BY_ARGUMENT.has(item.type) &&
    base.body.items.some((candidate) => candidate.kind === 'block' && candidate.type === item.type)
  );
}
