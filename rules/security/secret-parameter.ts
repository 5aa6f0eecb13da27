import { isCredentialName } from '../../src/coder/secrets.ts';
import { literalOf, type Parameter } from '../../src/coder/template.ts';
import { argumentNamed, hasDynamic, nestedBlocks } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'security/secret-parameter',
  summary: 'Finds parameters of a Task template that ask the user for a credential.',
  messages: {
    asked: ({ address, name }: { address: string; name: string }) => ({
      problem: `${address} asks for a credential ("${name}"), and Coder keeps and shows parameters in clear text.`,
      advice: 'Take it from external authentication or from a sensitive variable of the template.',
      effects: since({ '2.24': 'degraded' }),
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    for (const parameter of template.parameters) {
      const { address, block, definedBy } = parameter;
      if (definedBy === 'registry-module' || !asksForCredential(parameter)) continue;
      const name = parameter.name ?? parameter.resource.name;
      const at = argumentNamed(block.body, 'name')?.value.span ?? block.headerSpan;
      report({ message: 'asked', data: { address, name }, at, address });
    }
  },
});

/** A choice among options, a switch or a number is no credential, whatever its name. */
function asksForCredential(parameter: Parameter): boolean {
  const { name, resource, block } = parameter;
  const isText = argumentNamed(block.body, 'type') === undefined || literalOf(parameter, 'type') === 'string';
  const hasOptions = nestedBlocks(block.body, 'option').length > 0 || hasDynamic(block.body, 'option');
  return isText && !hasOptions && [name ?? '', resource.name].some(isCredentialName);
}
