import { describe, expect, it } from 'vitest';
import {
  applyBaseline,
  BASELINE_REASON,
  BaselineError,
  createBaseline,
  readBaseline,
  writeBaseline,
} from '../src/report/baseline.ts';
import { sarif } from '../src/report/sarif.ts';
import { allSamples, current, legacy, report, sampleContext } from './support/report-samples.ts';

describe('a baseline', () => {
  it('survives its file', () => {
    const baseline = createBaseline(allSamples, '2026-11-21');
    expect(readBaseline(writeBaseline(baseline))).toEqual(baseline);
    expect(baseline.findings).toHaveLength(5);
  });

  it('leaves out what the source suppresses and keeps what an older baseline suppresses', () => {
    const first = createBaseline(allSamples);
    expect(first.findings.map((entry) => entry.ruleId)).not.toContain('security/token-in-env');
    expect(createBaseline(applyBaseline(allSamples, first).report)).toEqual(first);
  });

  it('suppresses what it holds and counts again, verdicts untouched', () => {
    const { report: applied, stale } = applyBaseline(allSamples, createBaseline(report([legacy])));
    expect(stale).toEqual([]);
    expect(applied.summary).toEqual({
      ...allSamples.summary,
      errors: 1,
      warnings: 0,
      fixable: 0,
      suppressed: 4,
    });
    expect(applied.templates[0]?.findings.every((each) => each.suppressed?.reason === BASELINE_REASON)).toBe(
      true,
    );
    expect(applied.templates[0]?.verdict).toBe(legacy.verdict);
  });

  it('reports entries that nothing answers to', () => {
    const { stale } = applyBaseline(report([current]), createBaseline(report([legacy, current])));
    expect(stale.map((entry) => entry.ruleId).sort()).toEqual([
      'prompt/parameter-never-filled',
      'provider/constraint-too-old',
      'task/sidebar-app-deprecated',
    ]);
  });

  it('answers for one finding per entry', () => {
    const { report: applied } = applyBaseline(report([legacy, legacy]), createBaseline(report([legacy])));
    expect(applied.summary).toMatchObject({ errors: 1, warnings: 2, suppressed: 3 });
  });

  it('is an external suppression in SARIF', async () => {
    const { report: applied } = applyBaseline(report([current]), createBaseline(report([current])));
    const kinds = JSON.parse(await sarif.render(applied, sampleContext())).runs[0].results.map(
      (result: { suppressions: { kind: string }[] }) => result.suppressions[0]?.kind,
    );
    expect(kinds).toEqual(['external', 'inSource']);
  });

  it.each([
    ['{', /not valid JSON/],
    ['[]', /not a JSON object/],
    ['{"formatVersion": 2}', /formatVersion 2/],
    ['{"formatVersion": 1}', /no list of findings/],
    ['{"formatVersion": 1, "findings": [{}]}', /Finding 1 .* no fingerprint/],
  ])('that is %s is refused', (text, reason) => {
    expect(() => readBaseline(text)).toThrow(BaselineError);
    expect(() => readBaseline(text)).toThrow(reason);
  });
});
