import { addTaskFix } from '../../src/coder/migration-app-id.ts';
import type { Template } from '../../src/coder/template.ts';
import { isListed } from '../../src/coder/verdict.ts';
import { defineRule, since } from '../../src/rule.ts';
import type { Span } from '../../src/source/source-file.ts';

export default defineRule({
  id: 'task/not-capable',
  summary:
    'Finds templates with Tasks parts (an agent module, a prompt) in which nothing creates a coder_ai_task.',
  messages: {
    noTask: ({ address }: { address: string }) => ({
      problem: `${address} is there for Tasks, but neither the template nor a module that it calls creates a coder_ai_task.`,
      advice: 'Add a coder_ai_task resource whose app_id is the app of the agent.',
      effects: since({ '2.24': 'not-capable', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    if (!template.isAboutTasks || isListed(template, { detection: 'any-in-graph' }) !== false) return;
    const part = firstPart(template);
    if (part !== undefined) {
      const { address, at } = part;
      report({ message: 'noTask', data: { address }, at, address, ...addTaskFix(template, target) });
    }
  },
});

/** The part that a reader will recognise best: the agent module, else the prompt. */
function firstPart(template: Template): { address: string; at: Span } | undefined {
  const agent = template.agentModules.find((module) => module.tasks !== 'none') ?? template.agentModules[0];
  if (agent !== undefined) return { address: agent.address, at: agent.call.block.headerSpan };
  const data = template.taskData[0];
  if (data !== undefined) return { address: data.address, at: data.block.headerSpan };
  return template.promptParameters[0];
}
