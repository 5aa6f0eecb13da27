import { argumentNamed, type Block, hasDynamic, nestedBlocks } from '../hcl/syntax.ts';
import type { Resource } from '../terraform/module.ts';
import { referencesInBlock } from '../terraform/references.ts';
import { asString } from '../terraform/value.ts';
import type { CoderBlock, Template } from './template.ts';

/** What a container or a pod keeps between two starts of a workspace. */
export interface WorkspaceVolumes {
  /** Whether something outlives a stop in a place where a home may be; null when the files do not decide it. */
  readonly mayKeepHome: boolean | null;
  /** Volumes of the template that are mounted in it and go when the workspace stops. */
  readonly lost: readonly Resource[];
}

/** Folders of the system, in which nobody has a home. */
const SYSTEM_PATH = /^\/(?:var|etc|run|tmp|dev|sys|proc|usr|opt|lib|lib64|cgroup)(?:\/|$)|\.sock$/;

/** What a `docker_container` mounts. */
export function volumesOfContainer(template: Template, container: CoderBlock): WorkspaceVolumes {
  const { node, block } = container;
  if (['volumes', 'mounts'].some((type) => hasDynamic(block.body, type)))
    return { mayKeepHome: null, lost: [] };
  const read = (inner: Block, name: string) => {
    const argument = argumentNamed(inner.body, name);
    return argument === undefined ? undefined : asString(template.atImport.valueOf(node, argument.value));
  };
  const mounted = [
    ...nestedBlocks(block.body, 'volumes').map((inner) => ({
      path: read(inner, 'container_path'),
      isVolatile: false,
    })),
    ...nestedBlocks(block.body, 'mounts').map((inner) => ({
      path: read(inner, 'target'),
      isVolatile: read(inner, 'type') === 'tmpfs',
    })),
  ];
  return {
    mayKeepHome: mounted.some(({ path, isVolatile }) => !isVolatile && !SYSTEM_PATH.test(path ?? '')),
    lost: goneAtStop(template, container, ['docker_volume']),
  };
}

/** What a volume has besides one that outlives the pod: kinds that start empty, or with what the cluster puts in. */
const VOLATILE = new Set([
  'name',
  'empty_dir',
  'config_map',
  'secret',
  'downward_api',
  'projected',
  'ephemeral',
]);

/** What the pod of a Kubernetes resource mounts; `spec` is that of the pod. */
export function volumesOfPod(template: Template, source: CoderBlock, spec: Block): WorkspaceVolumes {
  if (['volume', 'container'].some((type) => hasDynamic(spec.body, type)))
    return { mayKeepHome: null, lost: [] };
  const kinds = nestedBlocks(spec.body, 'volume').flatMap(({ body }) =>
    // In JSON a nested block looks like an argument.
    body.items.flatMap((item) => (item.kind === 'block' ? item.type : body.json ? item.name : [])),
  );
  return {
    mayKeepHome: kinds.some((kind) => !VOLATILE.has(kind)),
    lost: goneAtStop(template, source, [
      'kubernetes_persistent_volume_claim',
      'kubernetes_persistent_volume_claim_v1',
    ]),
  };
}

/** Volumes named in a block that exist while the workspace runs and not when it is stopped. */
function goneAtStop(template: Template, { node, block }: CoderBlock, types: readonly string[]): Resource[] {
  const gone = new Set<Resource>();
  for (const { address } of referencesInBlock(node.module, block)) {
    const resource = node.module.resources.get(address);
    if (resource === undefined || !types.includes(resource.type)) continue;
    const atStart = template.atImport.totalInstancesOf(node, resource).count;
    if (atStart !== 0 && template.atStop.totalInstancesOf(node, resource).count === 0) gone.add(resource);
  }
  return [...gone];
}
