import { allNotes, allShown } from './findings.ts';
import { type Format, repositoryPath } from './format.ts';
import { hashText } from './hash.ts';
import type { FindingReport, Level } from './report.ts';
import { cleanMessage, writeJson } from './text.ts';

const SEVERITIES: Readonly<Record<Level, string>> = { error: 'major', warning: 'minor', info: 'info' };

/** Code quality report for GitLab merge requests. Findings with the same fingerprint would swallow each other there. */
export const gitlab: Format = {
  name: 'gitlab',
  render(report, context) {
    const taken = new Set<string>();
    const issues = allShown(report).map(({ finding }) => {
      const path = repositoryPath(finding.file, context.repository);
      return {
        description: cleanMessage(`${finding.message} ${finding.advice}`.trim()),
        check_name: finding.ruleId,
        fingerprint: uniqueFingerprint(finding, path, taken),
        severity: severityOf(finding),
        location: {
          path,
          lines: { begin: finding.start.line, end: Math.max(finding.start.line, finding.end.line) },
        },
      };
    });
    // There is no other place for them, and an issue without a place is refused.
    const notes = allNotes(report).map(({ path, text }) => ({
      description: cleanMessage(text),
      check_name: 'tasks-lint',
      fingerprint: hashText(`${path}\n${text}`),
      severity: SEVERITIES.info,
      location: { path: repositoryPath(path, context.repository), lines: { begin: 1, end: 1 } },
    }));
    return writeJson([...issues, ...notes]);
  },
};

function severityOf({ level, effects }: FindingReport): string {
  const isBlocking = effects.some(({ effect }) => effect === 'import-fails' || effect === 'build-fails');
  return level === 'error' && isBlocking ? 'critical' : SEVERITIES[level];
}

/** Fingerprints are relative to a template's root, so equal templates in one repository share them; the path parts them. */
function uniqueFingerprint(finding: FindingReport, path: string, taken: Set<string>): string {
  let fingerprint = hashText(`${finding.fingerprint}\n${path}`);
  while (taken.has(fingerprint)) fingerprint = hashText(fingerprint);
  taken.add(fingerprint);
  return fingerprint;
}
