import { README_EXCERPT, README_FILE, readmeGapOf } from '../../src/coder/readme.ts';
import { argumentNamed, literalString } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

const effects = since({ '2.34': 'advice' });

export default defineRule({
  id: 'agents/discoverability',
  summary: 'Finds what keeps Coder Agents from choosing a template and filling in its parameters.',
  messages: {
    noReadme: (_: object) => ({
      problem: `The template has no ${README_FILE}, from whose opening agents learn what it is for.`,
      advice: `Write a ${README_FILE} that opens with a paragraph on when to choose the template.`,
      effects,
    }),
    noOpening: (_: object) => ({
      problem: `${README_FILE} has no paragraph in its first ${README_EXCERPT.toLocaleString('en-US')} characters, and agents that choose a template read no more.`,
      advice: 'Open it with a paragraph on when to choose the template.',
      effects,
    }),
    undescribed: ({ address, what }: { address: string; what: string }) => ({
      problem: `${address} has no description, and an agent that starts a workspace knows the ${what} by nothing else.`,
      advice: 'Set description to a sentence that says what to choose when.',
      effects,
    }),
    manyRequired: ({ count, address }: { count: number; address: string }) => ({
      problem: `${count} parameters, ${address} the last of them, have no default, and an agent must guess each.`,
      advice: 'Give the parameters defaults, or put them into presets.',
      effects,
    }),
  },
  options: {
    maxRequired: {
      type: 'integer',
      minimum: 0,
      maximum: 100,
      default: 3,
      description: 'Parameters without a default that an agent can be expected to fill in.',
    },
  },
  check(template, { report, options: { maxRequired } }) {
    if (!template.isAboutTasks) return;
    const gap = readmeGapOf(template);
    const at = gap?.at ?? template.place;
    if (gap !== null && at !== undefined) {
      report({ message: gap.at === null ? 'noReadme' : 'noOpening', data: {}, at, address: null });
    }
    const prompts = new Set(template.promptParameters.map(({ parameter }) => parameter?.block));
    const own = [
      ...template.parameters.map((block) => ({ block, what: 'parameter' })),
      ...template.presets.map((block) => ({ block, what: 'preset' })),
    ];
    for (const { block: source, what } of own) {
      const { address, node, block } = source;
      const description = argumentNamed(block.body, 'description')?.value;
      if (
        node.remote ||
        prompts.has(block) ||
        (description !== undefined && literalString(description) !== '')
      )
        continue;
      report({ message: 'undescribed', data: { address, what }, at: block.headerSpan, address });
    }
    const required = template.parameters.filter(
      ({ required: isRequired, planned, node }) => isRequired === true && planned.count !== 0 && !node.remote,
    );
    const last = required.at(-1);
    if (last !== undefined && required.length > maxRequired) {
      const related = required
        .slice(0, -1)
        .map(({ block }) => ({ span: block.headerSpan, text: 'has no default' }));
      const data = { count: required.length, address: last.address };
      report({ message: 'manyRequired', data, at: last.block.headerSpan, address: last.address, related });
    }
  },
});
