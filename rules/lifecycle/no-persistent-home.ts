import { agentMachines } from '../../src/coder/agent-machines.ts';
import { fullAddress } from '../../src/coder/import-world.ts';
import type { CoderBlock, Template } from '../../src/coder/template.ts';
import {
  volumesOfContainer,
  volumesOfPod,
  type WorkspaceVolumes,
} from '../../src/coder/workspace-volumes.ts';
import { nestedBlocks } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

const EFFECTS = since({ '2.30': 'degraded', '2.37': null });

export default defineRule({
  id: 'lifecycle/no-persistent-home',
  summary: 'Finds containers and pods of agents that keep nothing when a task is paused.',
  messages: {
    nothingKept: ({ address }: { address: string }) => ({
      problem: `${address} goes when the task is paused and mounts no volume that could hold the home: the work and the conversation go with it.`,
      advice: 'Mount a volume that outlives a stop at the home folder.',
      effects: EFFECTS,
    }),
    volumeGoes: ({ address, volume }: { address: string; volume: string }) => ({
      problem: `${volume}, which ${address} mounts, is destroyed when the task is paused: its count is 0 then.`,
      advice: 'Do not count the volume by start_count.',
      effects: EFFECTS,
    }),
  },
  check(template, { report }) {
    if (template.aiTasks.length === 0) return;
    for (const compute of agentMachines(template, [...CONTAINERS, ...PODS, ...DEPLOYMENTS])) {
      const { address, node, resource, block } = compute;
      // What is still there when the workspace is stopped keeps its own disk.
      if (template.atStop.totalInstancesOf(node, resource).count !== 0) continue;
      const volumes = volumesOf(template, compute);
      if (volumes?.mayKeepHome === false)
        report({ message: 'nothingKept', data: { address }, at: block.headerSpan, address });
      for (const lost of volumes?.lost ?? []) {
        const volume = fullAddress(node, lost.address);
        const at = (lost.count ?? lost.forEach)?.span ?? lost.block.headerSpan;
        const related = [{ span: block.headerSpan, text: 'mounts it' }];
        report({ message: 'volumeGoes', data: { address, volume }, at, address: volume, related });
      }
    }
  },
});

const CONTAINERS = ['docker_container'];
const PODS = ['kubernetes_pod', 'kubernetes_pod_v1'];
const DEPLOYMENTS = ['kubernetes_deployment', 'kubernetes_deployment_v1'];

function volumesOf(template: Template, compute: CoderBlock): WorkspaceVolumes | null {
  const { resource, block } = compute;
  if (CONTAINERS.includes(resource.type)) return volumesOfContainer(template, compute);
  let [spec] = nestedBlocks(block.body, 'spec');
  if (DEPLOYMENTS.includes(resource.type) && spec !== undefined) {
    const [pod] = nestedBlocks(spec.body, 'template');
    spec = pod === undefined ? undefined : nestedBlocks(pod.body, 'spec')[0];
  }
  return spec === undefined ? null : volumesOfPod(template, compute, spec);
}
