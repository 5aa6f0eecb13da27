import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LineId } from '../src/coder/releases.ts';
import { worstEffect } from '../src/engine/lint.ts';
import { groupBy } from '../src/report/findings.ts';
import { type Finding, isDeciding } from '../src/rule.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import {
  fixAll,
  lintFiles,
  purposeOf,
  type RuleCase,
  readExpected,
  readRuleCases,
  strayPlaces,
  withFixed,
  writeExpected,
  writeFindings,
} from './support/rule-cases.ts';
import { importRule, ruleIds } from './support/rule-docs.ts';

// Read from their files: an update writes the list of them at the same time as the cases.
const rules = await Promise.all(ruleIds().map(importRule));

let services: NodeServices;
beforeAll(async () => {
  services = await createServices({ rules, judge: 'all' });
});
afterAll(() => services.close());

const isUpdate = process.env.UPDATE === '1';
const byRule = groupBy(readRuleCases(), (each) => each.ruleId);

for (const [ruleId, cases] of byRule) {
  describe(ruleId, () => {
    it('is a rule', () => expect(rules.map((rule) => rule.id)).toContain(ruleId));

    it.for(cases.map((each) => [each.name.slice(ruleId.length + 1), each] as const))('%s', ([, each]) =>
      check(each),
    );
  });
}

/** Errors of any rule on the target that a fix brought and that no further fix mends. */
function newErrors(
  before: readonly Finding[],
  after: readonly Finding[],
  target: readonly LineId[],
): string[] {
  const nameOf = ({ ruleId, messageId, address }: Finding) => `${ruleId} ${messageId} ${address}`;
  const known = new Set(before.map(nameOf));
  return after
    .filter((finding) => {
      const effect = worstEffect(finding, target);
      return effect !== null && isDeciding(effect) && finding.fix === null;
    })
    .map(nameOf)
    .filter((name) => !known.has(name));
}

async function check(each: RuleCase): Promise<void> {
  expect(purposeOf(each), 'the first line says why the case exists').not.toBeNull();
  const { analysis, findings } = await lintFiles(each.files, each, services);
  expect(analysis.failures).toEqual([]);
  expect(strayPlaces(analysis.findings, each.files)).toEqual([]);
  const problems = analysis.template.syntaxProblems.map(({ summary, detail }) => `${summary}: ${detail}`);
  if (!each.ruleId.startsWith('syntax/')) expect(problems, 'the template is valid HCL').toEqual([]);

  if (each.isSilent) expect(writeFindings(findings), 'an ok- case has no findings').toBe('');
  else expect(findings, 'a case that is not ok- has a finding').not.toEqual([]);

  const fixed = await fixAll(each, services);
  const again = await lintFiles(withFixed(each, fixed), each, services);
  const broken = again.analysis.template.syntaxProblems.map(({ summary, detail }) => `${summary}: ${detail}`);
  expect(
    broken.filter((problem) => !problems.includes(problem)),
    'the fixed template is valid HCL',
  ).toEqual([]);
  expect(
    again.findings.length,
    'a fix mends what it is offered for and brings no other finding of its rule',
  ).toBeLessThanOrEqual(findings.filter((finding) => finding.fix === null).length);

  expect(newErrors(analysis.findings, again.analysis.findings, each.target)).toEqual([]);

  if (isUpdate) writeExpected(each, writeFindings(findings), fixed);
  const expected = readExpected(each);
  expect(expected.findings, 'expected.txt exists; write it with UPDATE=1 and read it').not.toBeNull();
  expect(writeFindings(findings)).toBe(expected.findings);
  expect(fixed).toEqual(expected.fixed);
}
