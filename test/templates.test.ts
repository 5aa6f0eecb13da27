import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { LINE_IDS } from '../src/coder/releases.ts';
import { analyze } from '../src/engine/lint.ts';
import { openDirectory } from '../src/input/directory.ts';
import { discover } from '../src/input/discover.ts';
import { buildTemplateReport } from '../src/report/build.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import {
  comparableVerdict,
  readTemplateCases,
  sortedFacts,
  TEMPLATES_FOLDER,
  type TemplateCase,
  templatePath,
} from './support/templates.ts';
import { hasTerraform, terraform } from './support/terraform.ts';

let services: NodeServices;
beforeAll(async () => {
  services = await createServices({ rules, judge: 'all' });
});
afterAll(() => services.close());

const cases = readTemplateCases();

describe('whole templates', () => {
  it.for(cases.map((each) => [each.name, each] as const))('%s', ([, each]) => check(each));

  it('are found where they lie', async () => {
    for (const each of cases) {
      const { templates } = await discover([templatePath(each)]);
      expect(templates.map(({ path }) => path)).toEqual([templatePath(each)]);
    }
  });

  it.runIf(hasTerraform)('are formatted as terraform fmt does', () => {
    const { stdout } = terraform(['fmt', '-check', '-recursive', TEMPLATES_FOLDER]);
    const files = stdout.split('\n').filter((line) => line !== '');
    // terraform fmt takes away the byte order mark.
    expect(files.map((file) => file.split('/').slice(-2).join('/'))).toEqual(['bom-and-crlf/main.tf']);
  });
});

async function check(each: TemplateCase): Promise<void> {
  const { expected } = each;
  if (expected === null) throw new Error(`${each.name} has no expected.json: write it down by reasoning`);
  const analysis = await analyze(
    openDirectory(templatePath(each), { boundary: each.folder }),
    services,
    LINE_IDS,
  );
  expect(analysis.failures).toEqual([]);
  expect(analysis.files.notes).toEqual([]);
  const { tree, syntaxProblems } = analysis.template;
  expect(syntaxProblems, 'every file parses').toEqual([]);
  expect(tree.unreadable).toEqual([]);
  expect(
    tree.nodes.flatMap((node) => node.module.problems),
    'nothing is declared twice',
  ).toEqual([]);

  const { verdict, facts } = buildTemplateReport(
    analysis,
    { findings: [], omitted: [] },
    { docs: (ruleId) => ruleId },
  );
  expect(comparableVerdict(verdict, expected.verdict)).toEqual(expected.verdict);
  expect(sortedFacts(facts)).toEqual(sortedFacts(expected.facts));
}
