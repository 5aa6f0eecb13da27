import type { Effect, Finding } from '../rule.ts';
import { EFFECTS, isDeciding } from '../rule.ts';
import type { AgentModule } from './agent-modules.ts';
import { LINES, type LineId, type ReleaseLine, rangeCovering } from './releases.ts';
import type { Template } from './template.ts';

/**
 * What shape a template's Tasks parts have: `legacy` (up to Coder 2.27: `sidebar_app`, "AI Prompt", a module
 * that brings its own task), `current` (from 2.28), `hybrid` (both), `orphan` (Tasks parts, but nothing that
 * makes a task) or `none`.
 */
export type Generation = 'legacy' | 'current' | 'hybrid' | 'orphan' | 'none';

/** What a user meets who creates a task from the template on a release line, `capable` down to the worst. */
export type Status =
  | 'capable'
  | 'prompt-lost'
  | 'task-creation-fails'
  | 'not-capable'
  | 'build-fails'
  | 'import-fails'
  | 'unknown';

/** What a user of a template meets on one release line. */
export interface LineVerdict {
  readonly line: LineId;
  /** Whether Coder marks the template as having tasks; null when the files do not decide it. */
  readonly listed: boolean | null;
  readonly status: Status;
  /** Ids of the rules that are the cause of a status other than capable, sorted. */
  readonly because: readonly string[];
}

/** On which Coder releases a template is Task-capable, and what keeps it from being so on the others. */
export interface Verdict {
  readonly generation: Generation;
  readonly lines: readonly LineVerdict[];
  /** Semver range of Coder versions on which the template is capable; null when there are none. */
  readonly capableOn: string | null;
}

/** The verdict on every line: the worst effect found on it, else what detection says. */
export function verdictOf(template: Template, findings: readonly Finding[]): Verdict {
  const lines = LINES.map((line) =>
    template.isAboutTasks || !template.isFullyRead
      ? lineVerdict(template, line, findings)
      : withoutTasks(line),
  );
  const capable = lines.filter((line) => line.status === 'capable').map((line) => line.line);
  return { generation: template.generation, lines, capableOn: rangeCovering(new Set(capable)) };
}

/** What has nothing of Tasks in it is no Task template on any release, whatever else is wrong with it. */
function withoutTasks(line: ReleaseLine): LineVerdict {
  return { line: line.id, listed: false, status: 'not-capable', because: [] };
}

function lineVerdict(template: Template, line: ReleaseLine, findings: readonly Finding[]): LineVerdict {
  const listed = isListed(template, line);
  const isOpen = listed === null || findings.some((finding) => leavesOpen(finding, line.id));
  const detected: Status = listed === false ? 'not-capable' : isOpen ? 'unknown' : 'capable';
  const worst = worstEffectOn(line.id, findings);
  const status = worst === null || !outranks(worst, detected) ? detected : worst;
  const causes = findings.filter((finding) =>
    status === 'unknown' ? leavesOpen(finding, line.id) : finding.message.effects[line.id] === status,
  );
  return {
    line: line.id,
    listed,
    status,
    because: [...new Set(causes.map((finding) => finding.ruleId))].sort(),
  };
}

function leavesOpen({ message }: Finding, line: LineId): boolean {
  return message.leavesOpen?.includes(line) ?? false;
}

type DecidingEffect = Extract<Status, Effect>;

function worstEffectOn(line: LineId, findings: readonly Finding[]): DecidingEffect | null {
  const worst = EFFECTS.filter(isDeciding).find((effect) =>
    findings.some((finding) => finding.message.effects[line] === effect),
  );
  return (worst as DecidingEffect | undefined) ?? null;
}

/** A template that no release lists stays `not-capable` whatever would go wrong with its tasks. */
function outranks(effect: DecidingEffect, detected: Status): boolean {
  return detected !== 'not-capable' || EFFECTS.indexOf(effect) <= EFFECTS.indexOf('not-capable');
}

/**
 * Whether Coder marks the template as having tasks on a line, as its provisioner decides it:
 * `hasAITaskResources` in provisioner/terraform/resources.go up to 2.33 takes any `coder_ai_task` in the graph,
 * `len(aiTasks) > 0` from 2.34 (#25197) takes planned instances. Null when a module of which nothing is known
 * or a file that was not read could bring one, or a count cannot be known.
 */
export function isListed(template: Template, line: Pick<ReleaseLine, 'detection'>): boolean | null {
  if (line.detection === 'never') return false;
  // Without any sign of Tasks, an unknown module is taken for what nearly all are: something else.
  if (!template.isAboutTasks) return template.isFullyRead ? false : null;
  const tasks = template.aiTasks;
  const mayHideTask =
    !template.isFullyRead ||
    template.opaqueCalls.some(
      (call) =>
        call.mayDefineTask &&
        (line.detection === 'any-in-graph' ||
          template.atImport.totalInstancesOf(call.node, call.call).count !== 0),
    );
  if (line.detection === 'any-in-graph') return tasks.length > 0 ? true : mayHideTask ? null : false;
  if (tasks.some((task) => task.planned.count !== null && task.planned.count > 0)) return true;
  return mayHideTask || tasks.some((task) => task.planned.count === null) ? null : false;
}

/** The generation of a template's Tasks parts. */
export function generationOf(template: Template): Generation {
  const tasks = template.aiTasks;
  if (tasks.length === 0) {
    const mayRunTasks = template.agentModules.some(isMeantForTasks) || template.unknownAgents.length > 0;
    if (template.taskData.length > 0 || mayRunTasks) return 'orphan';
    // The parameter alone was the mark of a Task template in Coder 2.23.
    return template.promptParameters.length > 0 ? 'legacy' : 'none';
  }
  const isLegacy = tasks.some((task) => task.hasSidebarApp) || template.promptParameters.length > 0;
  const isCurrent = tasks.some((task) => task.hasAppId) || template.taskData.length > 0;
  if (isLegacy) return isCurrent ? 'hybrid' : 'legacy';
  return 'current';
}

/**
 * Whether a module call makes sense for Tasks only: its release takes part in them, or it is asked to by
 * inputs that came with them. Newer releases of the same modules are tools like any other.
 */
function isMeantForTasks({ tasks, call }: AgentModule): boolean {
  return (
    tasks === 'defines-task' ||
    tasks === 'exports-app-id' ||
    TASK_INPUTS.some((name) => call.inputs.has(name))
  );
}

const TASK_INPUTS = ['ai_prompt', 'report_tasks', 'experiment_report_tasks'];
