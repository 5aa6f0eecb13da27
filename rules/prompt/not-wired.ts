import type { Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'prompt/not-wired',
  summary: "Finds Task templates in which nothing hands the user's prompt to an agent.",
  messages: {
    lost: ({ address, agent }: { address: string; agent: string }) => ({
      problem: `${address} makes a task, and nothing in the template reads its prompt: ${agent} starts without one.`,
      advice: "Hand data.coder_task.<name>.prompt to the agent, for instance as the module's ai_prompt.",
      effects: since({ '2.24': 'prompt-lost', '2.37': null }),
    }),
    nowhere: ({ address }: { address: string }) => ({
      problem: `${address} makes a task, and nothing in the template reads its prompt; an agent that does not ask Coder itself starts without one.`,
      advice: 'Hand data.coder_task.<name>.prompt to the agent.',
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
  },
  check(template, { report }) {
    const [task] = template.aiTasks;
    if (task === undefined || isWired(template)) return;
    const { address, at } = task;
    const agent = agentOfTask(template);
    if (agent === null) report({ message: 'nowhere', data: { address }, at, address });
    else report({ message: 'lost', data: { address, agent }, at, address });
  },
});

function isWired(template: Template): boolean {
  const { fromTask, fromParameter } = template.promptWiring;
  // A module that declares the parameter itself reads it itself.
  const isWiredInside = template.promptParameters.some((prompt) => prompt.parameter === null);
  return (
    fromTask.length > 0 || isWiredInside || [...fromParameter.values()].some((sinks) => sinks.length > 0)
  );
}

/** The registry module that runs the agent of the task: it takes a prompt from the template or has none. */
function agentOfTask(template: Template): string | null {
  for (const { call, source, appExpression } of template.aiTasks) {
    if (call !== null) return call.address;
    if (source === null || appExpression === null) continue;
    const target = template
      .appTargets(source.node, appExpression)
      .find((candidate) => candidate.kind === 'module-output' && candidate.call !== null);
    if (target?.kind === 'module-output') return target.address;
  }
  return null;
}
