import { needsOldShape } from '../coder/migration-task.ts';
import { LINES, type LineId } from '../coder/releases.ts';
import { type AppliedFix, applyFixes, type FixResult } from '../engine/fix.ts';
import { type Analysis, analyze, type LintServices, worstEffect } from '../engine/lint.ts';
import type { TemplateFiles } from '../input/template-files.ts';
import { type Finding, isDeciding, type LeftStep } from '../rule.ts';
import type { Span } from '../source/source-file.ts';
import { callOrResourceAt } from '../terraform/module.ts';
import { unifiedDiff } from './diff.ts';

/** What a migration is for. */
export interface MigrationOptions {
  /** Release lines that the template is to work on; see `linesIn`. */
  readonly target: readonly LineId[];
}

/** Something that is left to a person, in the order in which to do it. */
export interface ManualStep {
  /** What to do, one or two sentences; holds the old value where one was taken out. */
  readonly text: string;
  /** Address of the block that it is about, null for the template as a whole. */
  readonly address: string | null;
  /** Place in the migrated template, null where there is none. */
  readonly at: Span | null;
  /** The rule that asks for it, null where none does. */
  readonly ruleId: string | null;
  /** Whether the template does not do its work before; a step that is merely advised is false. */
  readonly blocking: boolean;
}

/** What migrating a template came to; nothing is written. */
export interface MigrationResult {
  readonly before: Analysis;
  readonly after: Analysis;
  /** New text by path of the tree, of the files that change only. */
  readonly changed: ReadonlyMap<string, string>;
  /** Unified diff over all of them; empty when nothing changes. */
  readonly diff: string;
  /** What was done, in order. */
  readonly steps: readonly AppliedFix[];
  readonly manual: readonly ManualStep[];
  /**
   * What stopped a part of the migration, so that the result mixes the old shape and the new one: such a
   * template is not to be written.
   */
  readonly halted: readonly string[];
  /** Whether the migrated template works on every line of the target without a manual step that blocks. */
  readonly complete: boolean;
}

/** Migrates a template to what the target lines ask for: all migration fixes to the fixpoint. */
export async function migrateTemplate(
  files: TemplateFiles,
  services: LintServices,
  { target }: MigrationOptions,
): Promise<MigrationResult> {
  return migrateAnalysis(await analyze(files, services, target), services, { target });
}

/** As `migrateTemplate`, for a template that is analysed already. */
export async function migrateAnalysis(
  before: Analysis,
  services: LintServices,
  { target }: MigrationOptions,
): Promise<MigrationResult> {
  // Behind the end of Tasks there is nothing to move to: the plan for Coder Agents is all there is.
  const wanted = isAfterTasks(target) ? [] : target;
  const select = ({ findings }: Analysis) => findings.filter((finding) => isMigration(finding, wanted));
  const fixed = await applyFixes(before, services, { target, select, safety: 'all' });
  const { after, changed, steps } = fixed;
  const left = after.findings.filter(
    (finding) => isMigration(finding, wanted) || isInTheWay(finding, wanted),
  );
  const manual = manualSteps(fixed, left, target);
  return {
    before,
    after,
    changed,
    diff: unifiedDiff(before, changed),
    steps,
    manual,
    halted: haltsOf(fixed, left, target),
    complete: isComplete(after, manual, target),
  };
}

/** Topics whose rules are about the shape that a Coder release wants. */
const TOPICS = ['legacy/', 'module/', 'provider/', 'task/'];
const RULES: ReadonlySet<string> = new Set([
  'prompt/not-wired',
  'prompt/legacy-env',
  'preset/unknown-parameter',
]);
/** Rules whose fixes move a template from one shape to the other. */
const MOVES = ['legacy/', 'module/', 'provider/'];
/** What releases up to 2.27 want, and later ones only deprecate. */
const OLD_SHAPE: ReadonlySet<string> = new Set([
  'legacy/ai-prompt-parameter',
  'module/legacy-ai-task',
  'task/sidebar-app-deprecated',
]);
/** What nobody can mend in the template: that Tasks end. */
const NOT_A_FAULT: ReadonlySet<string> = new Set(['task/unavailable-on-target']);

/** Whether the fix of a finding is part of a migration: it is about the shape that Coder wants. */
function isMigration(finding: Finding, target: readonly LineId[]): boolean {
  const { ruleId } = finding;
  if (worstEffect(finding, target) === null || NOT_A_FAULT.has(ruleId)) return false;
  return TOPICS.some((topic) => ruleId.startsWith(topic)) || RULES.has(ruleId);
}

