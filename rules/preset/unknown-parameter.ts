import { presetKeyFix } from '../../src/coder/migration-prompt.ts';
import { isChoice } from '../../src/coder/parameter-checks.ts';
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
    inModule: ({
      address,
      name,
      module,
      prebuilt,
    }: {
      address: string;
      name: string;
      module: string;
      prebuilt: boolean;
    }) => ({
      // coderd previews what was uploaded, before Terraform brings modules (dynamicTemplateVersionTags at v2.31.9);
      // coder/registry took such a key out of its own template for that reason (#282).
      problem: `${address} sets "${name}", which only ${module} declares: Coder ${prebuilt ? 'from 2.25 on does' : '2.25 to 2.31 do'} not see modules when it checks presets, and refuses the import.`,
      advice: 'Remove the key, or declare the parameter in the template and hand its value to the module.',
      effects: since({ '2.24': 'import-fails', '2.32': prebuilt ? 'import-fails' : null }),
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
        const module = parameter === undefined ? declaringModule(template, name) : undefined;
        if (module !== undefined) {
          report({ message: 'inModule', data: { address, name, module, prebuilt }, at, address });
        } else if (parameter === undefined) {
          report({ message: 'undefined', data: { address, name, prebuilt }, at, address, ...mended });
        } else if (value.kind === 'string' && isChoice(parameter, value.value) === false) {
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

/** Address of the registry module that declares a parameter. */
function declaringModule(template: Template, name: string): string | undefined {
  return template.catalogCalls.find(
    ({ node, call, facts }) => !node.children.has(call.name) && facts?.parameters.includes(name),
  )?.address;
}

/** A parameter whose name is computed, or that a module may declare into which nobody sees. */
function mayHaveHiddenParameters(template: Template): boolean {
  return template.parameters.some((parameter) => parameter.name === null) || template.opaqueCalls.length > 0;
}
