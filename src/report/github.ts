import { allNotes, allShown, byLevel } from './findings.ts';
import { type Format, type RenderContext, repositoryPath } from './format.ts';
import type { FindingReport, Level } from './report.ts';
import {
  cleanLine,
  cleanPath,
  cleanText,
  count,
  escapeCommandMessage,
  escapeCommandProperty,
  shorten,
} from './text.ts';
import { countsText, effectsText } from './words.ts';

/** What GitHub shows per step and level; the rest would be dropped without a word. */
const ANNOTATIONS_PER_LEVEL = 10;
const MESSAGE_LENGTH = 4000;

const COMMANDS: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands for GitHub Actions, which show up as annotations on the changed files. */
export const github: Format = {
  name: 'github',
  render(report, context) {
    const shown = allShown(report)
      .map(({ finding }) => finding)
      .sort(byLevel);
    const written: Record<Level, number> = { error: 0, warning: 0, info: 0 };
    const lines: string[] = [];
    for (const finding of shown) {
      if (written[finding.level] >= ANNOTATIONS_PER_LEVEL) continue;
      written[finding.level] += 1;
      lines.push(annotation(finding, context));
    }
    const annotations = lines.length;
    for (const { path, text } of allNotes(report))
      lines.push(`tasks-lint: ${cleanPath(path)}: ${cleanLine(text)}`);
    const left = shown.length - annotations;
    const more =
      left > 0
        ? `; ${left} more not shown here, since GitHub shows ${ANNOTATIONS_PER_LEVEL} annotations per level`
        : '';
    lines.push(
      `tasks-lint: ${countsText(report.summary)} in ${count(report.summary.templates, 'template')}${more}`,
    );
    return lines.map((line) => `${line}\n`).join('');
  },
};

function annotation(finding: FindingReport, { repository }: RenderContext): string {
  const { start, end } = finding;
  const properties: [string, string][] = [
    ['file', cleanText(repositoryPath(finding.file, repository))],
    ['line', String(start.line)],
    ['endLine', String(end.column === 1 && end.line > start.line ? end.line - 1 : end.line)],
  ];
  // GitHub drops columns of an annotation that spans lines, and warns about it.
  if (end.line === start.line)
    properties.push(['col', String(start.column)], ['endColumn', String(end.column)]);
  properties.push(['title', cleanLine(finding.ruleId)]);
  const head = properties.map(([key, value]) => `${key}=${escapeCommandProperty(value)}`).join(',');
  const message = [finding.message, finding.advice, effectsText(finding)]
    .filter((part) => part !== '')
    .join('\n');
  return `::${COMMANDS[finding.level]} ${head}::${escapeCommandMessage(shorten(cleanText(message), MESSAGE_LENGTH))}`;
}
