import { byPlace } from './findings.ts';
import type { Format } from './format.ts';
import type { FindingReport, TemplateReport } from './report.ts';
import { cleanMessage, escapeXml } from './text.ts';
import { effectsText, verdictText } from './words.ts';

/**
 * JUnit XML: a suite per template, a case per finding. Errors and warnings are failures, notes pass with their text as
 * output, suppressed findings are skipped; a template without findings is one case that passes.
 */
export const junit: Format = {
  name: 'junit',
  render(report) {
    const suites = report.templates.map((template) => suite(template));
    const sum = (key: 'tests' | 'failures' | 'skipped') =>
      suites.reduce((total, each) => total + each[key], 0);
    const counts = `tests="${sum('tests')}" failures="${sum('failures')}" errors="0" skipped="${sum('skipped')}"`;
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="tasks-lint" ${counts} time="0">`,
      ...suites.flatMap((each) => each.lines),
      '</testsuites>',
    ];
    return lines.map((line) => `${line}\n`).join('');
  },
};

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly lines: readonly string[];
}

function suite(template: TemplateReport): Suite {
  const findings = [...template.findings].sort(byPlace);
  const tests = Math.max(1, findings.length);
  const failures = findings.filter((each) => each.suppressed === null && each.level !== 'info').length;
  const skipped = findings.filter((each) => each.suppressed !== null).length;
  const name = escapeXml(template.root);
  const { verdict } = template;
  const properties = [
    ['generation', verdict.generation],
    ['capableOn', verdict.capableOn ?? ''],
    ['verdict', verdictText(verdict)],
    ...(template.notes ?? []).map(({ path, text }) => ['note', cleanMessage(`${path}: ${text}`)]),
  ];
  return {
    tests,
    failures,
    skipped,
    lines: [
      `  <testsuite name="${name}" tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}" time="0">`,
      '    <properties>',
      ...properties.map(
        ([key, value]) => `      <property name="${key}" value="${escapeXml(value as string)}"/>`,
      ),
      '    </properties>',
      ...(findings.length === 0
        ? [`    <testcase classname="${name}" name="no findings" time="0"/>`]
        : findings.flatMap((finding) => testCase(finding, name))),
      '  </testsuite>',
    ],
  };
}

function testCase(finding: FindingReport, className: string): string[] {
  const { ruleId, file, start, level, message, advice, suppressed } = finding;
  const place = `${file}:${start.line}:${start.column}`;
  const open = `    <testcase classname="${className}" name="${escapeXml(`${ruleId} (${place})`)}" time="0">`;
  const details = [place, message, advice, effectsText(finding), finding.docs].filter((part) => part !== '');
  const text = escapeXml(cleanMessage(details.join('\n')));
  if (suppressed !== null) {
    return [
      open,
      `      <skipped message="${escapeXml(cleanMessage(suppressed.reason))}"/>`,
      '    </testcase>',
    ];
  }
  if (level === 'info') return [open, `      <system-out>${text}</system-out>`, '    </testcase>'];
  return [
    open,
    `      <failure type="${level}" message="${escapeXml(cleanMessage(message))}">${text}</failure>`,
    '    </testcase>',
  ];
}
