import type { OpaqueCall } from '../../src/coder/agent-modules.ts';
import type { Template } from '../../src/coder/template.ts';
import { isListed } from '../../src/coder/verdict.ts';
import { defineRule, linesFrom, since } from '../../src/rule.ts';

export default defineRule({
  id: 'module/unresolved',
  summary: 'Finds module calls whose content is not known, so that the verdict may hang on them.',
  messages: {
    missing: ({ address, source }: { address: string; source: string }) => ({
      problem: `${address} calls "${source}", where there are no Terraform files.`,
      advice: 'Correct the path, or add the module to the template.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    noSource: ({ address }: { address: string }) => ({
      problem: `${address} has no source that can be read as text.`,
      advice: 'Set source to a literal string, which Terraform demands.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    cycle: ({ address }: { address: string }) => ({
      problem: `${address} calls a module that it is itself part of.`,
      advice: 'Break the cycle of module calls.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    tooDeep: ({ address }: { address: string }) => ({
      problem: `${address} lies deeper in modules than is read, so what it brings is not known.`,
      advice: 'Flatten the modules.',
      effects: since({ '2.24': 'advice' }),
    }),
    remote: ({ address, source }: { address: string; source: string }) => ({
      problem: `${address} gets an agent and comes from "${source}", of which nothing is known: it may bring a coder_ai_task.`,
      advice:
        'Run `terraform init` before linting, or name a catalogue of that registry in the configuration.',
      effects: since({ '2.24': 'advice', '2.37': null }),
      leavesOpen: linesFrom('2.24', '2.37'),
    }),
    hidesApp: ({ address, source }: { address: string; source: string }) => ({
      problem: `The task takes its app from ${address}, which comes from "${source}", of which nothing is known.`,
      advice:
        'Run `terraform init` before linting, or name a catalogue of that registry in the configuration.',
      effects: since({ '2.24': 'advice', '2.37': null }),
      leavesOpen: linesFrom('2.24', '2.37'),
    }),
    unknownVersion: ({ address, source, isOpen }: { address: string; source: string; isOpen: boolean }) => ({
      problem: `${address} asks for a version of "${source}" that the catalogue does not have.`,
      advice: 'Pin a released version.',
      effects: since({ '2.24': 'advice', '2.37': null }),
      leavesOpen: isOpen ? linesFrom('2.24', '2.37') : [],
    }),
  },
  check(template, { report }) {
    const hiding = template.isAboutTasks ? callsHidingApps(template) : new Set<string>();
    const agents = new Set(template.isAboutTasks ? template.agentModules.map(({ address }) => address) : []);
    const inQuestion = isInQuestion(template);
    for (const opaque of template.opaqueCalls) {
      const { address, call, at } = opaque;
      const isOpen = opaque.mayDefineTask && inQuestion;
      const data = { address, source: call.source ?? '', isOpen };
      const message = hiding.has(address) ? 'hidesApp' : messageFor(opaque, isOpen, agents);
      if (message !== null) report({ message, data, at, address });
    }
  },
});

function messageFor(opaque: OpaqueCall, isOpen: boolean, agents: ReadonlySet<string>) {
  switch (opaque.reason) {
    case 'missing':
      return 'missing';
    case 'no-source':
      return 'noSource';
    case 'cycle':
      return 'cycle';
    case 'too-deep':
      return 'tooDeep';
    case 'remote':
      return isOpen ? 'remote' : null;
    case 'unknown-version':
      return agents.has(opaque.address) ? 'unknownVersion' : null;
  }
}

/** A template that is listed without the module, or that has nothing to do with Tasks, does not hang on it. */
function isInQuestion(template: Template): boolean {
  return isListed(template, { detection: 'planned-at-import' }) === null;
}

/** Addresses of the calls from which a task takes its app, where that is all it can be. */
function callsHidingApps(template: Template): ReadonlySet<string> {
  const remote = template.opaqueCalls.filter(
    ({ reason }) => reason === 'remote' || reason === 'unknown-version',
  );
  const hiding = new Set<string>();
  const opaque = new Set(template.opaqueCalls.map(({ address }) => address));
  for (const task of remote.length === 0 ? [] : template.aiTasks) {
    const targets = template.taskTargets(task);
    const outputs = targets.flatMap((target) => (target.kind === 'module-output' ? [target.address] : []));
    if (targets.some(({ kind }) => kind === 'app') || !outputs.every((address) => opaque.has(address)))
      continue;
    for (const address of outputs) hiding.add(address);
  }
  return new Set(remote.flatMap(({ address }) => (hiding.has(address) ? [address] : [])));
}
