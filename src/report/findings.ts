import { LEVELS } from '../rule.ts';
import type { FindingReport, Level, NoteReport, Report, Summary, TemplateReport } from './report.ts';

/** A finding with the template that it belongs to. */
interface Placed {
  readonly template: TemplateReport;
  readonly finding: FindingReport;
}

/** Orders findings as a reader meets them: by file, then by place. */
export function byPlace(a: FindingReport, b: FindingReport): number {
  return (
    compare(a.file, b.file) ||
    a.start.offset - b.start.offset ||
    a.end.offset - b.end.offset ||
    compare(a.ruleId, b.ruleId)
  );
}

/** Orders findings worst first, then by place. */
export function byLevel(a: FindingReport, b: FindingReport): number {
  return LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || byPlace(a, b);
}

/** By UTF-16 units, so that the order does not depend on the machine's locale. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The findings of a template that are not suppressed, as a reader meets them. */
export function shownFindings(template: TemplateReport): FindingReport[] {
  return template.findings.filter((finding) => finding.suppressed === null).sort(byPlace);
}

/** The findings of all templates that are not suppressed, template by template. */
export function allShown(report: Report): Placed[] {
  return report.templates.flatMap((template) =>
    shownFindings(template).map((finding) => ({ template, finding })),
  );
}

/** What else is to be known of all templates. */
export function allNotes({ templates }: Report): readonly NoteReport[] {
  return templates.flatMap(({ notes = [] }) => notes);
}

/** The values of a list by a key, keys in the order in which they first occur. */
export function groupBy<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

/** The counts of a summary that follow from the findings. */
export function countFindings(
  templates: readonly TemplateReport[],
): Pick<Summary, 'errors' | 'warnings' | 'infos' | 'fixable' | 'suppressed'> {
  const all = templates.flatMap((template) => template.findings);
  const shown = all.filter((finding) => finding.suppressed === null);
  const at = (level: Level) => shown.filter((finding) => finding.level === level).length;
  return {
    errors: at('error'),
    warnings: at('warning'),
    infos: at('info'),
    fixable: shown.filter((finding) => finding.fix !== null).length,
    suppressed: all.length - shown.length,
  };
}
