import type { Sink } from '../terraform/references.ts';
import type { CoderBlock, PromptParameter, Template } from './template.ts';

/** Where the user's prompt ends up. */
export interface PromptWiring {
  /** Places that read the prompt from Coder itself: `data.coder_task.*.prompt` or `coder_ai_task.*.prompt`. */
  readonly fromTask: readonly Sink[];
  /** Places that read an "AI Prompt" parameter. */
  readonly fromParameter: ReadonlyMap<PromptParameter, readonly Sink[]>;
}

/** Follows the prompt to everything that may hand it to an agent. */
export function promptWiringOf(template: Template): PromptWiring {
  const tasks = template.aiTasks.flatMap((task) => task.source ?? []);
  const fromTask = [...template.taskData, ...tasks].flatMap((source) => feeds(template, source, 'prompt'));
  const fromParameter = new Map(
    template.promptParameters.map((prompt) => [
      prompt,
      prompt.parameter === null ? [] : feeds(template, prompt.parameter, 'value'),
    ]),
  );
  return { fromTask, fromParameter };
}

function feeds(template: Template, source: CoderBlock, attribute: string): Sink[] {
  return template.sinksOf(source, attribute).filter(mayFeedAgent);
}

/** Arguments that decide whether something exists, not what it is told. */
const META = new Set(['count', 'for_each', 'depends_on']);
/** Blocks that hand nothing to a running workspace. */
const SILENT_BLOCKS = new Set(['coder_workspace_preset', 'coder_metadata', 'coder_workspace_tags']);

function mayFeedAgent({ reference: { owner } }: Sink): boolean {
  const type = owner.block.labels[0]?.text ?? '';
  return !META.has(owner.path[0] ?? '') && !SILENT_BLOCKS.has(type) && owner.block.type !== 'check';
}
