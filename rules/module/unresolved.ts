import { defineRule, since } from '../../src/rule.ts';

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
    }),
    unknownVersion: ({ address, source }: { address: string; source: string }) => ({
      problem: `${address} asks for a version of "${source}" that the catalogue does not have.`,
      advice: 'Pin a released version.',
      effects: since({ '2.24': 'advice', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const opaque of template.opaqueCalls) {
      const { address, call, at } = opaque;
      const source = call.source ?? '';
      switch (opaque.reason) {
        case 'missing':
          report({ message: 'missing', data: { address, source }, at, address });
          break;
        case 'no-source':
          report({ message: 'noSource', data: { address }, at, address });
          break;
        case 'cycle':
          report({ message: 'cycle', data: { address }, at, address });
          break;
        case 'too-deep':
          report({ message: 'tooDeep', data: { address }, at, address });
          break;
        case 'remote':
          if (opaque.mayDefineTask) report({ message: 'remote', data: { address, source }, at, address });
          break;
        case 'unknown-version':
          if (opaque.mayDefineTask)
            report({ message: 'unknownVersion', data: { address, source }, at, address });
          break;
      }
    }
  },
});
