import type { AgentModule } from '../../src/coder/agent-modules.ts';
import { newestTasksVersion } from '../../src/coder/catalog/catalog.ts';
import { moduleFix } from '../../src/coder/migration-module.ts';
import { isPastTasks } from '../../src/coder/module-inputs.ts';
import type { Template } from '../../src/coder/template.ts';
import { minorOf } from '../../src/coder/versions.ts';
import { defineRule, since } from '../../src/rule.ts';
import { attributeRead, referencesTo } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'module/dropped-tasks',
  summary: 'Finds Task templates whose agent module resolves to a release without Tasks support.',
  messages: {
    unsupported: ({ address, module, version, newest, parts }: Dropped & { parts: string }) => ({
      problem: `${address} resolves to ${module} ${version}, which no longer supports Tasks and does not know ${parts}.`,
      advice: `Pin ${module} to "~> ${minorOf(newest)}".`,
      effects: since({ '2.24': 'import-fails' }),
    }),
    withoutTasks: ({ address, module, version, newest }: Dropped) => ({
      problem: `${address} resolves to ${module} ${version}, which no longer supports Tasks: it starts no chat that a task could show.`,
      advice: `Pin ${module} to "~> ${minorOf(newest)}".`,
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
  },
  check(template, { report, target }) {
    for (const agent of template.agentModules) {
      const { address, id: module, resolved, at } = agent;
      const newest = newestTasksVersion(agent.module);
      if (agent.tasks !== 'none' || newest === null || resolved === null || !isPastTasks(agent)) continue;
      const parts = unsupportedParts(agent);
      const mended = moduleFix(template, agent, target);
      const data = { address, module, version: resolved, newest };
      if (parts.length > 0) {
        report({
          message: 'unsupported',
          data: { ...data, parts: parts.join(', ') },
          at,
          address,
          ...mended,
        });
      } else if (isTaskAgent(template)) {
        report({ message: 'withoutTasks', data, at, address, ...mended });
      }
    }
  },
});

interface Dropped {
  readonly address: string;
  readonly module: string;
  readonly version: string;
  readonly newest: string;
}

/** Inputs that are set and outputs that are read although this release has none of that name. */
function unsupportedParts({ node, call, facts }: AgentModule): string[] {
  if (facts === null) return [];
  const inputs = [...call.inputs.keys()].filter((name) => !Object.hasOwn(facts.inputs, name));
  const outputs = referencesTo(node.module, call.address).flatMap((reference) => {
    const read = attributeRead(reference);
    return read === null || reference.guarded || facts.outputs.includes(read) ? [] : [read];
  });
  return [
    ...inputs.map((name) => `the input ${name}`),
    ...[...new Set(outputs)].map((name) => `the output ${name}`),
  ];
}

/** Only a template whose task hangs on nothing else means this module to be its agent. */
function isTaskAgent(template: Template): boolean {
  return template.isAboutTasks && template.agentModules.every((other) => other.tasks === 'none');
}
