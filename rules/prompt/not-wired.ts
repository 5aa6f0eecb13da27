import { wirePrompt } from '../../src/coder/migration-app-id.ts';
import type { Template } from '../../src/coder/template.ts';
import { defineRule, linesFrom, since } from '../../src/rule.ts';

export default defineRule({
  id: 'prompt/not-wired',
  summary: "Finds Task templates in which nothing hands the user's prompt to an agent.",
  messages: {
    nowhere: ({ address }: { address: string }) => ({
      problem: `${address} makes a task, and nothing in the template reads its prompt: the agent starts without one.`,
      advice: "Hand data.coder_task.<name>.prompt to the agent, for instance as the module's ai_prompt.",
      effects: since({ '2.24': 'prompt-lost', '2.37': null }),
    }),
    perhapsInModule: ({ address, module }: { address: string; module: string }) => ({
      problem: `${address} makes a task, and nothing that can be read takes its prompt; ${module}, of which nothing is known, may.`,
      advice: 'Run `terraform init` before linting, or hand data.coder_task.<name>.prompt to the module.',
      effects: since({ '2.24': 'degraded', '2.37': null }),
      leavesOpen: linesFrom('2.24', '2.37'),
    }),
    inModule: ({ address }: { address: string }) => ({
      problem: `${address} makes a task, and nothing here reads its prompt: who calls this module may hand it to the agent.`,
      advice: 'Lint the template that calls this module.',
      effects: since({ '2.24': 'advice', '2.37': null }),
      leavesOpen: linesFrom('2.24', '2.37'),
    }),
  },
  check(template, { report, target }) {
    const [task] = template.aiTasks;
    if (task === undefined || isWired(template)) return;
    const { address, at } = task;
    if (template.isModule) {
      report({ message: 'inModule', data: { address }, at, address });
      return;
    }
    const opaque = template.opaqueCalls.find((call) => call.mayDefineTask);
    if (opaque !== undefined) {
      report({ message: 'perhapsInModule', data: { address, module: opaque.address }, at, address });
      return;
    }
    report({ message: 'nowhere', data: { address }, at, address, ...wirePrompt(template, target) });
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
