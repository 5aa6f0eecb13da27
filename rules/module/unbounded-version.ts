import { admittedMajors, newestTasksVersion } from '../../src/coder/catalog/catalog.ts';
import { NO_FIX } from '../../src/coder/migration-fix.ts';
import { pinFix } from '../../src/coder/migration-module.ts';
import { minorOf } from '../../src/coder/versions.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'module/unbounded-version',
  summary: 'Finds agent modules without a version, or with one that admits several major versions.',
  messages: {
    none: ({ address, newest }: { address: string; newest: string }) => ({
      problem: `${address} has no version, so that Terraform takes the newest release, whatever it dropped.`,
      advice: `Set version = "~> ${newest}".`,
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
    several: ({
      address,
      version,
      majors,
      newest,
    }: {
      address: string;
      version: string;
      majors: string;
      newest: string;
    }) => ({
      problem: `${address} asks for "${version}", which admits the major versions ${majors}.`,
      advice: `Set version = "~> ${newest}".`,
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    for (const agent of template.agentModules) {
      const { address, module, wanted, at } = agent;
      const best = newestTasksVersion(module) ?? module.releases.at(-1)?.version;
      if (wanted.kind !== 'constraint' || best === undefined) continue;
      const newest = minorOf(best);
      const majors = admittedMajors(module, wanted.text);
      // A release with other inputs is another matter: module/legacy-ai-task, module/dropped-tasks.
      const mended = agent.resolved === best ? pinFix(agent, best) : NO_FIX;
      if (wanted.text === null)
        report({ message: 'none', data: { address, newest }, at, address, ...mended });
      else if (majors.length > 1) {
        const data = { address, version: wanted.text, majors: majors.join(', '), newest };
        report({ message: 'several', data, at, address, ...mended });
      }
    }
  },
});
