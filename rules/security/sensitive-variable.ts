import { buildFix, type FixOutcome } from '../../src/coder/migration-fix.ts';
import { isCredentialName } from '../../src/coder/secrets.ts';
import type { Template } from '../../src/coder/template.ts';
import { argumentNamed, literalString } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import type { ModuleNode } from '../../src/terraform/load.ts';
import type { Variable } from '../../src/terraform/module.ts';
import { referencesTo, sinksOf } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'security/sensitive-variable',
  summary: 'Finds variables of a Task template that take a credential and are not sensitive.',
  messages: {
    open: ({ address }: { address: string }) => ({
      problem: `${address} takes a credential and is not sensitive, so that Terraform prints its value in plans and logs.`,
      advice: 'Set sensitive = true.',
      effects: since({ '2.24': 'degraded' }),
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    // A value that is sensitive in the template stays so in its modules.
    for (const variable of template.root.module.variables.values()) {
      const { name, block } = variable;
      const sensitive = argumentNamed(block.body, 'sensitive')?.value;
      const isOpen = sensitive === undefined || (sensitive.kind === 'literal' && sensitive.value === false);
      if (!isOpen || !takesCredential(variable)) continue;
      const address = `var.${name}`;
      report({
        message: 'open',
        data: { address },
        at: block.headerSpan,
        address,
        ...markSensitive(template, variable),
      });
    }
  },
});

function takesCredential({ name, type, default: fallback }: Variable): boolean {
  if (!isCredentialName(name)) return false;
  const isText = type === undefined || (type.kind === 'traversal' && /^(string|any)$/.test(type.root));
  // `pull_secret = "regcred"` is the name of a secret, and a switch may be called after one.
  const isSetting = fallback?.kind === 'literal' && fallback.value !== null;
  return isText && !isSetting && !(/secret$/i.test(name) && (literalString(fallback) ?? '') !== '');
}

function markSensitive({ root }: Template, { name, block }: Variable): FixOutcome {
  return buildFix(`Make var.${name} sensitive`, 'review', (fix) => {
    const repeats = sinksOf(root, `var.${name}`, null).some(({ reference }) =>
      reference.owner.path.includes('for_each'),
    );
    if (repeats) fix.stop('its value decides a for_each, which takes nothing sensitive');
    const output = openOutputFrom(root, `var.${name}`);
    if (output !== null) fix.stop(`${output} gives its value away and would have to be sensitive too`);
    fix.inBlock(block).setArgument(block, 'sensitive', 'true');
  });
}

/** The output of the template that a value reaches, through locals; Terraform refuses one that is not sensitive. */
function openOutputFrom(root: ModuleNode, address: string): string | null {
  // Grows while it is gone through.
  const reached = new Set([address]);
  for (const at of reached) {
    for (const { owner } of referencesTo(root.module, at)) {
      if (owner.block.type === 'output') return owner.address;
      if (owner.address.startsWith('local.')) reached.add(owner.address);
    }
  }
  return null;
}
