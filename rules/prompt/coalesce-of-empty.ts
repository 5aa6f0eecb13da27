import { fullAddress } from '../../src/coder/import-world.ts';
import type { Template } from '../../src/coder/template.ts';
import { type Call, type Expression, walkBody, walkExpression } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import type { ModuleNode } from '../../src/terraform/load.ts';
import type { Module } from '../../src/terraform/module.ts';
import { addressOfBlock } from '../../src/terraform/references.ts';

export default defineRule({
  id: 'prompt/coalesce-of-empty',
  summary:
    'Finds coalesce() over prompts that are all empty when the template is imported, which Terraform refuses.',
  messages: {
    allEmpty: ({ owner }: { owner: string }) => ({
      problem: `${owner} calls coalesce() on prompts that are all empty when Coder imports the template, and coalesce() fails when no argument has a value.`,
      advice:
        'Choose by a condition: data.coder_task.<name>.prompt != "" ? data.coder_task.<name>.prompt : "…".',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    for (const node of template.tree.nodes) {
      const prompts = promptReferences(template, node);
      if (prompts.length === 0) continue;
      for (const { call, owner, isGuarded } of coalesceCalls(node.module)) {
        if (isGuarded || !prompts.some((prompt) => isInside(prompt, call))) continue;
        const value = template.atImport.valueOf(node, call);
        if (value.kind !== 'unknown' || !value.reason.error) continue;
        const address = fullAddress(node, owner);
        report({ message: 'allEmpty', data: { owner: address }, at: call.nameSpan, address });
      }
    }
  },
});

/** Where the module reads the prompt itself. */
function promptReferences(template: Template, node: ModuleNode): Expression[] {
  const parameters = template.promptParameters.flatMap(({ parameter }) => parameter ?? []);
  return [...template.taskData, ...parameters]
    .filter((source) => source.node === node)
    .flatMap((source) => template.referencesTo(source).map(({ traversal }) => traversal));
}

interface CoalesceCall {
  readonly call: Call;
  /** Address of the block or local that it stands in. */
  readonly owner: string;
  /** Inside `try()` or `can()`. */
  readonly isGuarded: boolean;
}

function coalesceCalls(module: Module): CoalesceCall[] {
  const found: CoalesceCall[] = [];
  const collect = (owner: string) => {
    let guardedUntil = -1;
    return (expression: Expression) => {
      if (expression.kind !== 'call') return;
      const { name, span } = expression;
      // Expressions come outermost first, in source order.
      if (name === 'try' || name === 'can') guardedUntil = Math.max(guardedUntil, span.end);
      else if (name === 'coalesce')
        found.push({ call: expression, owner, isGuarded: span.start < guardedUntil });
    };
  };
  for (const block of module.blocks) {
    if (block.type !== 'locals') walkBody(block.body, collect(addressOfBlock(block)));
  }
  for (const [name, { value }] of module.locals) walkExpression(value, collect(`local.${name}`));
  return found;
}

function isInside({ span }: Expression, { span: outer }: Call): boolean {
  return span.file === outer.file && outer.start <= span.start && span.end <= outer.end;
}
