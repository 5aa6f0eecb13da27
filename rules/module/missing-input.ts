import { buildFix } from '../../src/coder/migration-fix.ts';
import {
  type CalledModule,
  calledModulesOf,
  formerDefault,
  renamedInput,
} from '../../src/coder/module-inputs.ts';
import type { Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'module/missing-input',
  summary: 'Finds module calls that leave out an argument that the called release demands.',
  messages: {
    missing: ({ address, input, module }: { address: string; input: string; module: string }) => ({
      problem: `${address} does not set "${input}", which ${module} demands.`,
      advice: `Set ${input}.`,
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    for (const called of calledModulesOf(template)) {
      const { address, call, name: module, inputs } = called;
      for (const [input, { required }] of inputs) {
        if (!required || call.inputs.has(input) || hasOldName(called, input)) continue;
        const value = valueFor(template, called, input);
        const mended =
          value === null
            ? {}
            : buildFix(`Set ${input}`, 'review', (fix) =>
                fix.inBlock(call.block).setArgument(call.block, input, value),
              );
        const data = { address, input, module };
        report({ message: 'missing', data, at: call.block.headerSpan, address, ...mended });
      }
    }
  },
});

/** module/unknown-input renames it. */
function hasOldName({ call, catalogCall }: CalledModule, input: string): boolean {
  return (
    catalogCall !== null && [...call.inputs.keys()].some((name) => renamedInput(catalogCall, name) === input)
  );
}

/** The only agent there is, or what the input was by default before it had to be set. */
function valueFor(template: Template, { node, catalogCall }: CalledModule, input: string): string | null {
  if (catalogCall === null) return null;
  if (input === 'agent_id') {
    const [agent, ...others] = template.agents.filter((candidate) => candidate.node === node);
    const isPlain = agent?.resource.count === undefined && agent?.resource.forEach === undefined;
    return agent !== undefined && others.length === 0 && isPlain ? `${agent.resource.address}.id` : null;
  }
  const text = formerDefault(catalogCall, input);
  return text === null ? null : JSON.stringify(text);
}
