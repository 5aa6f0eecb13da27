import { compare } from 'semver';
import { parseConstraint } from '../terraform/constraint.ts';
import type { ModuleNode } from '../terraform/load.ts';
import type { ModuleCall } from '../terraform/module.ts';
import type { CatalogCall } from './agent-modules.ts';
import { factsOf, type JsonValue, type ModuleFacts, newestTasksVersion } from './catalog/catalog.ts';
import { RECIPES } from './catalog/migrations.ts';
import { fullAddress } from './import-world.ts';
import type { Template } from './template.ts';

/** A module call whose inputs are known: from the module's files when they are at hand, else from a catalogue. */
export interface CalledModule {
  readonly address: string;
  readonly node: ModuleNode;
  readonly call: ModuleCall;
  /** What is called, in words: `coder/claude-code 4.9.2`, or the folder of a local module. */
  readonly name: string;
  /** Every input of the module, and whether a call must set it. */
  readonly inputs: ReadonlyMap<string, { readonly required: boolean }>;
  /** What the catalogue knows; null for a module that is read from its files. */
  readonly catalogCall: CatalogCall | null;
  /** False when Terraform may take a release that is newer than the catalogue. */
  readonly isCertain: boolean;
}

/** The calls that an author can correct and whose module is known: those inside downloaded modules are not. */
export function calledModulesOf(template: Template): CalledModule[] {
  return template.tree.nodes
    .filter((node) => !node.remote)
    .flatMap((node) =>
      [...node.module.calls.values()].flatMap((call) => calledModule(template, node, call) ?? []),
    );
}

function calledModule(template: Template, node: ModuleNode, call: ModuleCall): CalledModule | null {
  const address = fullAddress(node, call.address);
  const child = node.children.get(call.name);
  if (child !== undefined) {
    // A file that cannot be read in full may declare any variable.
    if (template.tree.unreadable.length > 0 || template.brokenFiles.size > 0) return null;
    const inputs = new Map(
      [...child.module.variables.values()].map(({ name, default: fallback }) => [
        name,
        { required: fallback === undefined },
      ]),
    );
    const name = call.source ?? child.module.folder;
    return { address, node, call, name, inputs, catalogCall: null, isCertain: true };
  }
  const known = template.catalogCall(node, call);
  if (known === null || known.facts === null || known.resolved === null) return null;
  return {
    address,
    node,
    call,
    name: `${known.id} ${known.resolved}`,
    inputs: new Map(Object.entries(known.facts.inputs)),
    catalogCall: known,
    isCertain: isCertainRelease(template, known),
  };
}

/** Whether no release that came after the catalogue can be what Terraform takes. */
function isCertainRelease(template: Template, { address, wanted, resolved, module }: CatalogCall): boolean {
  if (wanted.kind === 'exact' || template.tree.installedVersions.has(address)) return true;
  if (resolved !== module.releases.at(-1)?.version) return true;
  if (wanted.kind !== 'constraint' || wanted.text === null) return false;
  const constraint = parseConstraint(wanted.text);
  return !('error' in constraint) && constraint.pinned !== null;
}

/**
 * Whether the release lies behind the last one with Tasks support. What such a call gets wrong is one
 * fault, not several: the release.
 */
export function isPastTasks({ module, resolved, facts }: CatalogCall): boolean {
  const newest = newestTasksVersion(module);
  if (newest === null || resolved === null || facts === null) return false;
  return compare(resolved, newest) > 0;
}

/** Whether any release of the module ever had the input. */
export function everHadInput({ module }: CatalogCall, input: string): boolean {
  return module.facts.some((facts) => Object.hasOwn(facts.inputs, input));
}

/** The name under which the called release has what another release calls `input`; null when it has none. */
export function renamedInput({ id, facts }: CatalogCall, input: string): string | null {
  const inputs = facts?.inputs ?? {};
  for (const { rename = {} } of RECIPES[id] ?? []) {
    const name = Object.hasOwn(rename, input) ? rename[input] : undefined;
    if (name !== undefined && Object.hasOwn(inputs, name)) return name;
  }
  // coder/mux wrote add-project up to 1.3.0 and add_project since.
  const plain = (name: string) => name.replaceAll('-', '_').toLowerCase();
  return Object.keys(inputs).find((name) => plain(name) === plain(input)) ?? null;
}

/** Why an input has no successor, in the words of the module's maintainers; null when nobody said. */
export function reasonForRemoval({ id }: CatalogCall, input: string): string | null {
  for (const { remove = {} } of RECIPES[id] ?? []) {
    if (Object.hasOwn(remove, input)) return remove[input] ?? null;
  }
  return null;
}

/** The text that an input, under this or an older name, had as default before calls had to set it; null when it had none. */
export function formerDefault({ id, module, resolved }: CatalogCall, input: string): string | null {
  const names = [
    input,
    ...(RECIPES[id] ?? []).flatMap(({ rename = {} }) =>
      Object.keys(rename).filter((from) => rename[from] === input),
    ),
  ];
  const older = module.releases.filter(({ version }) => resolved !== null && compare(version, resolved) < 0);
  for (const { version } of older.reverse()) {
    const value = names.map((name) => defaultOf(factsOf(module, version), name)).find(isText);
    if (value !== undefined) return value;
  }
  return null;
}

function defaultOf(facts: ModuleFacts | null, input: string): JsonValue | undefined {
  return facts !== null && Object.hasOwn(facts.inputs, input) ? facts.inputs[input]?.default : undefined;
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
