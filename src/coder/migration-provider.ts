import { nestedBlocks } from '../hcl/syntax.ts';
import { parseConstraint } from '../terraform/constraint.ts';
import { buildFix, type FixBuilder, type FixOutcome } from './migration-fix.ts';
import type { CoderProviderEntry } from './provider-needs.ts';
import type { Template } from './template.ts';

/**
 * Lets the template take a version of the coder provider and no older one: raises or adds the constraint, in
 * local modules only where they exclude it. A lock file is for `terraform init`: provider/too-old says so.
 */
export function requireProvider(builder: FixBuilder, template: Template, version: string): void {
  const { required } = template.provider;
  const done = new Set<CoderProviderEntry['entry']>();
  for (const found of required) {
    if (found.node.remote || done.has(found.entry)) continue;
    done.add(found.entry);
    raiseEntry(builder, found, version);
  }
  if (!required.some(({ node }) => node.parent === null)) addEntry(builder, template, version);
}

function raiseEntry(
  builder: FixBuilder,
  { node, entry, constraint }: CoderProviderEntry,
  version: string,
): void {
  const { argument, versionExpression } = entry;
  if (constraint === null) {
    if (versionExpression !== undefined) {
      if (node.parent === null)
        builder.stop(`the version of the provider ${entry.name} is no constraint that can be read`);
      return;
    }
    // Without a version Terraform takes the newest, unless a lock file says otherwise.
    if (node.parent !== null) return;
    if (argument.value.kind !== 'object') builder.stop(`required_providers.${entry.name} is no object`);
    builder.in(argument).insertEntry(argument.value, 'version', `">= ${short(version)}"`);
    return;
  }
  const isTooLow = node.parent === null && constraint.admitsBelow(version);
  if (versionExpression === undefined || (constraint.admitsFrom(version) && !isTooLow)) return;
  builder.in(versionExpression).replace(versionExpression, `"${raisedConstraint(constraint.text, version)}"`);
}

/** The constraint with the lowest version that it may admit; upper bounds stay where they admit it. */
function raisedConstraint(text: string, version: string): string {
  const terms = text.split(',').flatMap((part): string[] => {
    const term = part.trim();
    const [, operator = '=', bound = ''] = /^(=|!=|>=|<=|~>|>|<)?\s*(.*)/s.exec(term) ?? [];
    const parsed = parseConstraint(term, 'provider');
    if ('error' in parsed) return [];
    if (operator === '!=') return [term];
    if (!parsed.admitsFrom(version)) {
      if (operator === '=') return [version];
      return operator === '~>' ? [`~> ${short(version)}`] : [];
    }
    if (!parsed.admitsBelow(version) || operator === '<' || operator === '<=') return [term];
    const written = bound.split('.').length;
    return [
      `${operator === '>' ? '>=' : operator} ${operator === '~>' ? short(version) : likeWritten(version, written)}`,
    ];
  });
  const raised = terms.join(', ');
  const parsed = parseConstraint(raised === '' ? `>= ${version}` : raised, 'provider');
  const isRight = !('error' in parsed) && parsed.admitsFrom(version) && !parsed.admitsBelow(version);
  if (raised !== '' && isRight) return raised;
  const withLower = [`>= ${short(version)}`, ...terms.filter((term) => /^(<|!=)/.test(term))].join(', ');
  const checked = parseConstraint(withLower, 'provider');
  return 'error' in checked || !checked.admitsFrom(version) ? `>= ${short(version)}` : withLower;
}

function addEntry(builder: FixBuilder, template: Template, version: string): void {
  const { module } = template.root;
  const text = `{\nsource = "coder/coder"\nversion = ">= ${short(version)}"\n}`;
  for (const block of module.terraformBlocks) {
    const [required] = nestedBlocks(block.body, 'required_providers');
    if (required === undefined) continue;
    builder.inBlock(required).insertArgument(required, 'coder', text);
    return;
  }
  const [terraform] = module.terraformBlocks;
  const required = `required_providers {\ncoder = ${text}\n}`;
  if (terraform !== undefined) {
    builder.inBlock(terraform).insertBlock(required, { inside: terraform });
    return;
  }
  const first = module.blocks.find(({ span }) => !span.file.path.endsWith('.json'));
  if (first === undefined) builder.stop('the template has no file in native syntax');
  builder.in(first).insertBlock(`terraform {\n${required}\n}`, { before: first });
}

/** `2.13` for `2.13.0`. */
function short(version: string): string {
  return version.replace(/^(\d+\.\d+)\.0$/, '$1');
}

function likeWritten(version: string, numbers: number): string {
  return numbers >= 3 ? version : short(version);
}

/** Raises the constraint on the provider to what the template needs. */
export function providerFix(template: Template, version: string): FixOutcome {
  return buildFix(`Ask for coder/coder ${short(version)} or later`, 'safe', (builder) =>
    requireProvider(builder, template, version),
  );
}
