import { buildFix, type FixOutcome, NO_FIX } from '../../src/coder/migration-fix.ts';
import { PresetPlans } from '../../src/coder/preset-plan.ts';
import { type Parameter, PROMPT_PARAMETER_NAME } from '../../src/coder/template.ts';
import { argumentNamed, literalString, nestedBlocks } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { textOf } from '../../src/source/source-file.ts';

export default defineRule({
  id: 'param/required-without-preset',
  summary: 'Finds parameters of Task templates that must have a value and that a task cannot give.',
  messages: {
    noPreset: ({ address, name }: { address: string; name: string }) => ({
      problem: `${address} ("${name}") has no default, and tasks ask for no parameters: creating one fails with "Required parameter not provided".`,
      advice: 'Give it a default, or set it in every preset.',
      effects: since({ '2.24': 'degraded', '2.28': 'task-creation-fails', '2.37': null }),
    }),
    notEveryPreset: ({ address, name, preset }: { address: string; name: string; preset: string }) => ({
      problem: `${address} ("${name}") has no default, and ${preset} does not set it: a task with that preset, or with none, cannot be created.`,
      advice: 'Give it a default, or set it in every preset.',
      effects: since({ '2.24': 'degraded', '2.28': 'task-creation-fails', '2.37': null }),
    }),
  },
  check(template, { report }) {
    if (template.aiTasks.length === 0) return;
    const plans = new PresetPlans(template);
    for (const parameter of template.parameters) {
      const { address, name, required, planned, block, definedBy } = parameter;
      // A parameter that may not be shown is not certain to be missed.
      const isShown = planned.count !== null && planned.count > 0;
      if (required !== true || !isShown || name === null || definedBy === 'registry-module') continue;
      // What Coder does about this one depends on the release: legacy/ai-prompt-parameter.
      if (name === PROMPT_PARAMETER_NAME) continue;
      const at = block.headerSpan;
      const mended = giveDefault(parameter);
      const lacking = template.presets.find(
        (preset) =>
          preset.parameters !== null && !preset.parameters.has(name) && plans.shows(preset, parameter),
      );
      if (template.presets.length === 0) {
        report({ message: 'noPreset', data: { address, name }, at, address, ...mended });
      } else if (lacking !== undefined) {
        const related = [{ span: lacking.block.headerSpan, text: 'does not set it' }];
        report({
          message: 'notEveryPreset',
          data: { address, name, preset: lacking.address },
          at,
          address,
          related,
          ...mended,
        });
      }
    }
  },
});

function giveDefault(parameter: Parameter): FixOutcome {
  const { block, address } = parameter;
  const value = plainDefault(parameter);
  if (value === null) return NO_FIX;
  return buildFix(`Give ${address} the default ${value}`, 'review', (fix) =>
    fix.inBlock(block).setArgument(block, 'default', value),
  );
}

/** What the form would start with: the first option, false, the empty text; null where only the author knows a value. */
function plainDefault({ block: { body } }: Parameter): string | null {
  const written = argumentNamed(body, 'type');
  const type = written === undefined ? 'string' : literalString(written.value);
  if (type === null || type === 'list(string)') return null;
  if (nestedBlocks(body, 'validation').length > 0 || nestedBlocks(body, 'dynamic').length > 0) return null;
  const [option] = nestedBlocks(body, 'option');
  if (option !== undefined) {
    const value = argumentNamed(option.body, 'value')?.value;
    return value !== undefined && literalString(value) !== null ? textOf(value.span) : null;
  }
  if (type === 'bool') return 'false';
  return type === 'string' ? '""' : null;
}
