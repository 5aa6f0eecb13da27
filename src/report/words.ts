import { LINE_IDS, type LineId } from '../coder/releases.ts';
import { EFFECTS, type Effect } from '../rule.ts';
import { groupBy } from './findings.ts';
import type { FindingReport, Generation, Report, Status, Summary, VerdictReport } from './report.ts';
import { count } from './text.ts';

/** What an effect means for the user of a template, as in "import fails on 2.24-2.27". */
export const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  'import-fails': 'import fails',
  'build-fails': 'build fails',
  'not-capable': 'no Tasks',
  'task-creation-fails': 'task creation fails',
  'prompt-lost': 'prompt is lost',
  degraded: 'degraded',
  deprecated: 'deprecated',
  advice: 'advice',
};

/** What a status means for the user of a template. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  capable: 'Task-capable',
  'prompt-lost': 'prompt is lost',
  'task-creation-fails': 'task creation fails',
  'not-capable': 'not Task-capable',
  'build-fails': 'build fails',
  'import-fails': 'import fails',
  unknown: 'cannot be decided',
};

const GENERATION_WORDS: Readonly<Record<Generation, string>> = {
  legacy: 'Written for Coder 2.27 and earlier.',
  current: 'Written for Coder 2.28 and later.',
  hybrid: 'Mixes what Coder 2.27 and earlier expect with what 2.28 and later expect.',
  orphan: 'Has parts of a task, but nothing that defines one.',
  none: 'Has nothing of Coder Tasks in it.',
};

/** What kind of template it is, as a sentence; an orphan may have its task in a module of which nothing is known. */
export function generationText({ generation, lines }: VerdictReport): string {
  const isOpen = lines.some(({ listed }) => listed === null);
  if (generation === 'orphan' && isOpen)
    return 'Has parts of a task; whether something defines one is not known.';
  if (generation === 'none' && isOpen) return 'Nothing of Tasks is seen in what could be read.';
  return GENERATION_WORDS[generation];
}

/** Lines as ranges of releases, neighbours joined: `2.24-2.29, 2.36`, `>=2.34`. */
export function lineRanges(lines: readonly LineId[]): string {
  const ranges: string[] = [];
  for (let at = 0; at < LINE_IDS.length; at += 1) {
    const first = LINE_IDS[at];
    if (first === undefined || !lines.includes(first)) continue;
    let last = first;
    for (let next = LINE_IDS[at + 1]; next !== undefined && lines.includes(next); next = LINE_IDS[at + 1]) {
      last = next;
      at += 1;
    }
    const from = first.replace('>=', '').split('-')[0] as string;
    const to = last.split('-').at(-1) as string;
    if (last.startsWith('>=')) ranges.push(`>=${from}`);
    else ranges.push(from === to ? from : `${from}-${to}`);
  }
  return ranges.join(', ');
}

/** What a finding does where, worst first: `import fails on 2.24-2.27, deprecated on >=2.34`; mere advice is left out. */
export function effectsText(finding: FindingReport): string {
  const parts: string[] = [];
  for (const effect of EFFECTS) {
    if (effect === 'advice') continue;
    const lines = finding.effects.filter((each) => each.effect === effect).map((each) => each.line);
    if (lines.length > 0) parts.push(`${EFFECT_WORDS[effect]} on ${lineRanges(lines)}`);
  }
  return parts.join(', ');
}

/** What holds for every template on a line, and so is nobody's fault. Sources: src/coder/releases.ts. */
const LINE_NOTES: Readonly<Partial<Record<LineId, { status: Status; note: string }>>> = {
  '2.36': { status: 'capable', note: 'if the server enables it (--enable-ai-tasks)' },
  '>=2.37': { status: 'not-capable', note: 'announced removal of Tasks' },
};

/** Release lines that share a status for the same cause. */
interface VerdictGroup {
  readonly status: Status;
  readonly because: readonly string[];
  /** Why it is so when no rule is the cause; empty when there is nothing to say. */
  readonly note: string;
  readonly lines: readonly LineId[];
}

/** A verdict's lines by status and cause, in the order in which they first occur. */
export function groupVerdict(verdict: VerdictReport): VerdictGroup[] {
  const causes = verdict.lines.map(({ line, status, because }) => {
    const known = LINE_NOTES[line];
    const note = because.length === 0 && known?.status === status ? known.note : '';
    return { line, status, because, note };
  });
  const groups = groupBy(causes, ({ status, because, note }) => JSON.stringify([status, because, note]));
  return [...groups.values()].map((group) => {
    const { status, because, note } = group[0] as (typeof causes)[number];
    return { status, because, note, lines: group.map((each) => each.line) };
  });
}

/** Whether a template is known to have nothing of Tasks in it, so that its release lines say nothing. */
export function isWithoutTasks({ generation, lines }: VerdictReport): boolean {
  return generation === 'none' && lines.every(({ status }) => status !== 'unknown');
}

/** The verdict as one sentence. */
export function verdictText(verdict: VerdictReport): string {
  if (isWithoutTasks(verdict)) return 'Not a Task template.';
  const on = (status: Status) =>
    verdict.lines.filter((each) => each.status === status).map((each) => each.line);
  const capable = on('capable');
  const unknown = on('unknown');
  if (capable.length === 0 && unknown.length > 0)
    return `Undecided on Coder ${lineRanges(unknown)}, Task-capable on no other release.`;
  const sentence =
    capable.length > 0 ? `Task-capable on Coder ${lineRanges(capable)}` : 'Task-capable on no Coder release';
  return unknown.length > 0 ? `${sentence}; undecided on ${lineRanges(unknown)}.` : `${sentence}.`;
}

/** `2 errors, 1 warning`, or `no findings`. */
export function countsText(summary: Summary): string {
  const parts = [
    summary.errors > 0 ? count(summary.errors, 'error') : '',
    summary.warnings > 0 ? count(summary.warnings, 'warning') : '',
    summary.infos > 0 ? count(summary.infos, 'info') : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/** The run in one sentence, without a full stop. */
export function summaryText(report: Report): string {
  const { summary } = report;
  if (summary.templates === 0) return 'No template was found';
  const extra = [
    summary.fixable > 0 ? `${summary.fixable} fixable` : '',
    summary.suppressed > 0 ? `${summary.suppressed} suppressed` : '',
  ].filter((part) => part !== '');
  const counts = countsText(summary) + (extra.length > 0 ? ` (${extra.join(', ')})` : '');
  return `${counts.charAt(0).toUpperCase()}${counts.slice(1)} in ${count(summary.templates, 'template')}`;
}

/** How many Task templates are capable on the whole target, as a sentence; empty when there are none. */
export function targetText({ summary, target, templates }: Report): string {
  const where = `Task-capable on every release of the target, Coder ${target}`;
  const total = templates.filter(({ verdict }) => !isWithoutTasks(verdict)).length;
  if (total === 0) return '';
  const the = summary.templates === 1 ? 'The template' : 'The one Task template';
  if (total === 1) return `${the} is ${summary.capable === 1 ? '' : 'not '}${where}.`;
  return `${summary.capable} of ${total} Task templates are ${where}.`;
}
