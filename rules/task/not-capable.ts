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
      problem: `${address} is made for Tasks, but neither the template nor a module that it calls creates a coder_ai_task.`,
      advice:
        'Add a coder_ai_task resource whose app_id is the app of the agent; where the agent is only a tool, ignore this rule.',
      effects: since({ '2.24': 'not-capable', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    // The template that calls a module makes the task (coder/claude-code from 4.0.0).
    if (template.isModule) return;
    if (!template.isAboutTasks || isListed(template, { detection: 'any-in-graph' }) !== false) return;
    const part = firstPart(template);
    if (part !== undefined) {
      const { address, at } = part;
      report({ message: 'noTask', data: { address }, at, address, ...addTaskFix(template, target) });
    }
  },
});

/** The part that a reader will recognise best: an agent module with Tasks support, else the prompt, else a module that lost it. */
function firstPart(template: Template): { address: string; at: Span } | undefined {
  const [agent, other] = [true, false].map((hasTasks) => {
    const found = template.agentModules.find((module) => (module.tasks !== 'none') === hasTasks);
    return found && { address: found.address, at: found.call.block.headerSpan };
  });
  const data = template.taskData[0];
  const prompt = data && { address: data.address, at: data.block.headerSpan };
  return agent ?? prompt ?? template.promptParameters[0] ?? other;
}
