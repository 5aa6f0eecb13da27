import { argumentNamed, hasDynamic, literalString, nestedBlocks } from '../hcl/syntax.ts';
import type { AiTask, CoderBlock, Template } from './template.ts';

/** An app of the template that a task shows. */
export interface TaskApp {
  readonly app: CoderBlock;
  readonly task: AiTask;
}

/** The apps that tasks show, as far as they stand in files that an author can correct. */
export function taskAppsOf(template: Template): TaskApp[] {
  const found = new Map<CoderBlock, TaskApp>();
  for (const task of template.aiTasks) {
    for (const target of template.taskTargets(task)) {
      if (target.kind === 'app' && !target.app.node.remote) found.set(target.app, { app: target.app, task });
    }
  }
  return [...found.values()];
}

/** Why Coder cannot talk to an app; null when it can, or when the files do not decide it. */
export function faultOfTaskApp({ app }: TaskApp): 'command' | 'external' | 'noUrl' | 'scheme' | null {
  const { body } = app.block;
  const external = argumentNamed(body, 'external')?.value;
  if (external?.kind === 'literal' && external.value === true) return 'external';
  if (isSet(app, 'command')) return 'command';
  const url = argumentNamed(body, 'url')?.value;
  if (url === undefined) return 'noUrl';
  // A text that begins with an interpolation leaves the scheme open.
  const start =
    url.kind === 'template' && url.parts[0]?.kind === 'text' ? url.parts[0].value : literalString(url);
  return start === null || !/^[a-z][a-z0-9+.-]*:/i.test(start) || /^http:/i.test(start) ? null : 'scheme';
}

/** Whether an app says how Coder can tell that it is up, in a block of its own or a generated one. */
export function hasHealthcheck({ app }: TaskApp): boolean {
  const { body } = app.block;
  return nestedBlocks(body, 'healthcheck').length > 0 || hasDynamic(body, 'healthcheck');
}

function isSet({ block }: CoderBlock, name: string): boolean {
  const value = argumentNamed(block.body, name)?.value;
  return value?.kind === 'template';
}
