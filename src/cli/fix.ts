import { applyFixes, type FixResult } from '../engine/fix.ts';
import { unifiedDiff } from '../migrate/diff.ts';
import { cleanDiff, count } from '../report/text.ts';
import { type Environment, EXIT } from './environment.ts';
import type { LintedTemplate, LintRun } from './lint.ts';
import { writeTemplate } from './write-template.ts';

/** Shows what the fixes of the templates would change; exit code 1 when there is something. */
export async function showFixes(
  run: LintRun,
  templates: readonly LintedTemplate[],
  safety: 'safe' | 'all',
  { stdout, stderr }: Environment,
): Promise<number> {
  let changes = 0;
  for (const template of templates) {
    const fixed = await fixTemplate(run, template, safety);
    changes += fixed.changed.size;
    stdout.write(cleanDiff(unifiedDiff(fixed.before, fixed.changed)));
    tellRefused(fixed, stderr);
  }
  stderr.write(`tasks-lint: fixes would change ${count(changes, 'file')}\n`);
  if (run.hasInternalError) return EXIT.error;
  return changes > 0 ? EXIT.findings : EXIT.ok;
}

/** Applies the fixes, writes each template as a whole, and returns the templates as they are then. */
export async function writeFixes(
  run: LintRun,
  templates: readonly LintedTemplate[],
  safety: 'safe' | 'all',
  { stderr }: Environment,
): Promise<LintedTemplate[]> {
  const fixed: LintedTemplate[] = [];
  for (const template of templates) {
    const result = await fixTemplate(run, template, safety);
    writeTemplate(template.files, result.changed);
    if (result.steps.length > 0) {
      const { root } = template.files;
      const done = `applied ${count(result.steps.length, 'fix', 'fixes')} in ${count(result.changed.size, 'file')}`;
      stderr.write(`tasks-lint: ${root}: ${done}\n`);
    }
    tellRefused(result, stderr);
    fixed.push(run.withReport({ ...template, analysis: result.after }));
  }
  return fixed;
}

function fixTemplate(run: LintRun, template: LintedTemplate, safety: 'safe' | 'all'): Promise<FixResult> {
  const { analysis, services, target } = template;
  return applyFixes(analysis, services, {
    target,
    safety,
    select: (current) =>
      run
        .settle(template, current)
        .findings.flatMap(({ finding, suppressed }) => (suppressed === null ? [finding] : [])),
  });
}

function tellRefused({ refused, isFinished, after }: FixResult, stderr: Environment['stderr']): void {
  const { root } = after.files;
  for (const { finding, reason } of refused) {
    stderr.write(`tasks-lint: ${root}: the fix of ${finding.ruleId} was not applied: ${reason}\n`);
  }
  if (!isFinished) stderr.write(`tasks-lint: ${root}: the fixes do not come to an end\n`);
}
