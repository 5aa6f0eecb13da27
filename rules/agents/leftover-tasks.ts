import type { RelatedPlace } from '../../src/rule.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'agents/leftover-tasks',
  summary:
    'Finds parts of a template that are for Tasks only and do nothing once Coder Agents take their place.',
  messages: {
    leftover: ({ address, others }: { address: string; others: number }) => ({
      problem: `${address}${others === 0 ? ' is' : ` and ${others} more ${others === 1 ? 'block' : 'blocks'} are`} for Tasks only, which Coder hides by default from 2.36 on and ignores from 2.37 on.`,
      advice: 'Take them out once no deployment with Tasks uses the template.',
      effects: since({ '2.36': 'advice', '2.37': 'degraded' }),
    }),
  },
  check(template, { report }) {
    const parts: (RelatedPlace & { readonly address: string })[] = [
      ...template.aiTasks.flatMap(({ source }) => source ?? []),
      ...template.taskData,
    ]
      .filter(({ node }) => !node.remote)
      .map(({ address, block }) => ({ address, span: block.headerSpan, text: 'for Tasks only, too' }));
    const [first, ...others] = parts;
    if (first === undefined) return;
    const { address, span } = first;
    report({
      message: 'leftover',
      data: { address, others: others.length },
      at: span,
      address,
      related: others,
    });
  },
});
