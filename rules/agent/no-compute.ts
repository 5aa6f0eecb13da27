import { hasCompute } from '../../src/coder/agent-compute.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'agent/no-compute',
  summary: 'Finds agents of Task templates that no machine or container runs.',
  messages: {
    none: ({ address }: { address: string }) => ({
      problem: `No resource that runs anything depends on ${address}, so Coder drops the agent with all its apps.`,
      advice: "Start the agent's init_script with its token in a container, pod or machine.",
      effects: since({ '2.24': 'degraded' }),
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    for (const agent of template.agents) {
      const { address, node, resource, block } = agent;
      const { count } = template.atImport.totalInstancesOf(node, resource);
      if (node.remote || count === 0 || hasCompute(template, agent)) continue;
      report({ message: 'none', data: { address }, at: block.headerSpan, address });
    }
  },
});
