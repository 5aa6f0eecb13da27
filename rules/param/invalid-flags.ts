import { buildFix } from '../../src/coder/migration-fix.ts';
import { parameterFaults } from '../../src/coder/parameter-checks.ts';
import type { Parameter } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

const effects = since({ '2.24': 'import-fails' });

export default defineRule({
  id: 'param/invalid-flags',
  summary: 'Finds parameters whose flags, default, options or validation the provider refuses.',
  messages: {
    immutableEphemeral: ({ address }: Named) => ({
      problem: `${address} is ephemeral and cannot change, which exclude each other.`,
      advice: 'Set mutable = true, or drop ephemeral.',
      effects,
    }),
    ephemeralWithoutDefault: ({ address }: Named) => ({
      problem: `${address} is ephemeral and has no default.`,
      advice: 'Give it a default.',
      effects,
    }),
    wrongType: ({ address, value, type }: Named & { value: string; type: string }) => ({
      problem: `${address} is of type ${type}, and "${value}" is none.`,
      advice:
        type === 'list(string)' ? 'Write the list with jsonencode().' : `Use a ${type}, or another type.`,
      effects,
    }),
    defaultNotOption: ({ address, value }: Named & { value: string }) => ({
      problem: `${address} has the default "${value}", which is none of its options.`,
      advice: 'Use the value of one of the options.',
      effects,
    }),
    duplicateOption: ({ address, value }: Named & { value: string }) => ({
      problem: `${address} has two options "${value}", and names and values of options are unique.`,
      advice: 'Remove or rename one of the options.',
      effects,
    }),
    formType: ({
      address,
      formType,
      type,
      hasOptions,
    }: Named & { formType: string; type: string; hasOptions: boolean }) => ({
      problem: `${address} has the form type "${formType}", which does not fit type ${type} with${hasOptions ? '' : 'out'} options.`,
      advice: 'Choose a form type that fits, or leave it out.',
      effects,
    }),
    validationType: ({ address, check, type }: Named & { check: string; type: string }) => ({
      problem: `${address} is validated by ${check}, which its type ${type} does not take.`,
      advice: `Remove ${check}, or change the type.`,
      effects,
    }),
    regexWithoutError: ({ address }: Named) => ({
      problem: `${address} is validated by a regex without an error text.`,
      advice: 'Set error in the validation block.',
      effects,
    }),
    unvalidatable: ({ address }: Named) => ({
      problem: `${address} has a validation and no default: at import the provider validates the empty value and refuses it.`,
      advice: 'Give it a default.',
      effects,
    }),
    outOfRange: ({ address, value, limit }: Named & { value: string; limit: string }) => ({
      problem: `${address} has the default ${value}, which its validation (${limit}) refuses.`,
      advice: 'Change the default or the limit.',
      effects,
    }),
  },
  check(template, { report }) {
    for (const parameter of template.parameters) {
      const { address, node, planned } = parameter;
      // The provider looks at values only when it reads an instance.
      if (node.remote || planned.count === null || planned.count === 0) continue;
      for (const { kind, at, relatedAt, ...rest } of parameterFaults(parameter)) {
        const related = relatedAt === null ? [] : [{ span: relatedAt, text: 'does not go with it' }];
        const mended = kind === 'immutableEphemeral' ? makeMutable(parameter) : {};
        report({ message: kind, data: { address, ...rest }, at, address, related, ...mended } as never);
      }
    }
  },
});

interface Named {
  readonly address: string;
}

function makeMutable({ block }: Parameter) {
  return buildFix('Make the parameter mutable', 'review', (fix) =>
    fix.inBlock(block).setArgument(block, 'mutable', 'true'),
  );
}
