import { fullAddress } from '../../src/coder/import-world.ts';
import type { Template } from '../../src/coder/template.ts';
import { type Call, walkBody } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import type { ModuleNode } from '../../src/terraform/load.ts';
import type { Reference } from '../../src/terraform/references.ts';

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
    for (const { node, reference } of promptReferences(template)) {
      const call = reference.guarded ? null : coalesceAround(reference);
      if (call === null) continue;
      const value = template.atImport.valueOf(node, call);
      if (value.kind !== 'unknown' || !value.reason.error) continue;
      const owner = fullAddress(node, reference.owner.address);
      report({ message: 'allEmpty', data: { owner }, at: call.nameSpan, address: owner });
    }
  },
});

/** Reads of the prompt, one for each call that they may stand in. */
function promptReferences(template: Template): { node: ModuleNode; reference: Reference }[] {
  const sources = [
    ...template.taskData,
    ...template.promptParameters.flatMap(({ parameter }) => parameter ?? []),
  ];
  const found = new Map<Call | Reference, { node: ModuleNode; reference: Reference }>();
  for (const source of sources) {
    for (const reference of template.referencesTo(source)) {
      found.set(coalesceAround(reference) ?? reference, { node: source.node, reference });
    }
  }
  return [...found.values()];
}

function coalesceAround({ owner, traversal }: Reference): Call | null {
  let innermost: Call | null = null;
  walkBody(owner.block.body, (expression) => {
    const { span } = expression;
    const isAround =
      span.file === traversal.span.file &&
      span.start <= traversal.span.start &&
      traversal.span.end <= span.end;
    if (isAround && expression.kind === 'call' && expression.name === 'coalesce') innermost = expression;
  });
  return innermost;
}
