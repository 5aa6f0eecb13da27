import type { Verdict } from '../coder/verdict.ts';
import { pathShower } from '../report/build.ts';
import { type AgentsPlan, agentsPlanOf } from './agents-plan.ts';
import { diffOfEdits } from './diff.ts';
import { isAfterTasks, type MigrationOptions, type MigrationResult } from './migrate.ts';

/** What `tasks-lint migrate --format json` writes, format version 1; every other format is derived from it. */
export interface MigrationReport {
  readonly formatVersion: 1;
  readonly tool: { readonly name: 'tasks-lint'; readonly version: string };
  /** Semver range of Coder versions that was migrated to. */
  readonly target: string;
  readonly templates: readonly TemplateMigration[];
}

/** The migration of one template. */
export interface TemplateMigration {
  readonly root: string;
  /** Whether the migrated template works on every line of the target without a manual step that blocks. */
  readonly complete: boolean;
  /** What stopped a part of the migration; such a template is not written. */
  readonly halted: readonly string[];
  /** Whether the changes were written to disk. */
  readonly written: boolean;
  readonly before: Verdict;
  readonly after: Verdict;
  /** Files that change. */
  readonly files: readonly string[];
  /** Unified diff over all of them. */
  readonly diff: string;
  readonly steps: readonly StepReport[];
  readonly manual: readonly ManualReport[];
  /** What the move to Coder Agents asks for; null unless the target lies behind the end of Tasks. */
  readonly agentsPlan: AgentsPlan | null;
}

/** One fix that a migration applied, with the finding that asked for it. */
export interface StepReport {
  readonly ruleId: string;
  readonly address: string | null;
  readonly title: string;
  readonly safety: 'safe' | 'review';
  /** What was wrong before. */
  readonly why: string;
  readonly diff: string;
  readonly docs: string;
}

/** Something that is left to a person; file and line (from 1) are those of the migrated template. */
export interface ManualReport {
  readonly text: string;
  readonly address: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly ruleId: string | null;
  readonly blocking: boolean;
}

/** The report on the migration of one template. */
export function reportMigration(
  result: MigrationResult,
  { target }: MigrationOptions,
  settings: { readonly written: boolean; readonly docs: (ruleId: string) => string },
): TemplateMigration {
  const show = pathShower(result.after);
  const { before, after, changed, diff, steps, manual, complete } = result;
  return {
    root: before.files.root,
    complete,
    halted: result.halted,
    written: settings.written,
    before: before.verdict,
    after: after.verdict,
    files: [...changed.keys()].map(show).sort(),
    diff,
    steps: steps.map((step) => ({
      ruleId: step.finding.ruleId,
      address: step.finding.address,
      title: step.fix.title,
      safety: step.fix.safety,
      why: step.finding.message.problem,
      diff: diffOfEdits(step.analysis, step.fix.edits),
      docs: settings.docs(step.finding.ruleId),
    })),
    manual: manual.map(({ text, address, at, ruleId, blocking }) => ({
      text,
      address,
      file: at === null ? null : show(at.file.path),
      line: at === null ? null : at.file.positionAt(at.start).line,
      ruleId,
      blocking,
    })),
    agentsPlan: isAfterTasks(target) ? agentsPlanOf(after) : null,
  };
}
