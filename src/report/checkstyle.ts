import { allNotes, allShown, groupBy } from './findings.ts';
import type { Format } from './format.ts';
import { cleanMessage, escapeXml } from './text.ts';

/** Checkstyle XML, which Jenkins, reviewdog and many editors read. */
export const checkstyle: Format = {
  name: 'checkstyle',
  render(report) {
    const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">'];
    const byFile = groupBy(
      allShown(report).map(({ finding }) => finding),
      (finding) => finding.file,
    );
    for (const [file, findings] of byFile) {
      lines.push(`  <file name="${escapeXml(file)}">`);
      for (const { start, level, message, advice, ruleId } of findings) {
        const text = escapeXml(cleanMessage(`${message} ${advice}`.trim()));
        const place = `line="${start.line}" column="${start.column}"`;
        lines.push(
          `    <error ${place} severity="${level}" message="${text}" source="tasks-lint.${escapeXml(ruleId)}"/>`,
        );
      }
      lines.push('  </file>');
    }
    // Its schema knows files and errors only.
    for (const { path, text } of allNotes(report))
      lines.push(`  <!-- ${escapeXml(cleanMessage(`${path}: ${text}`)).replace(/-(?=-|$)/g, '- ')} -->`);
    lines.push('</checkstyle>');
    return lines.map((line) => `${line}\n`).join('');
  },
};
