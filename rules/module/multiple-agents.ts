import type { AgentModule } from '../../src/coder/agent-modules.ts';
import type { Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';
import { addressOf } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'module/multiple-agents',
  summary: 'Finds two agent modules that run AgentAPI on the same agent.',
  messages: {
    same: ({ address, other }: { address: string; other: string }) => ({
      problem: `${address} and ${other} both start AgentAPI on one agent: they write the same files below /tmp and listen on the same port.`,
      advice: 'Keep one of them, or make sure that only one is planned at a time.',
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
  },
  check(template, { report }) {
    const seen = new Map<string, AgentModule>();
    for (const agent of template.agentModules) {
      const { address, node, call, tasks, at } = agent;
      const runsAgentApi = tasks === 'exports-app-id' || tasks === 'defines-task';
      const { count } = template.atImport.totalInstancesOf(node, call);
      const key = agentOf(template, agent);
      if (!runsAgentApi || node.remote || count === null || count === 0 || key === null) continue;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, agent);
      else {
        const related = [{ span: first.at, text: 'the other one' }];
        report({ message: 'same', data: { address, other: first.address }, at, address, related });
      }
    }
  },
});

/** The coder_agent that a module is handed; null when the call does not name one. */
function agentOf(template: Template, { node, call }: AgentModule): string | null {
  const value = call.inputs.get('agent_id')?.value;
  const address = value?.kind === 'traversal' ? (addressOf(value)?.address ?? null) : null;
  const agent = address === null ? undefined : template.blockAt(node, address);
  return agent?.resource.type === 'coder_agent' ? agent.address : null;
}
