import { shownFindings } from './findings.ts';
import type { Format } from './format.ts';
import type { VerdictReport } from './report.ts';
import { cleanLine, cleanPath, shorten } from './text.ts';
import { groupVerdict, isWithoutTasks, lineRanges, STATUS_WORDS, verdictText } from './words.ts';

const MESSAGE_LENGTH = 1000;

/** One line per finding, as compilers write them, and one line per template with its verdict. For grep and editors. */
export const compact: Format = {
  name: 'compact',
  render(report) {
    const lines: string[] = [];
    for (const template of report.templates) {
      for (const { file, start, level, ruleId, message } of shownFindings(template)) {
        const text = shorten(cleanLine(message), MESSAGE_LENGTH);
        lines.push(`${cleanPath(file)}:${start.line}:${start.column}: ${level} ${cleanLine(ruleId)} ${text}`);
      }
      for (const { path, text } of template.notes ?? [])
        lines.push(`${cleanPath(path)}: note ${cleanLine(text)}`);
      lines.push(`${cleanPath(template.root)}: verdict ${verdictLine(template.verdict)}`);
    }
    return lines.map((line) => `${line}\n`).join('');
  },
};

function verdictLine(verdict: VerdictReport): string {
  if (isWithoutTasks(verdict)) return verdictText(verdict);
  const causes = groupVerdict(verdict)
    .filter((group) => group.status !== 'capable' && group.status !== 'unknown')
    .map(({ status, because, note, lines }) => {
      const cause = because.map(cleanLine).join(', ') || note;
      return `${STATUS_WORDS[status]} on ${lineRanges(lines)}${cause === '' ? '' : ` (${cause})`}`;
    });
  return [verdictText(verdict).replace(/\.$/, ''), ...causes].join('; ');
}
