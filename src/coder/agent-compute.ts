import type { ModuleNode } from '../terraform/load.ts';
import { type Reference, referencesTo } from '../terraform/references.ts';
import type { CoderBlock, Template } from './template.ts';

/**
 * Whether something that runs hangs on an agent. Coder shows an agent with the resource that depends on it, however
 * indirectly, and leaves out one that nothing depends on (provisioner/terraform/resources.go, ConvertState). A
 * module of which nothing is known may well bring a machine, so it counts as one.
 */
export function hasCompute(template: Template, agent: CoderBlock): boolean {
  return new Search(template).reaches(agent.node, agent.resource.address);
}

class Search {
  private readonly template: Template;
  private readonly seen = new Set<string>();

  constructor(template: Template) {
    this.template = template;
  }

  reaches(node: ModuleNode, address: string): boolean {
    const key = `${node.address} ${address}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return referencesTo(node.module, address).some((reference) => this.leadsOn(node, reference));
  }

  private leadsOn(node: ModuleNode, { owner }: Reference): boolean {
    const { block, address, path } = owner;
    const [type = ''] = block.labels.map((label) => label.text);
    if (address.startsWith('local.')) return this.reaches(node, address);
    switch (block.type) {
      case 'resource':
        if (type === 'coder_external_agent' || type === 'coder_agent_instance') return true;
        return !type.startsWith('coder_') || this.reaches(node, address);
      case 'data':
        return this.reaches(node, address);
      case 'output':
        return node.parent !== null && node.call !== null && this.reaches(node.parent, node.call.address);
      case 'module': {
        const child = node.children.get(type);
        if (child !== undefined) return this.reachesInto(child, path[0] ?? '');
        const call = node.module.calls.get(type);
        const known = call === undefined ? null : this.template.catalogCall(node, call);
        return known === null || this.reaches(node, address);
      }
      default:
        return false;
    }
  }

  /** `depends_on` and `count` hang all of a module on the agent. */
  private reachesInto(child: ModuleNode, input: string): boolean {
    if (child.module.variables.has(input)) return this.reaches(child, `var.${input}`);
    return [...child.module.resources.values()].some(
      ({ mode, type }) => mode === 'managed' && !type.startsWith('coder_'),
    );
  }
}
