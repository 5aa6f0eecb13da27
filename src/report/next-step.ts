import { allShown, LEVELS } from './findings.ts';
import type { Report, TemplateReport } from './report.ts';
import { quoteForShell } from './text.ts';

/** The one command to run next, and what it is for. */
export interface NextStep {
  readonly command: string;
  readonly purpose: string;
}

/** More roots than this are not named one by one; the command then takes the current directory. */
const NAMED_ROOTS = 3;

/**
 * What a person should do next after reading a report; null when there is nothing to do. Migrating comes first,
 * because it settles most other findings of an old template; then fixes, then reading up on the worst finding.
 */
export function nextStep(report: Report): NextStep | null {
  const shown = allShown(report);

  const old = report.templates.filter(
    (template) =>
      isOld(template) && shown.some((each) => each.template === template && each.finding.fix !== null),
  );
  if (old.length > 0) {
    return { command: `tasks-lint migrate ${rootArguments(old)}`, purpose: 'see the migration as a diff' };
  }

  const withFix = (safety: 'safe' | 'review') =>
    report.templates.filter((template) =>
      shown.some((each) => each.template === template && each.finding.fix?.safety === safety),
    );
  const safe = withFix('safe');
  if (safe.length > 0) {
    return { command: `tasks-lint lint --fix ${rootArguments(safe)}`, purpose: 'apply the safe fixes' };
  }
  const review = withFix('review');
  if (review.length > 0) {
    return { command: `tasks-lint lint --diff ${rootArguments(review)}`, purpose: 'look at the fixes' };
  }

  for (const level of LEVELS) {
    const first = shown.find((each) => each.finding.level === level);
    if (first !== undefined) {
      const { ruleId } = first.finding;
      return { command: `tasks-lint explain ${quoteForShell(ruleId)}`, purpose: 'read how to fix it' };
    }
  }

  for (const { verdict } of report.templates) {
    const cause = verdict.lines.find((each) => each.status === 'unknown' && each.because.length > 0)
      ?.because[0];
    if (cause !== undefined) {
      return { command: `tasks-lint explain ${quoteForShell(cause)}`, purpose: 'read what would decide it' };
    }
  }
  return null;
}

function isOld({ verdict }: TemplateReport): boolean {
  return verdict.generation === 'legacy' || verdict.generation === 'hybrid';
}

function rootArguments(templates: readonly TemplateReport[]): string {
  if (templates.length > NAMED_ROOTS) return '.';
  return templates.map((template) => quoteForShell(template.root === '' ? '.' : template.root)).join(' ');
}
