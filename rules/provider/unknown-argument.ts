import { coderBlocksOf, schemaFaults } from '../../src/coder/block-check.ts';
import { providerRangeOf } from '../../src/coder/provider-range.ts';
import { defineRule, since } from '../../src/rule.ts';

const effects = since({ '2.24': 'import-fails' });

export default defineRule({
  id: 'provider/unknown-argument',
  summary: 'Finds arguments and blocks of coder_* blocks that the coder provider refuses.',
  messages: {
    unknown: ({ address, name }: Fault) => ({
      problem: `${address} has "${name}", which its type does not know.`,
      advice: 'Correct the name, or remove it.',
      effects,
    }),
    'read-only': ({ address, name }: Fault) => ({
      problem: `${address} sets "${name}", which only the provider sets.`,
      advice: `Remove ${name}.`,
      effects,
    }),
    missing: ({ address, name }: Fault) => ({
      problem: `${address} lacks "${name}", which the provider demands.`,
      advice: `Set ${name}.`,
      effects,
    }),
    repeated: ({ address, name }: Fault) => ({
      problem: `${address} has more than one "${name}" block, and its type takes one.`,
      advice: 'Keep one of the blocks.',
      effects,
    }),
    'not-a-block': ({ address, name }: Fault) => ({
      problem: `${address} has a block "${name}", which is an argument.`,
      advice: `Write ${name} = … instead of a block.`,
      effects,
    }),
    'not-an-argument': ({ address, name }: Fault) => ({
      problem: `${address} sets "${name}" as an argument, and it is a block.`,
      advice: `Write ${name} { … } without an equals sign.`,
      effects,
    }),
    conflict: ({ address, name, other }: Fault & { other: string }) => ({
      problem: `${address} has both "${name}" and "${other}", which exclude each other.`,
      advice: 'Keep one of them.',
      effects,
    }),
    invalid: ({ address, name, expected }: Fault & { expected: string }) => ({
      problem: `${address} gives "${name}" a value that the provider refuses: it takes ${expected}.`,
      advice: 'Correct the value.',
      effects,
    }),
    'not-yet': ({ address, name, version }: Fault & { version: string }) => ({
      problem: `${address} has "${name}", which came with version ${version} of the coder provider, and the template keeps to an older one.`,
      advice: `Admit version ${version} of the provider.`,
      effects,
    }),
    'no-longer': ({ address, name, version }: Fault & { version: string }) => ({
      problem: `${address} has "${name}", which version ${version} of the coder provider removed.`,
      advice: `Remove ${name}.`,
      effects,
    }),
  },
  check(template, { report }) {
    const provider = providerRangeOf(template);
    for (const block of coderBlocksOf(template)) {
      const { address } = block;
      for (const fault of schemaFaults(block, provider)) {
        const { at, name } = fault;
        if (fault.kind === 'conflict') {
          const related = [{ span: fault.otherAt, text: `${fault.other} is set here` }];
          report({ message: 'conflict', data: { address, name, other: fault.other }, at, address, related });
        } else if (fault.kind === 'invalid') {
          report({ message: 'invalid', data: { address, name, expected: fault.expected }, at, address });
        } else if (fault.kind === 'not-yet' || fault.kind === 'no-longer') {
          report({ message: fault.kind, data: { address, name, version: fault.version }, at, address });
        } else report({ message: fault.kind, data: { address, name }, at, address });
      }
    }
  },
});

interface Fault {
  readonly address: string;
  readonly name: string;
}
