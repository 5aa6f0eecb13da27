import { type LineId, linesIn } from '../coder/releases.ts';
import { codeFrame, type FrameRow } from './code-frame.ts';
import { groupBy, shownFindings } from './findings.ts';
import { type Format, openSources, type RenderContext } from './format.ts';
import { nextStep } from './next-step.ts';
import { loadPaint, type Paint } from './paint.ts';
import type { FindingReport, Level, Report, Status, TemplateReport, VerdictReport } from './report.ts';
import { cleanLine, cleanPath, padText, shorten, wrapText } from './text.ts';
import {
  effectsText,
  generationText,
  groupVerdict,
  isWithoutTasks,
  lineRanges,
  STATUS_WORDS,
  summaryText,
  targetText,
  verdictText,
} from './words.ts';

/** Prose wider than this is hard to read, however wide the terminal is. */
const PROSE_WIDTH = 100;
const MESSAGE_LENGTH = 600;
const RELATED_PLACES = 4;

/** For people at a terminal: verdict, findings with code, and what to do next. */
export const pretty: Format = {
  name: 'pretty',
  async render(report, context) {
    const page = new Page(context, await loadPaint(context.color));
    const target = linesIn(report.target);
    const parts = report.templates.map((template) => page.template(template, target));
    parts.push(page.summary(report));
    return `${parts.join('\n\n\n')}\n`;
  },
};

interface Symbols {
  readonly statuses: Readonly<Record<Status, string>>;
  readonly bar: string;
  readonly caret: string;
  readonly arrow: string;
  readonly dot: string;
  readonly ellipsis: string;
}

const UNICODE: Symbols = {
  statuses: {
    capable: '✔',
    'prompt-lost': '!',
    'task-creation-fails': '✖',
    'not-capable': '✖',
    'build-fails': '✖',
    'import-fails': '✖',
    unknown: '?',
  },
  bar: '│',
  caret: '^',
  arrow: '→',
  dot: '·',
  ellipsis: '⋮',
};

const ASCII: Symbols = {
  statuses: {
    capable: '+',
    'prompt-lost': '!',
    'task-creation-fails': 'x',
    'not-capable': 'x',
    'build-fails': 'x',
    'import-fails': 'x',
    unknown: '?',
  },
  bar: '|',
  caret: '^',
  arrow: '->',
  dot: '-',
  ellipsis: '...',
};

class Page {
  readonly #context: RenderContext;
  readonly #paint: Paint;
  readonly #symbols: Symbols;
  readonly #width: number;
  readonly #fileOf: ReturnType<typeof openSources>;

  constructor(context: RenderContext, paint: Paint) {
    this.#context = context;
    this.#paint = paint;
    this.#symbols = context.unicode ? UNICODE : ASCII;
    this.#width = Math.max(40, context.width);
    this.#fileOf = openSources(context);
  }

