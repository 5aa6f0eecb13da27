import { buildFix } from '../../src/coder/migration-fix.ts';
import {
  calledModulesOf,
  everHadInput,
  isPastTasks,
  reasonForRemoval,
  renamedInput,
} from '../../src/coder/module-inputs.ts';
import { defineRule, linesFrom, since } from '../../src/rule.ts';

export default defineRule({
  id: 'module/unknown-input',
  summary: 'Finds arguments of module calls that the called release of the module has no variable for.',
  messages: {
    renamed: ({ address, input, module, name }: Unknown & { name: string }) => ({
      problem: `${address} sets "${input}", which ${module} calls "${name}".`,
      advice: `Rename the argument to ${name}.`,
      effects: since({ '2.24': 'import-fails' }),
    }),
    removed: ({ address, input, module, why }: Unknown & { why: string | null }) => ({
      problem: `${address} sets "${input}", which ${module} does not have${why === null ? '; other releases do' : `: ${why}`}.`,
      advice: 'Remove the argument, or call a release that has it.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    unknown: ({ address, input, module }: Unknown) => ({
      problem: `${address} sets "${input}", and ${module} has no such variable.`,
      advice: 'Correct the name, or remove the argument.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    newer: ({ address, input, module }: Unknown) => ({
      problem: `${address} sets "${input}", and no release up to ${module}, the newest that is known, has such a variable.`,
      advice: 'Correct the name, or pin the release that has it.',
      effects: since({ '2.24': 'degraded' }),
      leavesOpen: linesFrom('2.24', '2.37'),
    }),
  },
  check(template, { report }) {
    for (const { address, call, name: module, inputs, catalogCall, isCertain } of calledModulesOf(template)) {
      // module/dropped-tasks names what such a release does not know.
      if (catalogCall !== null && isPastTasks(catalogCall)) continue;
      for (const [input, argument] of call.inputs) {
        if (inputs.has(input) || input === '//') continue;
        const data = { address, input, module };
        const at = argument.nameSpan;
        const name = catalogCall === null ? null : renamedInput(catalogCall, input);
        if (name !== null && !call.inputs.has(name)) {
          const mended = buildFix(`Rename ${input} to ${name}`, 'safe', (fix) =>
            fix.inBlock(call.block).rename(argument, name),
          );
          report({ message: 'renamed', data: { ...data, name }, at, address, ...mended });
        } else if (catalogCall !== null && everHadInput(catalogCall, input)) {
          const why = reasonForRemoval(catalogCall, input);
          const mended = buildFix(`Remove ${input}`, 'review', (fix) => {
            const { file, start } = argument.span;
            const old = file.lineText(file.positionAt(start).line).trim();
            fix.leave({
              text: `Decide what becomes of \`${old}\`, which ${module} has no variable for${why === null ? '' : `: ${why}`}.`,
              address,
              blocking: false,
            });
            fix.inBlock(call.block).remove(argument);
          });
          report({ message: 'removed', data: { ...data, why }, at, address, ...mended });
        } else {
          report({ message: isCertain ? 'unknown' : 'newer', data, at, address });
        }
      }
    }
  },
});

interface Unknown {
  readonly address: string;
  readonly input: string;
  readonly module: string;
}
