import type { ModuleNode } from '../terraform/load.ts';
import { type Reference, referencesTo } from '../terraform/references.ts';
import type { CoderBlock, Template } from './template.ts';

/**
 * Whether something that runs hangs on an agent. Coder shows an agent with the resource that depends on it, however
 * indirectly, and leaves out one that nothing depends on (provisioner/terraform/resources.go, ConvertState). A
 * module of which nothing is known may well bring a machine, so it counts as one.
 */
export function hasCompute(template: Template, agent: CoderBlock): boolean {
  const seen = new Set<string>();
  // Without a call for each step, so that no chain of locals is too long.
  const pending: Place[] = [{ node: agent.node, address: agent.resource.address }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const { node, address } = place;
    const key = `${node.address} ${address}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const reference of referencesTo(node.module, address)) {
      const next = behind(template, node, reference);
      if (next === 'machine') return true;
      if (next !== null) pending.push(next);
    }
  }
  return false;
}

/** Something that depends on the agent; what depends on it in turn is to be seen. */
interface Place {
  readonly node: ModuleNode;
  readonly address: string;
}

/** Where a reference leads: to something that runs, to something that others may read, or nowhere. */
function behind(template: Template, node: ModuleNode, { owner }: Reference): Place | 'machine' | null {
  const { block, address, path } = owner;
  const type = block.labels[0]?.text ?? '';
  const here = { node, address };
  if (address.startsWith('local.')) return here;
  switch (block.type) {
    case 'resource':
      if (type === 'coder_external_agent' || type === 'coder_agent_instance') return 'machine';
      return type.startsWith('coder_') ? here : 'machine';
    case 'data':
      return here;
    case 'output':
      return node.parent === null || node.call === null
        ? null
        : { node: node.parent, address: node.call.address };
    case 'module': {
      const child = node.children.get(type);
      if (child !== undefined) return inside(child, path[0] ?? '');
      const call = node.module.calls.get(type);
      const known = call === undefined ? null : template.catalogCall(node, call);
      return known === null ? 'machine' : here;
    }
    default:
      return null;
  }
}

/** `depends_on` and `count` hang all of a module on the agent. */
function inside(child: ModuleNode, input: string): Place | 'machine' | null {
  if (child.module.variables.has(input)) return { node: child, address: `var.${input}` };
  const runs = [...child.module.resources.values()].some(
    ({ mode, type }) => mode === 'managed' && !type.startsWith('coder_'),
  );
  return runs ? 'machine' : null;
}
