import { presetKeyFix } from '../../src/coder/migration-prompt.ts';
import { PROMPT_PARAMETER_NAME, type Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';

const effects = (prebuilt: boolean) =>
  since({ '2.24': 'import-fails', '2.32': prebuilt ? 'import-fails' : 'degraded' });

export default defineRule({
  id: 'preset/unknown-parameter',
  summary:
    'Finds presets that set a parameter that the template does not have, or a value that is none of its options.',
  messages: {
    undefined: ({ address, name, prebuilt }: { address: string; name: string; prebuilt: boolean }) => ({
      problem: `${address} sets "${name}", and no parameter has that name${consequence(prebuilt)}.`,
      advice: 'Remove the key, or correct it to the name of a parameter.',
      effects: effects(prebuilt),
    }),
    notAnOption: ({
      address,
      name,
      value,
      prebuilt,
    }: {
      address: string;
      name: string;
      value: string;
      prebuilt: boolean;
    }) => ({
      problem: `${address} sets "${name}" to "${value}", which is none of its options${consequence(prebuilt)}.`,
      advice: 'Use the value of one of the options.',
      effects: effects(prebuilt),
    }),
  },
  check(template, { report }) {
    if (mayHaveHiddenParameters(template)) return;
    const parameters = new Map(template.parameters.map((parameter) => [parameter.name, parameter]));
    for (const preset of template.presets) {
      const { address, parameters: set, prebuildInstances } = preset;
      const unknown = [...(set?.keys() ?? [])].filter(
        (name) => name !== PROMPT_PARAMETER_NAME && !parameters.has(name),
      );
      // One fix for all keys of a preset, since they stand close together.
      const mended = presetKeyFix(preset, unknown);
      const prebuilt = (prebuildInstances ?? 0) > 0;
      for (const { name, value, at } of set?.values() ?? []) {
        // legacy/ai-prompt-in-preset has more to say about that one.
        if (name === PROMPT_PARAMETER_NAME) continue;
        const parameter = parameters.get(name);
        if (parameter === undefined) {
          report({ message: 'undefined', data: { address, name, prebuilt }, at, address, ...mended });
        } else if (
          value.kind === 'string' &&
          parameter.options !== null &&
          !parameter.options.includes(value.value)
        ) {
          const related = [{ span: parameter.block.headerSpan, text: 'its options' }];
          report({
            message: 'notAnOption',
            data: { address, name, value: value.value, prebuilt },
            at,
            address,
            related,
          });
        }
      }
    }
  },
});

function consequence(prebuilt: boolean): string {
  return prebuilt
    ? ': Coder refuses the import'
    : ': Coder 2.25 to 2.31 refuse the import, later releases ignore it';
}

/**
 * A parameter whose name is computed, or that a module may declare into which nobody sees. Of a registry module
 * the catalogue knows only whether it declares "AI Prompt"; agent modules never declared another one.
 */
function mayHaveHiddenParameters(template: Template): boolean {
  const agents = new Set(template.agentModules.map((agent) => agent.call));
  return (
    template.parameters.some((parameter) => parameter.name === null) ||
    template.opaqueCalls.length > 0 ||
    template.catalogCalls.some(({ node, call }) => !agents.has(call) && !node.children.has(call.name))
  );
}
