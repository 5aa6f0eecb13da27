import { inputFaults } from '../../src/coder/input-check.ts';
import { defineRule, since } from '../../src/rule.ts';

const effects = since({ '2.24': 'import-fails' });

export default defineRule({
  id: 'module/input-conflict',
  summary: 'Finds values of module arguments that the called release refuses, alone or together.',
  messages: {
    value: ({ address, input, expected }: Fault & { expected: string }) => ({
      problem: `${address} sets "${input}" to a value that its module refuses: it takes ${expected}.`,
      advice: 'Correct the value.',
      effects,
    }),
    type: ({ address, input, type }: Fault & { type: string }) => ({
      problem: `${address} sets "${input}" to a value that is no ${type}, which its module demands.`,
      advice: `Give it a ${type}.`,
      effects,
    }),
    excludes: ({ address, input, other }: Fault & { other: string }) => ({
      problem: `${address} sets both "${input}" and "${other}", which its module refuses together.`,
      advice: `Remove ${other}, or switch ${input} off.`,
      effects,
    }),
    demands: ({ address, input, other }: Fault & { other: string }) => ({
      problem: `${address} switches "${input}" on without "${other}", which its module then demands.`,
      advice: `Set ${other}.`,
      effects,
    }),
    unless: ({ address, input, other }: Fault & { other: string }) => ({
      problem: `${address} sets "${input}", which its module takes only with ${other} = false.`,
      advice: `Remove ${input}, or set ${other} = false.`,
      effects,
    }),
  },
  check(template, { report }) {
    for (const called of template.catalogCalls) {
      const { address, node, call } = called;
      if (node.remote || node.children.has(call.name)) continue;
      for (const fault of inputFaults(template, called)) {
        const { input, at, otherAt } = fault;
        const related = otherAt === null ? [] : [{ span: otherAt, text: 'does not go with it' }];
        switch (fault.kind) {
          case 'value':
            report({ message: 'value', data: { address, input, expected: fault.expected }, at, address });
            break;
          case 'type':
            report({ message: 'type', data: { address, input, type: fault.type }, at, address });
            break;
          default:
            report({
              message: fault.kind,
              data: { address, input, other: fault.other },
              at,
              address,
              related,
            });
        }
      }
    }
  },
});

interface Fault {
  readonly address: string;
  readonly input: string;
}
