import { type LineId, linesIn } from '../coder/releases.ts';
import type { TemplateReport } from '../report/report.ts';

/** What a template must be before it may be imported. */
export interface Policy {
  readonly require: 'capable';
  /** Semver range of Coder versions on all of which it must be. */
  readonly coderVersion: string;
}

/** Why a template does not meet a policy. */
export interface Reason {
  /** Null where no rule is the cause. */
  readonly ruleId: string | null;
  readonly message: string;
  readonly advice: string | null;
  readonly file: string | null;
  /** Line in the file, from 1. */
  readonly at: number | null;
  /** Release lines on which the template does not meet the policy for this reason. */
  readonly lines: readonly LineId[];
}

/** Reasons that are given at most; the report holds them all. */
const MAX_REASONS = 100;

/** Why a template does not meet a policy; empty when it does. */
export function reasonsAgainst(report: TemplateReport, policy: Policy): Reason[] {
  const target = linesIn(policy.coderVersion);
  const failing = report.verdict.lines.filter(
    ({ line, status }) => status !== 'capable' && target.includes(line),
  );
  const linesOf = (ruleId: string) =>
    failing.filter(({ because }) => because.includes(ruleId)).map(({ line }) => line);
  const reasons: Reason[] = [];
  const said = new Set<string>();
  for (const { ruleId, message, advice, file, start } of report.findings) {
    const lines = linesOf(ruleId);
    if (lines.length === 0) continue;
    said.add(ruleId);
    reasons.push({ ruleId, message, advice, file, at: start.line, lines });
  }
  // A cause need not be among the findings, which are those on the lines of the request.
  for (const ruleId of new Set(failing.flatMap(({ because }) => because))) {
    if (said.has(ruleId)) continue;
    reasons.push({ ...NOWHERE, ruleId, message: `The rule ${ruleId} is the cause.`, lines: linesOf(ruleId) });
  }
  for (const status of new Set(failing.map((verdict) => verdict.status))) {
    const lines = failing.filter((verdict) => verdict.status === status && verdict.because.length === 0);
    if (lines.length === 0) continue;
    const message =
      status === 'unknown'
        ? 'The files do not decide whether the template is Task-capable.'
        : 'Nothing in the template makes it a Task template.';
    reasons.push({ ...NOWHERE, ruleId: null, message, lines: lines.map(({ line }) => line) });
  }
  return reasons.slice(0, MAX_REASONS);
}

const NOWHERE = { advice: null, file: null, at: null } as const;
