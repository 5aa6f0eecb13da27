import { agentMachines } from '../../src/coder/agent-machines.ts';
import { buildFix } from '../../src/coder/migration-fix.ts';
import type { CoderBlock, Template } from '../../src/coder/template.ts';
import { argumentNamed, type Block, nestedBlocks } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { asNumber, asString } from '../../src/terraform/value.ts';

const EFFECTS = since({ '2.30': 'degraded', '2.37': null });

export default defineRule({
  id: 'lifecycle/grace-period',
  summary:
    'Finds containers and pods that leave an agent too little time to save its state when a task is paused.',
  messages: {
    docker: ({ address, short, wanted }: { address: string; short: string; wanted: number }) => ({
      problem: `${address} may be killed before the agent has saved its state: ${short}.`,
      advice: `Set stop_timeout and destroy_grace_seconds to ${wanted}.`,
      effects: EFFECTS,
    }),
    pod: ({ address, short, wanted }: { address: string; short: string; wanted: number }) => ({
      problem: `${address} may be killed before the agent has saved its state: ${short}.`,
      advice: `Set termination_grace_period_seconds = ${wanted} in its spec.`,
      effects: EFFECTS,
    }),
    podDeletion: ({ address, grace, wait }: { address: string; grace: number; wait: string }) => ({
      problem: `${address} gets ${grace} seconds to stop, and Terraform gives up on its deletion after ${wait}.`,
      advice: 'Set a longer delete in its timeouts.',
      effects: EFFECTS,
    }),
  },
  options: {
    minimum: {
      type: 'integer',
      minimum: 1,
      maximum: 86_400,
      // Below this Coder warns (docs/ai-coder/tasks-lifecycle.md at v2.35.1).
      default: 60,
      description: 'Seconds that a container or pod must have to stop.',
    },
  },
  check(template, { report, options: { minimum } }) {
    if (template.aiTasks.length === 0) return;
    const wanted = Math.max(RECOMMENDED, minimum);
    for (const container of agentMachines(template, ['docker_container'])) {
      const { address, block } = container;
      const names = ['stop_timeout', 'destroy_grace_seconds'];
      const short = names.flatMap((name) =>
        shortfall(template, container, block, { name, minimum, byDefault: DOCKER_DEFAULT }),
      );
      if (short.length === 0) continue;
      const fix = buildFix(`Give ${address} ${wanted} seconds to stop`, 'review', (builder) => {
        const editor = builder.inBlock(block);
        for (const { name } of short) editor.setArgument(block, name, String(wanted));
      });
      const data = { address, short: inWords(short), wanted };
      report({ message: 'docker', data, at: block.headerSpan, address, ...fix });
    }
    for (const pod of agentMachines(template, ['kubernetes_pod', 'kubernetes_pod_v1'])) {
      const { address, block } = pod;
      const [spec] = nestedBlocks(block.body, 'spec');
      if (spec === undefined) continue;
      const name = 'termination_grace_period_seconds';
      const [short] = shortfall(template, pod, spec, { name, minimum, byDefault: POD_DEFAULT });
      if (short !== undefined) {
        const fix = buildFix(`Give ${address} ${wanted} seconds to stop`, 'review', (builder) => {
          const editor = builder.inBlock(block).setArgument(spec, name, String(wanted));
          const [timeouts] = nestedBlocks(block.body, 'timeouts');
          const wait = `"${Math.ceil(wanted / 60) + 1}m"`;
          if (timeouts === undefined)
            editor.insertBlock(`timeouts {\n  delete = ${wait}\n}`, { inside: block });
          else editor.setArgument(timeouts, 'delete', wait);
        });
        report({
          message: 'pod',
          data: { address, short: inWords([short]), wanted },
          at: block.headerSpan,
          address,
          ...fix,
        });
        continue;
      }
      const grace = secondsOf(template, pod, spec, name);
      const wait = deletionOf(template, pod);
      if (grace === null || wait === null || wait.seconds > grace) continue;
      const data = { address, grace, wait: wait.text };
      const at = argumentNamed(spec.body, name)?.value.span ?? block.headerSpan;
      report({ message: 'podDeletion', data, at, address });
    }
  },
});

/** Seconds that Coder recommends (docs/ai-coder/tasks-lifecycle.md at v2.35.1). */
const RECOMMENDED = 300;
const DOCKER_DEFAULT = 10;
const POD_DEFAULT = 30;

/** A setting that is too low, or left to its default. */
interface Shortfall {
  readonly name: string;
  readonly seconds: number;
  readonly isDefault: boolean;
}

/** A setting when it is too low; nothing when it is enough or not decided by the files. */
function shortfall(
  template: Template,
  source: CoderBlock,
  block: Block,
  { name, minimum, byDefault }: { name: string; minimum: number; byDefault: number },
): Shortfall[] {
  const isDefault = argumentNamed(block.body, name) === undefined;
  const seconds = isDefault ? byDefault : secondsOf(template, source, block, name);
  return seconds === null || seconds >= minimum ? [] : [{ name, seconds, isDefault }];
}

function inWords(short: readonly Shortfall[]): string {
  const unset = short.filter(({ isDefault }) => isDefault);
  const names = unset.map(({ name }) => name).join(' and ');
  return [
    ...(unset.length === 0
      ? []
      : [`${names} ${unset.length === 1 ? 'is' : 'are'} not set, which means ${unset[0]?.seconds} seconds`]),
    ...short.filter(({ isDefault }) => !isDefault).map(({ name, seconds }) => `${name} is ${seconds}`),
  ].join(', ');
}

function secondsOf(template: Template, { node }: CoderBlock, { body }: Block, name: string): number | null {
  const argument = argumentNamed(body, name);
  return argument === undefined ? null : asNumber(template.atImport.valueOf(node, argument.value));
}

/** How long Terraform waits for a pod to go: 5 minutes by default; null when the files do not decide it. */
function deletionOf(
  template: Template,
  { node, block }: CoderBlock,
): { seconds: number; text: string } | null {
  const [timeouts] = nestedBlocks(block.body, 'timeouts');
  const argument = timeouts === undefined ? undefined : argumentNamed(timeouts.body, 'delete');
  if (argument === undefined) return { seconds: 300, text: '5 minutes, its default' };
  const text = asString(template.atImport.valueOf(node, argument.value));
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text ?? '');
  if (match === null || text === null || text === '') return null;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return { seconds: hours * 3600 + minutes * 60 + seconds, text };
}
