import { compare, countFindings, groupBy } from './findings.ts';
import type { Report } from './report.ts';
import { cleanLine, shorten, writeJson } from './text.ts';

/** Why a finding that a baseline holds is suppressed; formats tell it from a comment in the source by this. */
export const BASELINE_REASON = 'recorded in the baseline';

/** Findings that a team has decided to live with for now, so that only new ones are reported. */
interface Baseline {
  readonly formatVersion: 1;
  /** Day on which it was written, `YYYY-MM-DD`; null when that is not to be recorded. */
  readonly created: string | null;
  readonly findings: readonly BaselineEntry[];
}

/** Only the fingerprint counts; the rest tells a reader what it stands for. */
interface BaselineEntry {
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly file: string;
  readonly message: string;
}

/** A file that is not a baseline, or one of another version. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/**
 * The baseline of a report: all findings but those suppressed in the source. Findings that an older baseline
 * suppressed are part of the new one; otherwise writing it twice would empty it.
 */
export function createBaseline(report: Report, created: string | null = null): Baseline {
  const findings = report.templates
    .flatMap((template) => template.findings)
    .filter(({ suppressed }) => suppressed === null || suppressed.reason === BASELINE_REASON)
    .map(({ fingerprint, ruleId, file, message }) => ({
      fingerprint,
      ruleId,
      file,
      message: shorten(cleanLine(message), 200),
    }));
  findings.sort(
    (a, b) => compare(a.file, b.file) || compare(a.ruleId, b.ruleId) || compare(a.fingerprint, b.fingerprint),
  );
  return { formatVersion: 1, created, findings };
}

/** A baseline as the text of its file, in an order that keeps diffs small. */
export function writeBaseline({ formatVersion, created, findings }: Baseline): string {
  return writeJson({
    formatVersion,
    created,
    findings: findings.map(({ fingerprint, ruleId, file, message }) => ({
      fingerprint,
      ruleId,
      file,
      message,
    })),
  });
}

/**
 * Reads the text of a baseline file.
 * @throws BaselineError with what is wrong, when it is none
 */
export function readBaseline(text: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BaselineError(
      `The baseline is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isObject(value)) throw new BaselineError('The baseline is not a JSON object.');
  if (value.formatVersion !== 1) {
    throw new BaselineError(`The baseline has formatVersion ${JSON.stringify(value.formatVersion)}, not 1.`);
  }
  const { findings, created } = value;
  if (!Array.isArray(findings)) throw new BaselineError('The baseline has no list of findings.');
  return {
    formatVersion: 1,
    created: typeof created === 'string' ? created : null,
    findings: findings.map((entry: unknown, index) => {
      if (!isObject(entry) || typeof entry.fingerprint !== 'string') {
        throw new BaselineError(`Finding ${index + 1} of the baseline has no fingerprint.`);
      }
      const { fingerprint, ruleId, file, message } = entry;
      return { fingerprint, ruleId: textOr(ruleId), file: textOr(file), message: textOr(message) };
    }),
  };
}

/**
 * Suppresses the findings that a baseline holds, each entry at most one, and counts again. `stale` are entries that no
 * finding answers to any more: the fault is mended, or its rule or block has changed. The verdict stays what it is.
 */
export function applyBaseline(
  report: Report,
  baseline: Baseline,
): { report: Report; stale: BaselineEntry[] } {
  const open = groupBy(baseline.findings, (entry) => entry.fingerprint);
  const templates = report.templates.map((template) => ({
    ...template,
    findings: template.findings.map((finding) => {
      if (open.get(finding.fingerprint)?.shift() === undefined) return finding;
      return finding.suppressed === null ? { ...finding, suppressed: { reason: BASELINE_REASON } } : finding;
    }),
  }));
  return {
    report: { ...report, templates, summary: { ...report.summary, ...countFindings(templates) } },
    stale: [...open.values()].flat(),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
