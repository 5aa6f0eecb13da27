import { DIR_DEPRECATED_SINCE } from '../coder/provider-schema.ts';
import { README_EXCERPT, README_FILE } from '../coder/readme.ts';
import type { CoderBlock } from '../coder/template.ts';
import { minorOf } from '../coder/versions.ts';
import type { Analysis } from '../engine/lint.ts';
import { argumentNamed } from '../hcl/syntax.ts';
import { pathShower } from '../report/build.ts';
import { type Span, textOf } from '../source/source-file.ts';
import { referencesInBlock } from '../terraform/references.ts';

/** What changes in a template when Coder Agents take the place of Tasks; nothing of it is done here. */
export interface AgentsPlan {
  /** What has no use any more: Coder 2.37 ignores the Tasks parts, and model credentials live in the control plane. */
  readonly remove: readonly PlannedRemoval[];
  /** What stays as it is. */
  readonly keep: readonly string[];
  /** What makes an agent choose the template and work well in it. */
  readonly advice: readonly string[];
}

/** A part of a template that the move to Coder Agents takes out; the line counts from 1. */
export interface PlannedRemoval {
  readonly address: string;
  readonly file: string;
  readonly line: number;
  readonly why: string;
}

/**
 * The plan for one template. Sources: docs/ai-coder/agents/tasks-to-chats-migration.md and
 * platform-controls/template-optimization.md of coder/coder at v2.35.1.
 */
export function agentsPlanOf({ template, files }: Analysis): AgentsPlan {
  const show = pathShower({ files });
  const remove = new Map<string, PlannedRemoval>();
  const add = (address: string, { file, start }: Span, why: string) => {
    if (remove.has(address)) return;
    remove.set(address, { address, file: show(file.path), line: file.positionAt(start).line, why });
  };
  const own = ({ node }: Pick<CoderBlock, 'node'>) => !node.remote;
  for (const { source } of template.aiTasks) {
    if (source !== null && own(source)) add(source.address, source.block.headerSpan, 'Coder ignores it.');
  }
  for (const data of template.taskData.filter(own)) {
    add(data.address, data.block.headerSpan, 'Coder fills it no more; take its uses out too.');
  }
  for (const { parameter, address, at } of template.promptParameters) {
    if (parameter !== null && own(parameter)) {
      add(address, at, 'A chat takes the place of the prompt; take its uses and preset keys out too.');
    }
  }
  const agents = template.agentModules.filter(own);
  for (const { address, call } of agents) {
    add(address, call.block.headerSpan, 'The agent runs in the control plane, not in the workspace.');
  }
  for (const { node, call } of agents) {
    for (const { address, owner } of referencesInBlock(node.module, call.block)) {
      const input = owner.path[0] ?? '';
      const variable = node.module.variables.get(address.slice('var.'.length));
      if (!address.startsWith('var.') || variable === undefined || !CREDENTIAL.test(input)) continue;
      add(
        address,
        variable.block.headerSpan,
        `Model credentials live in the control plane (it fed ${input}).`,
      );
    }
  }
  for (const env of template.envs.filter(own)) {
    const name = argumentNamed(env.block.body, 'name');
    const text = name === undefined ? '' : textOf(name.span);
    if (AGENT_ENV.test(text))
      add(
        env.address,
        env.block.headerSpan,
        PROMPT_ENV.test(text)
          ? 'A chat takes the place of the prompt.'
          : 'Only an agent in the workspace reads it.',
      );
  }
  return { remove: [...remove.values()], keep: KEEP, advice: ADVICE };
}

const CREDENTIAL = /api_key|token|secret|auth_tarball|credential/;
const PROMPT_ENV = /TASK_PROMPT/;
const AGENT_ENV =
  /TASK_PROMPT|CODER_MCP_|(ANTHROPIC|CLAUDE|OPENAI|GEMINI|AMP|AUGMENT)\w{0,50}_(API_KEY|TOKEN)/;

const KEEP = [
  'The coder_agent and the compute, volumes and networks around it.',
  'Parameters and presets other than those of the prompt; agents choose among them by their descriptions.',
  'Modules that are tools for people or for the agent: git, IDEs, languages.',
  'On Coder 2.34 (ESR) and with CODER_ENABLE_AI_TASKS on 2.36 the Tasks parts still work: one template can serve both until the day you switch.',
];

const ADVICE = [
  `Begin ${README_FILE} with a paragraph on what the template is for: agents see about its first ${README_EXCERPT.toLocaleString('en-US')} characters, without frontmatter, links and images.`,
  'Describe the template in fewer than 128 characters, by what can be done in it: agents choose by name and description.',
  'Give every parameter and preset a description, a sensible default, and readable option values; keep required parameters few.',
  'Consider a template of its own for agents: without IDEs, with scoped credentials, and with network access to the control plane and the git provider only.',
  'Install what the work needs in the image, and add prebuilds for a quick start.',
  `Leave coder_agent.dir out, or set it to $HOME: it is deprecated from provider ${minorOf(DIR_DEPRECATED_SINCE)}.`,
  'Replace `coder task` and the create-task action by chats and create-agent-chat-action.',
];
