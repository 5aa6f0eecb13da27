import { compare, lt, valid } from 'semver';
import type { Span } from '../source/source-file.ts';
import { type Constraint, parseConstraint } from '../terraform/constraint.ts';
import type { ModuleNode } from '../terraform/load.ts';
import type { RequiredProvider } from '../terraform/module.ts';
import type { CatalogCall } from './agent-modules.ts';
import { PROVIDER_VERSIONS } from './provider-schema.ts';
import type { Template } from './template.ts';

/** Why a template needs a version of the coder provider. */
interface ProviderNeed {
  /** Lowest provider version that has what is used. */
  readonly version: string;
  /** What is used, in words: an address and, in modules, the module's version. */
  readonly reason: string;
  readonly at: Span;
}

/** What the files say about the coder provider's version. */
export interface ProviderNeeds {
  /** `required_providers` entries for coder/coder, in the template and in modules whose files are at hand. */
  readonly required: readonly CoderProviderEntry[];
  /** The version that `.terraform.lock.hcl` pins. */
  readonly locked: { readonly version: string; readonly at: Span } | null;
  /** What is needed, highest version first. */
  readonly needs: readonly ProviderNeed[];
}

/** An entry for the coder provider in a module’s `required_providers`. */
export interface CoderProviderEntry {
  readonly node: ModuleNode;
  readonly entry: RequiredProvider;
  /** Null without a version or when Terraform could not read it. */
  readonly constraint: Constraint | null;
}

/** The address of the provider as lock files write it. */
const PROVIDER_ADDRESS = 'registry.terraform.io/coder/coder';

/** Collects what a template needs of the coder provider and what it asks for (domain: provider/ai_task.go by version). */
export function providerNeedsOf(template: Template): ProviderNeeds {
  const needs = [
    ...template.aiTasks.flatMap((task) => {
      if (task.source === null) return [];
      const version = task.hasAppId ? PROVIDER_VERSIONS.appId : PROVIDER_VERSIONS.aiTask;
      return [{ version, reason: task.hasAppId ? `app_id on ${task.address}` : task.address, at: task.at }];
    }),
    ...template.taskData.map((data) => ({
      version: PROVIDER_VERSIONS.taskData,
      reason: data.address,
      at: data.block.headerSpan,
    })),
    ...template.catalogCalls.flatMap(needsOfModule),
  ];
  needs.sort((a, b) => compare(b.version, a.version));
  return {
    required: template.tree.nodes.flatMap(coderEntries),
    locked: template.tree.lockedProviders.get(PROVIDER_ADDRESS) ?? null,
    needs,
  };
}

function coderEntries(node: ModuleNode): CoderProviderEntry[] {
  return [...node.module.requiredProviders.values()]
    .filter(isCoderProvider)
    .map((entry) => ({ node, entry, constraint: constraintOf(entry.version) }));
}

function constraintOf(text: string | null): Constraint | null {
  const parsed = text === null ? null : parseConstraint(text, 'provider');
  return parsed === null || 'error' in parsed ? null : parsed;
}

/** Whether a `required_providers` entry is the coder provider; without a source its local name decides. */
export function isCoderProvider({ name, source }: RequiredProvider): boolean {
  if (source === null) return name === 'coder';
  // Terraform writes a source in lower case before it compares it (terraform-registry-address, ParseProviderPart).
  return /^(registry\.terraform\.io\/)?coder\/coder$/i.test(source);
}

/** Lower bounds that a module demands; nested modules count, since Terraform meets all constraints at once. */
function needsOfModule(call: CatalogCall): ProviderNeed[] {
  return (call.facts?.provider ?? []).flatMap((text) => {
    const lowest = constraintOf(text)?.lowest ?? null;
    if (lowest === null) return [];
    return [{ version: lowest, reason: `${call.address} (${call.id} ${call.resolved})`, at: call.at }];
  });
}

/** Whether the lock file pins the provider below a version; a prerelease of that version is not below it. */
export function isLockedBelow({ locked }: ProviderNeeds, version: string): boolean {
  return locked !== null && valid(locked.version) !== null && lt(locked.version, `${version}-0`);
}
