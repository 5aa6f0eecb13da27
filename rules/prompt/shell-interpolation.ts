import { fullAddress } from '../../src/coder/import-world.ts';
import { buildFix } from '../../src/coder/migration-fix.ts';
import { type RawPrompt, rawPromptsOf } from '../../src/coder/prompt-shell.ts';
import { defineRule, since } from '../../src/rule.ts';
import { textOf } from '../../src/source/source-file.ts';

export default defineRule({
  id: 'prompt/shell-interpolation',
  summary: 'Finds prompts that are put into shell scripts as they are.',
  messages: {
    raw: ({ address, argument }: { address: string; argument: string }) => ({
      problem: `${address} puts the prompt into "${argument}" as it is: a quote or a line break in it ends the command, and anyone who writes a prompt can run commands.`,
      advice: 'Hand it over with base64encode(), and decode it in the script.',
      effects: since({ '2.24': 'degraded', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const raw of rawPromptsOf(template)) {
      const address = fullAddress(raw.node, raw.address);
      report({
        message: 'raw',
        data: { address, argument: raw.argument },
        at: raw.at,
        address,
        ...encode(raw),
      });
    }
  },
});

/** Inside a heredoc the quotes of the script can be told; what is around them is left alone. */
function encode({ at, value, quotes, isHeredoc }: RawPrompt) {
  if (!isHeredoc || quotes === null) return {};
  const decoded = `$(echo -n '\${base64encode(${textOf(value.span)})}' | base64 -d)`;
  const [start, end] = quotes === "'" ? [at.start - 1, at.end + 1] : [at.start, at.end];
  return buildFix('Hand the prompt over in base64', 'review', (fix) =>
    fix.in({ span: at }).replace({ span: { ...at, start, end } }, quotes === "'" ? `"${decoded}"` : decoded),
  );
}