  template(template: TemplateReport, target: readonly LineId[]): string {
    const paint = this.#paint;
    const { verdict } = template;
    const sections = [
      [paint.bold.underline(this.#show(cleanPath(template.root || '.'))), ...this.#headline(verdict)].join(
        '\n',
      ),
    ];
    if (!isWithoutTasks(verdict)) sections.push(this.#verdict(verdict, target));
    const byFile = groupBy(shownFindings(template), (finding) => finding.file);
    for (const [file, findings] of byFile) {
      sections.push(paint.bold(this.#show(cleanPath(file))));
      for (const finding of findings) sections.push(indent(this.#finding(finding), 2).join('\n'));
    }
    for (const { path, text } of template.notes ?? [])
      sections.push(this.#prose(`${cleanPath(path)}: ${text}`, 0).join('\n'));
    return sections.join('\n\n');
  }

  summary(report: Report): string {
    const paint = this.#paint;
    const lines = [
      ...this.#prose(`${summaryText(report)}.`, 0).map((line) => paint.bold(line)),
      ...this.#prose(targetText(report), 0),
    ];
    const step = nextStep(report);
    if (step !== null)
      lines.push('', `Next, to ${step.purpose}:`, '', `  ${paint.bold.cyan(this.#show(step.command))}`);
    return lines.join('\n');
  }

  /** Template text passes here last: an ASCII terminal gets no other characters. */
  #show(text: string): string {
    return this.#context.unicode ? text : text.replace(/[^\n -~]/gu, '?');
  }

  #headline(verdict: VerdictReport): string[] {
    const text = isWithoutTasks(verdict)
      ? verdictText(verdict)
      : `${verdictText(verdict)} ${generationText(verdict)}`;
    return this.#prose(text, 0);
  }

  #prose(text: string, margin: number): string[] {
    const clean = this.#show(shorten(cleanLine(text), MESSAGE_LENGTH, '...'));
    return wrapText(clean, Math.min(PROSE_WIDTH, this.#width) - margin);
  }

  /** The table of release lines, and below it what is wrong where. */
  #verdict(verdict: VerdictReport, target: readonly LineId[]): string {
    const paint = this.#paint;
    const heads: string[] = [];
    const marks: string[] = [];
    for (const { line, status } of verdict.lines) {
      const isTarget = target.includes(line);
      heads.push(isTarget ? paint.bold(line) : paint.dim(line));
      const left = Math.floor((line.length - 1) / 2);
      const mark = (isTarget ? this.#paintStatus(status) : paint.dim)(this.#symbols.statuses[status]);
      marks.push(' '.repeat(left) + mark + ' '.repeat(line.length - 1 - left));
    }
    // A terminal too narrow for the table gets every line in the legend instead.
    const tableWidth = 7 + verdict.lines.reduce((total, { line }) => total + line.length + 2, 0);
    const table =
      tableWidth > this.#width
        ? []
        : [`  Coder  ${heads.join('  ')}`, `  Tasks  ${marks.join('  ')}`.trimEnd(), ''];
    const groups = groupVerdict(verdict).filter(
      (group) => table.length === 0 || group.status !== 'capable' || group.note !== '',
    );
    if (groups.length === 0) return table.join('\n').trimEnd();
    const ranges = groups.map((group) => lineRanges(group.lines));
    const rangeWidth = Math.max(...ranges.map((range) => range.length));
    const wordsWidth = Math.max(...groups.map((group) => STATUS_WORDS[group.status].length));
    const legend = groups.flatMap(({ status, because, note, lines }, index) => {
      const isTarget = lines.some((line) => target.includes(line));
      const mark = (isTarget ? this.#paintStatus(status) : paint.dim)(this.#symbols.statuses[status]);
      const range = padText(ranges[index] as string, rangeWidth);
      const cause = this.#show(because.map(cleanLine).join(', ') || note);
      const words = cause === '' ? STATUS_WORDS[status] : padText(STATUS_WORDS[status], wordsWidth);
      const place = isTarget ? `${range}  ${words}` : paint.dim(`${range}  ${words}`);
      if (cause === '') return `  ${mark} ${place}`;
      const margin = 4 + rangeWidth + 2 + wordsWidth + 2;
      const [first = '', ...rest] = wrapText(cause, Math.max(this.#width - margin, 20));
      return [
        `  ${mark} ${place}  ${paint.dim(first)}`,
        ...rest.map((line) => `${' '.repeat(margin)}${paint.dim(line)}`),
      ];
    });
    return [...table, ...legend].join('\n');
  }

  #paintStatus(status: Status): Paint {
    if (status === 'capable') return this.#paint.green;
    if (status === 'unknown') return this.#paint.cyan;
    return status === 'prompt-lost' ? this.#paint.yellow : this.#paint.red;
  }

  #paintLevel(level: Level): Paint {
    if (level === 'error') return this.#paint.red;
    return level === 'warning' ? this.#paint.yellow : this.#paint.blue;
  }

  #finding(finding: FindingReport): string[] {
    const paint = this.#paint;
    const { level, ruleId, message, advice, start, related, fix } = finding;
    const colour = this.#paintLevel(level);
    const place = `${start.line}:${start.column}`;
    const lines = [
      `${colour.bold(level)}  ${paint.bold(this.#show(cleanLine(ruleId)))}  ${paint.dim(place)}`,
      ...this.#prose(message, 2),
      ...this.#frame(finding, 2, colour),
    ];
    for (const other of related.slice(0, RELATED_PLACES)) {
      const where = cleanPath(other.file) === cleanPath(finding.file) ? 'line' : `${cleanPath(other.file)}:`;
      const at = where === 'line' ? `line ${other.start.line}` : `${where}${other.start.line}`;
      const [first = '', ...rest] = this.#prose(`${at}: ${other.text}`, 4);
      lines.push(...[first, ...rest].map((line) => paint.dim(line)), ...this.#frame(other, 0, paint.blue));
    }
    if (related.length > RELATED_PLACES)
      lines.push(paint.dim(`and ${related.length - RELATED_PLACES} more places`));
    if (related.length > 0) lines.push('');
    const [order, ...more] = this.#prose(advice, 5);
    if (order !== undefined) {
      const hang = ' '.repeat(this.#symbols.arrow.length + 1);
      lines.push(`${paint.green(this.#symbols.arrow)} ${order}`, ...more.map((line) => hang + line));
    }
    const facts = [effectsText(finding), this.#fixText(fix)].filter((part) => part !== '');
    if (facts.length > 0)
      lines.push(...this.#prose(facts.join(` ${this.#symbols.dot} `), 2).map((line) => paint.dim(line)));
    return lines;
  }

  #fixText(fix: FindingReport['fix']): string {
    if (fix === null) return '';
    return fix.safety === 'safe' ? 'fix available' : 'fix available, to be reviewed';
  }

  #frame(place: Pick<FindingReport, 'file' | 'start' | 'end'>, context: number, colour: Paint): string[] {
    const file = this.#fileOf(place.file);
    if (file === null) return [];
    const gutter = 6 + String(place.end.line + context).length;
    const options = { unicode: this.#context.unicode, width: this.#width - gutter - 2, context };
    const rows = codeFrame(file, place.start, place.end, options);
    if (rows.length === 0) return [];
    const lines = this.#rows(rows, colour);
    return context > 0 ? ['', ...lines, ''] : lines;
  }

  #rows(rows: readonly FrameRow[], colour: Paint): string[] {
    const paint = this.#paint;
    const numberWidth = Math.max(...rows.map((row) => String(row.line ?? '').length));
    const bar = paint.dim(this.#symbols.bar);
    return rows.flatMap(({ line, code, mark }) => {
      if (line === null) return [`  ${paint.dim(this.#symbols.ellipsis.padStart(numberWidth))}`];
      const number = String(line).padStart(numberWidth);
      if (mark === null) return [`  ${paint.dim(number)} ${bar} ${paint.dim(code)}`.trimEnd()];
      const pointer = ' '.repeat(mark.from) + colour(this.#symbols.caret.repeat(mark.width));
      return [`  ${paint.bold(number)} ${bar} ${code}`, `  ${' '.repeat(numberWidth)} ${bar} ${pointer}`];
    });
  }
}

function indent(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line));
}
