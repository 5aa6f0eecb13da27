import { FIRST_CURRENT_LINE, LINE_IDS, linesIn } from '../coder/releases.ts';
import { LEVELS } from '../rule.ts';
import { shownFindings } from './findings.ts';
import type { FindingReport, Report, TemplateReport } from './report.ts';
import { quoteForShell } from './text.ts';

/** The one command to run next, and what it is for. */
interface NextStep {
  readonly command: string;
  readonly purpose: string;
}

/** More roots than this are not named one by one; the command then takes the folder that holds them all. */
const NAMED_ROOTS = 3;

/**
 * What a person should do next after reading a report; null when there is nothing to do. Migrating comes first,
 * because it settles most other findings of an old template; then fixes, then reading up on the worst finding.
 */
export function nextStep(report: Report): NextStep | null {
  const found = report.templates.map((template) => ({ template, findings: shownFindings(template) }));
  const rootsWith = (test: (finding: FindingReport, template: TemplateReport) => boolean) =>
    found
      .filter(({ template, findings }) => findings.some((finding) => test(finding, template)))
      .map(({ template }) => template.root);

  const canMigrate = wantsCurrentShape(report);
  const old = rootsWith(({ fix }, template) => canMigrate && fix !== null && isOld(template));
  if (old.length > 0) {
    return { command: `tasks-lint migrate ${rootArguments(old)}`, purpose: 'see the migration as a diff' };
  }
  const safe = rootsWith(({ fix }) => fix?.safety === 'safe');
  if (safe.length > 0) {
    return { command: `tasks-lint lint --fix ${rootArguments(safe)}`, purpose: 'apply the safe fixes' };
  }
  const review = rootsWith(({ fix }) => fix?.safety === 'review');
  if (review.length > 0) {
    return { command: `tasks-lint lint --diff ${rootArguments(review)}`, purpose: 'look at the fixes' };
  }

  const shown = found.flatMap(({ findings }) => findings);
  const explain = (ruleId: string, purpose: string): NextStep => ({
    command: `tasks-lint explain ${quoteForShell(ruleId)}`,
    purpose,
  });
  const [error] = shown.filter(({ level }) => level === 'error');
  if (error !== undefined) return explain(error.ruleId, 'read how to fix it');
  for (const { verdict } of report.templates) {
    const cause = verdict.lines.find((each) => each.status === 'unknown' && each.because.length > 0)
      ?.because[0];
    if (cause !== undefined) return explain(cause, 'read what would decide it');
  }
  for (const level of LEVELS) {
    const first = shown.find((finding) => finding.level === level);
    if (first !== undefined) return explain(first.ruleId, 'read how to fix it');
  }
  return null;
}

function isOld({ verdict }: TemplateReport): boolean {
  return verdict.generation === 'legacy' || verdict.generation === 'hybrid';
}

/** Whether the target has a line on which the shape of Coder 2.28 works; before it, an old template is right. */
function wantsCurrentShape({ target }: Report): boolean {
  return linesIn(target).some((line) => LINE_IDS.indexOf(line) >= LINE_IDS.indexOf(FIRST_CURRENT_LINE));
}

function rootArguments(roots: readonly string[]): string {
  const named = roots.length > NAMED_ROOTS ? [folderOf(roots)] : roots;
  return named.map((root) => quoteForShell(root === '' ? '.' : root)).join(' ');
}

/** The deepest folder that holds all of the roots. */
function folderOf([first = '', ...others]: readonly string[]): string {
  const shared = first.split('/');
  for (const other of others) {
    const parts = other.split('/');
    const end = shared.findIndex((part, index) => part !== parts[index]);
    if (end !== -1) shared.length = end;
  }
  return shared.join('/') || (first.startsWith('/') ? '/' : '');
}
