import type { AgentModule } from '../../src/coder/agent-modules.ts';
import { buildFix } from '../../src/coder/migration-fix.ts';
import { FIRST_AGENTAPI, persistenceGapOf } from '../../src/coder/state-persistence.ts';
import { defineRule, since } from '../../src/rule.ts';

const EFFECTS = since({ '2.30': 'degraded', '2.37': null });

export default defineRule({
  id: 'lifecycle/state-persistence',
  summary: 'Finds agent modules whose conversation is lost when a task is paused.',
  messages: {
    tooOld: ({ address, module, minimum }: { address: string; module: string; minimum: string }) => ({
      problem: `${address} is ${module}, which forgets the conversation when the task is paused.`,
      advice: `Take release ${minimum} or a later one with Tasks support.`,
      effects: EFFECTS,
    }),
    off: ({ address }: { address: string }) => ({
      problem: `${address} does not keep the conversation when the task is paused: enable_state_persistence is false.`,
      advice: 'Set enable_state_persistence = true.',
      effects: EFFECTS,
    }),
    agentapi: ({ address, version }: { address: string; version: string }) => ({
      problem: `${address} installs AgentAPI ${version}, which cannot keep the conversation when the task is paused; v${FIRST_AGENTAPI} is the first that can.`,
      advice: `Set agentapi_version = "${AGENTAPI}".`,
      effects: EFFECTS,
    }),
  },
  check(template, { report }) {
    if (template.aiTasks.length === 0) return;
    for (const agent of template.agentModules) {
      const { address, id, resolved, node } = agent;
      const gap = node.remote ? null : persistenceGapOf(template, agent);
      if (gap?.kind === 'too-old') {
        const data = { address, module: `${id} ${resolved}`, minimum: gap.minimum };
        report({ message: 'tooOld', data, at: agent.at, address });
      } else if (gap?.kind === 'off') {
        const mended = setInput(agent, 'enable_state_persistence', 'true');
        report({
          message: 'off',
          data: { address },
          at: placeOf(agent, 'enable_state_persistence'),
          address,
          ...mended,
        });
      } else if (gap?.kind === 'agentapi') {
        const { version } = gap;
        const mended = setInput(agent, 'agentapi_version', `"${AGENTAPI}"`);
        report({
          message: 'agentapi',
          data: { address, version },
          at: placeOf(agent, 'agentapi_version'),
          address,
          ...mended,
        });
      }
    }
  },
});

/** The release of AgentAPI that coder-labs/codex 4.3.1 installs by default, so that modules are known to work with it. */
const AGENTAPI = 'v0.12.1';

function placeOf({ call, at }: AgentModule, input: string) {
  return call.inputs.get(input)?.value.span ?? at;
}

function setInput({ call }: AgentModule, input: string, value: string) {
  return buildFix(`Set ${input} = ${value}`, 'review', (fix) => {
    fix.inBlock(call.block).setArgument(call.block, input, value);
  });
}
