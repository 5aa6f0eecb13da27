import { compare, lt, valid } from 'semver';
import { asBool, asString } from '../terraform/value.ts';
import type { AgentModule } from './agent-modules.ts';
import type { Template } from './template.ts';

/** Why a paused task does not resume with its conversation; null when it does, or when that is not known. */
type PersistenceGap =
  /** The module's release cannot do it. */
  | { readonly kind: 'too-old'; readonly minimum: string }
  /** It is switched off. */
  | { readonly kind: 'off' }
  /** The release of AgentAPI that gets installed cannot do it. */
  | { readonly kind: 'agentapi'; readonly version: string };

/** First releases that keep the state of AgentAPI (coder/coder, docs/ai-coder/agent-compatibility.md at v2.35.1; coder/registry#736). */
const FIRST_RELEASE: Readonly<Record<string, string>> = {
  'coder/agentapi': '2.2.0',
  'coder/claude-code': '4.8.0',
  'coder-labs/codex': '4.2.0',
};

/** Below this AgentAPI skips it with a warning (coder/registry, agentapi scripts/main.sh at v2.4.0). */
export const FIRST_AGENTAPI = '0.12.0';

/** What keeps an agent module of the current generation from resuming where a task was paused. */
export function persistenceGapOf(
  template: Template,
  { id, node, call, facts, resolved, tasks }: AgentModule,
): PersistenceGap | null {
  const minimum = FIRST_RELEASE[id];
  if (minimum === undefined || facts === null || resolved === null || tasks !== 'exports-app-id') return null;
  if (compare(resolved, minimum) < 0) return { kind: 'too-old', minimum };

  const read = (input: string) => {
    const argument = call.inputs.get(input);
    if (argument !== undefined) return template.atImport.valueOf(node, argument.value);
    const fallback = facts.inputs[input]?.default;
    return typeof fallback === 'boolean'
      ? ({ kind: 'bool', value: fallback } as const)
      : ({ kind: 'string', value: String(fallback ?? '') } as const);
  };
  if (asBool(read('enable_state_persistence')) === false) return { kind: 'off' };

  if (asBool(read('install_agentapi')) !== true) return null;
  const version = asString(read('agentapi_version'));
  const release = valid(version);
  if (version === null || release === null || !lt(release, FIRST_AGENTAPI)) return null;
  return { kind: 'agentapi', version };
}
