import type { AgentModule } from '../../src/coder/agent-modules.ts';
import { type AgentVariable, agentVariablesOf, fateOf } from '../../src/coder/legacy-env.ts';
import { buildFix } from '../../src/coder/migration-fix.ts';
import { defineRule, since } from '../../src/rule.ts';
import { textOf } from '../../src/source/source-file.ts';

const effects = since({ '2.24': 'degraded', '2.37': null });

export default defineRule({
  id: 'prompt/legacy-env',
  summary:
    'Finds environment variables that only older releases of the agent module read, or that it sets itself.',
  messages: {
    moved: ({ name, module, address, input }: Named & { input: string }) => ({
      problem: `${name} was read by older releases of the module: ${address} (${module}) takes the input ${input} instead.`,
      advice: `Set ${input} of the module, and remove the variable.`,
      effects,
    }),
    dropped: ({ name, module, address, why }: Named & { why: string }) => ({
      problem: `${name} was read by older releases of the module; ${address} is ${module}, and ${why}.`,
      advice: 'Remove the variable.',
      effects,
    }),
    twice: ({ name, module, address }: Named) => ({
      problem: `${name} is set by ${address} (${module}) too, and which of the two values wins is not defined.`,
      advice: 'Set it through the inputs of the module alone.',
      effects,
    }),
  },
  check(template, { report }) {
    const agents = new Map<string, AgentModule>();
    for (const agent of template.agentModules) {
      const release = `${agent.id} ${agent.resolved}`;
      // Another call of the same release has the same to say of a variable.
      if (agent.tasks !== 'none' && agent.resolved !== null && !agents.has(release))
        agents.set(release, agent);
    }
    for (const variable of agentVariablesOf(template)) {
      const { name, at, source } = variable;
      for (const [module, agent] of agents) {
        const fate = fateOf(agent, name);
        const data = { name, address: agent.address, module };
        const common = { at, address: source.address, related: [{ span: agent.at, text: 'the module' }] };
        if (fate?.action === 'move' && agent.facts?.inputs[fate.input] !== undefined) {
          const mended = moveTo(agent, fate.input, variable);
          report({ message: 'moved', data: { ...data, input: fate.input }, ...common, ...mended });
        } else if (fate?.action === 'drop') {
          report({ message: 'dropped', data: { ...data, why: fate.why }, ...common });
        } else if (fate === null && setsItself(agent, variable))
          report({ message: 'twice', data, ...common });
        else continue;
        break;
      }
    }
  },
});

interface Named {
  readonly name: string;
  readonly module: string;
  readonly address: string;
}

/** The agent's own `env` is overruled by every coder_env; only two coder_env are in each other's way. */
function setsItself({ facts }: AgentModule, { name, source, merges }: AgentVariable): boolean {
  return source.resource.type === 'coder_env' && !merges && facts?.envNames.includes(name) === true;
}

function moveTo({ node, call }: AgentModule, input: string, { source, value }: AgentVariable) {
  const text = textOf(value.span);
  const isPlain =
    source.resource.type === 'coder_env' && source.node === node && !/\b(count|each)\./.test(text);
  if (!isPlain || call.inputs.has(input)) return {};
  return buildFix(`Set ${input} of ${call.address}`, 'review', (fix) => {
    fix.inBlock(call.block).setArgument(call.block, input, text);
    fix.inBlock(source.block).remove(source.block);
  });
}
