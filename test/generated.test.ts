import { readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesIn } from '../src/coder/releases.ts';
import { generateConfigValidator } from '../src/engine/generated/generate.js';
import { SUPPRESSION_RULES } from '../src/engine/suppress.ts';
import type { Finding } from '../src/rule.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import { docsUrl } from '../src/version.ts';
import { CASES_FOLDER, lintFiles, readRuleCases } from './support/rule-cases.ts';
import {
  bodyOf,
  CONFIG_SCHEMA,
  CONFIG_VALIDATOR,
  exampleOf,
  importRule,
  mendedExample,
  pageIds,
  pagePath,
  README,
  RULES_INDEX,
  RULES_PAGE,
  type RuleEvidence,
  readIfPresent,
  ruleIds,
  runExample,
  SECTIONS,
  sectionTitles,
  withOutput,
  withRuleTable,
  writeConfigSchema,
  writePageHead,
  writeRulesIndex,
  writeRulesPage,
  writeRuleTable,
} from './support/rule-docs.ts';

const ids = ruleIds();
const rules = await Promise.all(ids.map(importRule));
const cases = readRuleCases();
const isUpdate = process.env.UPDATE === '1';

let services: NodeServices;
const evidence = new Map<string, RuleEvidence & { readonly findings: Finding[] }>(
  rules.map((rule) => [rule.id, { rule, findings: [] }]),
);

beforeAll(async () => {
  services = await createServices({ rules, judge: 'doubt' });
  for (const each of cases) {
    const { findings } = await lintFiles(each.files, each, services);
    evidence.get(each.ruleId)?.findings.push(...findings);
  }
}, 60_000);
afterAll(() => services.close());

/** Holds a generated file against the code; `UPDATE=1` writes it. */
function expectGenerated(path: string, text: string): void {
  if (isUpdate && readIfPresent(path) !== text) writeFileSync(path, text);
  expect(readIfPresent(path), `run \`npm run update\` to write ${path}`).toBe(text);
}

describe('what is generated from the rules', () => {
  it('rules/index.ts lists them in order', () => expectGenerated(RULES_INDEX, writeRulesIndex(ids)));

  it('rules/README.md lists them by topic', () =>
    expectGenerated(RULES_PAGE, writeRulesPage([...evidence.values()])));

  it('the README has a table of them', () =>
    expectGenerated(
      README,
      withRuleTable(readIfPresent(README), writeRuleTable([...evidence.values()], 'rules/')),
    ));

  it.each(SUPPRESSION_RULES)('$id leads to the section of the README on comments', ({ id }) => {
    expect(docsUrl(id)).toMatch(/\/README\.md#comments$/);
    expect(readIfPresent(README)).toContain('\n### Comments\n');
  });

  it('the schema of configurations names them and their options, and the validator holds to it', () => {
    const schema = writeConfigSchema(readIfPresent(CONFIG_SCHEMA) ?? '{}', rules);
    expectGenerated(CONFIG_SCHEMA, schema);
    expectGenerated(CONFIG_VALIDATOR, generateConfigValidator(JSON.parse(schema)));
  });

  it('there is no page and no case without a rule', () => {
    expect(pageIds().filter((id) => !ids.includes(id))).toEqual([]);
    const folders = readdirSync(CASES_FOLDER, { withFileTypes: true })
      .filter((topic) => topic.isDirectory())
      .flatMap(({ name }) => readdirSync(`${CASES_FOLDER}${name}`).map((rule) => `${name}/${rule}`));
    expect(folders.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe.each(rules.map((rule, index) => [ids[index] as string, rule] as const))('%s', (id, rule) => {
  const own = cases.filter((each) => each.ruleId === id);

  it('is named after its path', () => {
    expect(rule.id).toBe(id);
    expect(rule.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('has a case that finds something and one that does not', () => {
    expect(own.filter((each) => !each.isSilent).length, 'a finding case').toBeGreaterThan(0);
    expect(own.filter((each) => each.isSilent).length, 'an ok- case').toBeGreaterThan(0);
  });

  it('has a case for each of its messages', () => {
    const seen = new Set(evidence.get(id)?.findings.map((finding) => finding.messageId));
    expect(Object.keys(rule.messages).filter((message) => !seen.has(message))).toEqual([]);
  });

  it('has a case for each of its options', () => {
    const chosen = new Set(own.flatMap(({ options }) => Object.keys(options)));
    expect([...chosen].sort()).toEqual(Object.keys(rule.options ?? {}).sort());
  });

  it('has a page with four sections', () => {
    const page = readIfPresent(pagePath(id));
    expect(page, `rules/${id}.md exists`).not.toBeNull();
    expect(sectionTitles(page ?? '')).toEqual(SECTIONS);
  });

  it('has a page whose head says what the code says', () => {
    const body = bodyOf(`\n${readIfPresent(pagePath(id)) ?? ''}`);
    expect(body, `rules/${id}.md has the section "${SECTIONS[0]}"`).not.toBeNull();
    expectGenerated(pagePath(id), writePageHead(evidence.get(id) as RuleEvidence) + body);
  });

  it('says about the example on its page what the page shows', async () => {
    const page = readIfPresent(pagePath(id)) ?? '';
    expect([...exampleOf(page).keys()], 'the page has an example').not.toEqual([]);
    const output = await runExample(exampleOf(page), rule, services);
    expectGenerated(pagePath(id), withOutput(page, output));
    expect(readIfPresent(pagePath(id))).toContain(output.trimEnd());
  });

  it('falls silent when the example is changed as its page says', async () => {
    const mended = mendedExample(readIfPresent(pagePath(id)) ?? '');
    const { analysis, findings } = await lintFiles(
      mended,
      { ruleId: id, target: linesIn('>=2.24') },
      services,
    );
    expect(findings.map(({ message }) => message.problem)).toEqual([]);
    expect(analysis.template.syntaxProblems).toEqual([]);
  });
});