/** Whether what is found stands in the way of tasks on the target, whoever has to mend it. */
function isInTheWay(finding: Finding, target: readonly LineId[]): boolean {
  const effect = worstEffect(finding, target);
  return effect !== null && isDeciding(effect);
}

/** Parts of the move to another shape that could not be made, though the template does not work without them. */
function haltsOf(
  { refused, isFinished }: FixResult,
  left: readonly Finding[],
  target: readonly LineId[],
): string[] {
  const halts = refused.map(({ finding, reason }) => `${finding.ruleId}: ${reason}`);
  for (const finding of left) {
    const isMove = MOVES.some((topic) => finding.ruleId.startsWith(topic));
    if (finding.obstacle == null || !isMove || !isInTheWay(finding, target)) continue;
    halts.push(`${finding.ruleId}: ${finding.obstacle}`);
  }
  if (!isFinished) halts.push('the fixes do not come to an end');
  return [...new Set(halts)];
}

/** What is left to do: what fixes left over, then what no fix mends, worst first. */
function manualSteps(
  { after, steps, refused, isFinished }: FixResult,
  left: readonly Finding[],
  target: readonly LineId[],
): ManualStep[] {
  const manual: ManualStep[] = [];
  const add = (step: ManualStep) => {
    if (!manual.some(({ text }) => text === step.text)) manual.push(step);
  };
  const leftover = (step: LeftStep, ruleId: string) =>
    add({ ...step, at: placeOf(after, step.address), ruleId });
  for (const { fix, finding } of steps) {
    for (const step of fix.leaves ?? []) leftover(step, finding.ruleId);
  }
  for (const { finding, reason } of refused) {
    add({
      text: `${finding.message.problem} ${finding.message.advice} It was not done here, since ${reason}.`,
      address: finding.address,
      at: finding.at,
      ruleId: finding.ruleId,
      blocking: true,
    });
  }
  for (const finding of left) {
    const { message, obstacle, address, at, ruleId } = finding;
    const effect = worstEffect(finding, target);
    if (effect === null) continue;
    const why = obstacle == null ? '' : ` It was not done here: ${obstacle}.`;
    // Without what it asks for nobody can say whether the template works.
    const blocking = isDeciding(effect) || leavesVerdictOpen(finding, after, target);
    if (effect === 'advice' && why === '' && !blocking) continue;
    if (!blocking && needsOldShape(target) && OLD_SHAPE.has(ruleId)) continue;
    add({
      text: `${message.problem} ${message.advice}${why}`,
      address,
      at,
      ruleId,
      blocking,
    });
  }
  if (!isFinished) {
    const text =
      'Run the migration again: its fixes did not come to an end, which is a defect of this program.';
    add({ text, address: null, at: null, ruleId: null, blocking: true });
  }
  return manual;
}

/** Whether a finding is why the verdict on a target line is unknown. */
function leavesVerdictOpen(
  { ruleId, message }: Finding,
  { verdict }: Analysis,
  target: readonly LineId[],
): boolean {
  return verdict.lines.some(
    ({ line, status, because }) =>
      status === 'unknown' &&
      target.includes(line) &&
      because.includes(ruleId) &&
      message.leavesOpen?.includes(line),
  );
}

function placeOf({ template }: Analysis, address: string | null): Span | null {
  if (address === null) return null;
  for (const node of template.tree.nodes) {
    const local = node.address === '' ? address : address.slice(node.address.length + 1);
    if (node.address !== '' && !address.startsWith(`${node.address}.`)) continue;
    const found = callOrResourceAt(node.module, local);
    if (found !== undefined) return found.block.headerSpan;
  }
  return null;
}

/** Lines on which tasks can be had at all. */
const LINES_WITH_TASKS: readonly LineId[] = LINES.filter(({ detection }) => detection !== 'never').map(
  ({ id }) => id,
);

/** A template without anything of Tasks has nothing to migrate. */
function isComplete(after: Analysis, manual: readonly ManualStep[], target: readonly LineId[]): boolean {
  if (manual.some(({ blocking }) => blocking)) return false;
  if (after.template.generation === 'none') return true;
  const wanted = target.filter((line) => LINES_WITH_TASKS.includes(line));
  return after.verdict.lines.every(({ line, status }) => !wanted.includes(line) || status === 'capable');
}

/** Whether a target is behind the removal of Tasks, where there is nothing left to migrate to but Coder Agents. */
export function isAfterTasks(target: readonly LineId[]): boolean {
  return target.every((line) => !LINES_WITH_TASKS.includes(line));
}
