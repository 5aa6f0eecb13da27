import type { CatalogCall } from '../../src/coder/agent-modules.ts';
import type { Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';
import { asBool, asString } from '../../src/terraform/value.ts';

export default defineRule({
  id: 'security/unpinned-agent',
  summary: 'Finds agent modules that install whatever release of a program is the newest.',
  messages: {
    asked: ({ address, input, value }: { address: string; input: string; value: string }) => ({
      problem: `${address} asks for ${input} = "${value}": each workspace installs what is the newest release when it starts.`,
      advice: 'Name a release.',
      effects: since({ '2.24': 'advice' }),
    }),
    byDefault: ({ address, input }: { address: string; input: string }) => ({
      problem: `${address} does not set ${input}: each workspace installs what is the newest release when it starts.`,
      advice: `Set ${input} to a release.`,
      effects: since({ '2.24': 'advice' }),
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    for (const called of [...template.agentModules, ...firewalls(template)]) {
      const { address, call, facts } = called;
      if (called.node.remote) continue;
      for (const [input, { default: fallback }] of Object.entries(facts?.inputs ?? {})) {
        if (!input.endsWith('_version') || !isInstalled(template, called, input)) continue;
        const argument = call.inputs.get(input);
        if (argument === undefined) {
          if (typeof fallback !== 'string' || !isFloating(fallback)) continue;
          report({ message: 'byDefault', data: { address, input }, at: called.at, address });
          continue;
        }
        const value = asString(template.atImport.valueOf(called.node, argument.value));
        if (value === null || !isFloating(value)) continue;
        report({ message: 'asked', data: { address, input, value }, at: argument.value.span, address });
      }
    }
  },
});

function firewalls(template: Template): CatalogCall[] {
  return template.catalogCalls.filter(({ id }) => id === 'coder/agent-firewall');
}

/** Names under which the modules take the newest release; empty means the same to all of them. */
function isFloating(version: string): boolean {
  return /^(?:|latest|stable|main|nightly)$/.test(version);
}

/** Whether the module installs the program of which the input names the version. */
function isInstalled(template: Template, { node, call }: CatalogCall, input: string): boolean {
  const program = input.slice(0, -'_version'.length);
  const isTrue = (name: string) => {
    const argument = call.inputs.get(name);
    return argument === undefined ? null : asBool(template.atImport.valueOf(node, argument.value));
  };
  // Off unless asked for.
  if (program === 'boundary') return isTrue('enable_boundary') === true;
  return isTrue(`install_${program}`) !== false;
}
