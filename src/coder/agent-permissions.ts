import type { Argument } from '../hcl/syntax.ts';
import { asBool, asString, type Value } from '../terraform/value.ts';
import type { AgentModule } from './agent-modules.ts';
import type { Template } from './template.ts';

/** An input of an agent module that lets the agent do everything without asking. */
interface PermissionBypass {
  readonly agent: AgentModule;
  readonly argument: Argument;
  /** The setting, in words: `permission_mode = "bypassPermissions"`. */
  readonly setting: string;
}

const isTrue = (value: Value) => asBool(value) === true;

/** By module and input, the values that switch questions off (variables of the registry's modules at their Tasks releases). */
const SWITCHES: Readonly<Record<string, Readonly<Record<string, (value: Value) => boolean>>>> = {
  'coder/claude-code': {
    dangerously_skip_permissions: isTrue,
    permission_mode: (value) => asString(value) === 'bypassPermissions',
  },
  'coder-labs/codex': {
    sandbox_mode: (value) => asString(value) === 'danger-full-access',
    // TOML; a line that is commented out does not count.
    base_config_toml: (value) =>
      /^[ \t]*sandbox_mode[ \t]*=[ \t]*["']danger-full-access/m.test(asString(value) ?? ''),
  },
  'coder-labs/gemini': { enable_yolo_mode: isTrue },
  'coder-labs/copilot': { allow_all_tools: isTrue },
  'coder-labs/cursor-cli': { force: isTrue },
  'coder/amazon-q': { trust_all_tools: isTrue },
  'harleylrn/kiro-cli': { trust_all_tools: isTrue },
};

/** The inputs that switch an agent's questions off; values that the files do not decide are left out. */
export function permissionBypassesOf(template: Template): PermissionBypass[] {
  return template.agentModules.flatMap((agent) =>
    Object.entries(SWITCHES[agent.id] ?? {}).flatMap(([name, bypasses]) => {
      const argument = agent.call.inputs.get(name);
      if (agent.node.remote || argument === undefined) return [];
      const value = template.atImport.valueOf(agent.node, argument.value);
      if (!bypasses(value)) return [];
      const text = name === 'base_config_toml' ? 'sandbox_mode = "danger-full-access"' : null;
      const shown = asBool(value) === true ? 'true' : JSON.stringify(asString(value));
      return [{ agent, argument, setting: text ?? `${name} = ${shown}` }];
    }),
  );
}

const FLAGS: readonly { readonly program: RegExp; readonly flag: RegExp }[] = [
  {
    program: /\bclaude\b/,
    flag: /--(?:allow-)?dangerously-skip-permissions|--permission-mode[ =]bypassPermissions/,
  },
  { program: /\bcodex\b/, flag: /--dangerously-bypass-approvals-and-sandbox|--yolo/ },
  { program: /\bgemini\b/, flag: /--yolo/ },
  { program: /\bamp\b/, flag: /--dangerously-allow-all/ },
  { program: /\bcopilot\b/, flag: /--allow-all-tools/ },
  { program: /\b(?:q chat|kiro-cli)\b/, flag: /--trust-all-tools/ },
  { program: /\bcursor-agent\b/, flag: /--force/ },
];

/** All flags: nearly every text has none of them. */
const MAY_BYPASS = new RegExp(FLAGS.map(({ flag }) => flag.source).join('|'));

/** The flag with which a script starts an agent that asks nothing; null when there is none. */
export function bypassFlagIn(script: string): string | null {
  if (!MAY_BYPASS.test(script)) return null;
  for (const line of script.split('\n')) {
    // What a script says or has commented out, it does not do.
    if (/^\s*(?:#|echo\b|printf\b)/.test(line)) continue;
    for (const { program, flag } of FLAGS) {
      const found = program.exec(line);
      const match = found === null ? null : flag.exec(line.slice(found.index));
      if (match !== null) return match[0];
    }
  }
  return null;
}

/** Whether the template keeps an agent behind Coder's Agent Firewall, as far as the files decide it. */
export function hasAgentFirewall(template: Template, agent: AgentModule | null): boolean {
  if (template.catalogCalls.some(({ id }) => id === 'coder/agent-firewall')) return true;
  const calls = agent === null ? template.agentModules : [agent];
  return calls.some(({ node, call }) => {
    const argument = call.inputs.get('enable_boundary');
    return argument !== undefined && asBool(template.atImport.valueOf(node, argument.value)) !== false;
  });
}
