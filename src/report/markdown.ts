import { linesIn } from '../coder/releases.ts';
import { allNotes, byLevel, shownFindings } from './findings.ts';
import { type Format, type RenderContext, repositoryPath } from './format.ts';
import { nextStep } from './next-step.ts';
import type { FindingReport, Level, LineVerdict, Report, Status, TemplateReport } from './report.ts';
import { codeBlock, codeSpan, count, escapeMarkdown, shorten } from './text.ts';
import {
  effectsText,
  generationText,
  groupVerdict,
  isWithoutTasks,
  lineRanges,
  STATUS_WORDS,
  summaryText,
  verdictText,
} from './words.ts';

/** GitHub refuses a step summary over 1 MiB as a whole, so we stop short of it. */
const BYTES = 900_000;
const CELL_LENGTH = 300;
const PARAGRAPH_LENGTH = 2000;
/** A diff may take this share of the room and no more; findings matter first. */
const DIFF_BYTES = 300_000;

const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  error: '🔴 error',
  warning: '🟡 warning',
  info: '🔵 info',
};
/** The mark that stands for a status in Markdown. */
export const STATUS_MARKS: Readonly<Record<Status, string>> = {
  capable: '✅',
  'prompt-lost': '⚠️',
  'task-creation-fails': '❌',
  'not-capable': '❌',
  'build-fails': '❌',
  'import-fails': '❌',
  unknown: '❔',
};

/** Markdown for a step summary or a comment on a pull request. */
export const markdown: Format = {
  name: 'markdown',
  render(report, context) {
    const page = new Page(BYTES);
    page.add(`## tasks-lint\n\n${summaryText(report)}, linted for Coder ${codeSpan(report.target)}.\n`);
    addVerdicts(page, report);
    for (const { path, text } of allNotes(report)) page.add(`\n${codeSpan(path)}: ${escapeMarkdown(text)}\n`);
    addFindings(page, report, context);
    for (const template of report.templates) addTemplate(page, template, context);
    const step = nextStep(report);
    if (step !== null) page.add(`\nNext, to ${step.purpose}: ${codeSpan(step.command)}\n`);
    addDiff(page, context);
    return page.text();
  },
};

/** Collects text up to a number of UTF-8 bytes; what does not fit is left out piece by piece and counted. */
class Page {
  readonly #parts: string[] = [];
  readonly #encoder = new TextEncoder();
  #left: number;
  #omitted = 0;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Whether the text still fitted. */
  add(text: string): boolean {
    const bytes = this.#encoder.encode(text).length;
    if (bytes > this.#left) {
      this.#omitted += 1;
      return false;
    }
    this.#left -= bytes;
    this.#parts.push(text);
    return true;
  }

  text(): string {
    const note =
      this.#omitted > 0
        ? '\n> This report was too long and is cut here. The JSON report has all of it.\n'
        : '';
    return this.#parts.join('') + note;
  }
}

function addVerdicts(page: Page, report: Report): void {
  const lines = report.templates[0]?.verdict.lines.map((each) => each.line) ?? [];
  if (lines.length === 0) return;
  const target = linesIn(report.target);
  const heads = lines.map((line) =>
    target.includes(line) ? `**${line.replace('>', '&gt;')}**` : line.replace('>', '&gt;'),
  );
  page.add(`\n| Template | ${heads.join(' | ')} |\n| --- |${' :-: |'.repeat(lines.length)}\n`);
  for (const { root, verdict } of report.templates) {
    const marks = verdict.lines.map((line) => markOf(line, isWithoutTasks(verdict)));
    if (!page.add(`| ${codeSpan(root || '.', true)} | ${marks.join(' | ')} |\n`)) break;
  }
}

function markOf({ status }: LineVerdict, isPlain: boolean): string {
  return isPlain ? '–' : STATUS_MARKS[status];
}

function addFindings(page: Page, report: Report, context: RenderContext): void {
  const findings = report.templates.flatMap(shownFindings).sort(byLevel);
  if (findings.length === 0) return;
  page.add('\n| Level | Where | Rule | Finding |\n| --- | --- | --- | --- |\n');
  for (const finding of findings) {
    const { level, ruleId, docs, message } = finding;
    const rule = docs === '' ? codeSpan(ruleId, true) : `[${codeSpan(ruleId, true)}](${encodeURI(docs)})`;
    const text = shorten(message, CELL_LENGTH);
    const row = `| ${LEVEL_WORDS[level]} | ${codeSpan(whereOf(finding, context), true)} | ${rule} | ${escapeMarkdown(text)} |\n`;
    if (!page.add(row)) break;
  }
}

function addTemplate(page: Page, template: TemplateReport, context: RenderContext): void {
  const { root, verdict } = template;
  const findings = shownFindings(template);
  const heading = `${codeSpan(root || '.')}: ${escapeMarkdown(verdictText(verdict))}`;
  const suppressed = template.findings.length - findings.length;
  const lines = [`\n### ${heading}\n`];
  if (!isWithoutTasks(verdict)) {
    lines.push(generationText(verdict), '');
    for (const { status, because, note, lines: of } of groupVerdict(verdict)) {
      if (status === 'capable' && note === '') continue;
      const cause = because.map((id) => codeSpan(id)).join(', ') || note;
      lines.push(
        `- ${STATUS_MARKS[status]} ${escapeMarkdown(lineRanges(of))}: ${STATUS_WORDS[status]}${cause === '' ? '' : `: ${cause}`}`,
      );
    }
  }
  if (suppressed > 0) lines.push('', `${count(suppressed, 'suppressed finding')} not shown.`);
  for (const { path, text } of template.notes ?? [])
    lines.push('', `${codeSpan(path)}: ${escapeMarkdown(text)}`);
  page.add(`${lines.join('\n')}\n`);

  if (findings.length === 0) return;
  if (!page.add(`\n<details><summary>${count(findings.length, 'finding')} with advice</summary>\n\n`)) return;
  for (const finding of findings) {
    if (!page.add(detailsOf(finding, context))) break;
  }
  page.add('\n</details>\n');
}

function detailsOf(finding: FindingReport, context: RenderContext): string {
  const { ruleId, message, advice, related, fix } = finding;
  const effects = effectsText(finding);
  const paragraph = (text: string) => escapeMarkdown(shorten(text, PARAGRAPH_LENGTH));
  const lines = [`- ${codeSpan(ruleId)} at ${codeSpan(whereOf(finding, context))}: ${paragraph(message)}`];
  if (advice !== '') lines.push(`  - Advice: ${paragraph(advice)}`);
  if (effects !== '') lines.push(`  - Effect: ${escapeMarkdown(effects)}`);
  for (const place of related.slice(0, 5)) {
    lines.push(`  - ${codeSpan(whereOf(place, context))}: ${paragraph(place.text)}`);
  }
  if (fix !== null) {
    const review = fix.safety === 'review' ? ' (to be reviewed)' : '';
    lines.push(`  - Fix${review}: ${paragraph(fix.title)}`);
  }
  return `${lines.join('\n')}\n`;
}

function whereOf(place: Pick<FindingReport, 'file' | 'start'>, { repository }: RenderContext): string {
  return `${repositoryPath(place.file, repository)}:${place.start.line}:${place.start.column}`;
}

function addDiff(page: Page, { diff }: RenderContext): void {
  if (diff === null || diff === '') return;
  const shown = shorten(diff, DIFF_BYTES, '\n…');
  page.add(`\n<details><summary>Diff of the fixes</summary>\n\n${codeBlock(shown, 'diff')}\n</details>\n`);
}
