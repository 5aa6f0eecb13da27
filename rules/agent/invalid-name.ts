import { buildFix } from '../../src/coder/migration-fix.ts';
import type { CoderBlock, Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

/** provisioner/regexes.go of coder/coder: no underscores, which Coder refuses since February 2025. */
const AGENT_NAME = /^[a-z0-9](-?[a-z0-9])*$/i;

export default defineRule({
  id: 'agent/invalid-name',
  summary: 'Finds agents whose Terraform name, which is their name in Coder, Coder refuses.',
  messages: {
    invalid: ({ address, name }: { address: string; name: string }) => ({
      problem: `${address} gives its agent the name "${name}", and Coder takes letters, digits and single hyphens between them.`,
      advice: 'Rename the resource, with hyphens for underscores.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    duplicate: ({ address, name, other }: { address: string; name: string; other: string }) => ({
      problem: `${address} gives its agent the name "${name}", which ${other} gives to its own: agent names are unique whatever their case.`,
      advice: 'Rename one of the resources.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    const seen = new Map<string, CoderBlock>();
    for (const agent of template.agents) {
      const { address, node, resource, block } = agent;
      const { count } = template.atImport.totalInstancesOf(node, resource);
      if (count === 0 || count === null || node.remote) continue;
      const { name } = resource;
      const at = block.labels[1]?.span ?? block.headerSpan;
      if (!AGENT_NAME.test(name)) {
        report({ message: 'invalid', data: { address, name }, at, address, ...renaming(template, agent) });
      }
      const first = seen.get(name.toLowerCase());
      if (first === undefined) seen.set(name.toLowerCase(), agent);
      else {
        const related = [{ span: first.block.headerSpan, text: 'the other agent' }];
        report({ message: 'duplicate', data: { address, name, other: first.address }, at, address, related });
      }
    }
  },
});

/** The new name in the block and in every reference to it. */
function renaming(template: Template, agent: CoderBlock) {
  const name = agent.resource.name.replace(/_+/g, '-').replace(/^-|-$/g, '');
  const label = agent.block.labels[1];
  const isFree = template.blockAt(agent.node, `coder_agent.${name}`) === undefined;
  if (label === undefined || !isFree || !/^[a-z]/i.test(name) || !AGENT_NAME.test(name)) return {};
  return buildFix(`Rename the agent to ${name}`, 'review', (fix) => {
    fix.inBlock(agent.block).replace(label, JSON.stringify(name));
    for (const { traversal } of template.referencesTo(agent)) {
      const step = traversal.steps[0];
      if (step !== undefined) fix.in(traversal).replace(step, `.${name}`);
    }
  });
}
