import type { Resource } from '../terraform/module.ts';
import { fullAddress } from './import-world.ts';
import type { CoderBlock, Template } from './template.ts';

/**
 * The resources of the given types that an agent runs in: they read its token or its script, directly or
 * through locals and modules. Those of downloaded modules are left out, since no author can change them.
 */
export function agentMachines(template: Template, types: readonly string[]): CoderBlock[] {
  const found = new Map<Resource, CoderBlock>();
  for (const agent of template.agents) {
    for (const { node, reference } of template.sinksOf(agent, null)) {
      const { block } = reference.owner;
      const resource = node.module.resources.get(reference.owner.address);
      if (resource === undefined || node.remote || resource.block !== block) continue;
      if (resource.mode !== 'managed' || !types.includes(resource.type)) continue;
      found.set(resource, { address: fullAddress(node, resource.address), node, resource, block });
    }
  }
  return [...found.values()];
}
