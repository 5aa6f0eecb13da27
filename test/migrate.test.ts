import { applyPatch } from 'diff';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { DEFAULT_TARGET, linesIn } from '../src/coder/releases.ts';
import { analyze } from '../src/engine/lint.ts';
import { misalignedLines } from '../src/hcl/format.ts';
import { memoryFiles } from '../src/input/memory.ts';
import { diffOfEdits, unifiedDiff } from '../src/migrate/diff.ts';
import { type MigrationResult, migrateTemplate } from '../src/migrate/migrate.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import { applyEdits } from '../src/source/edit.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { type MigrationCase, readMigrationCases, writeMigrationCase } from './support/migration-cases.ts';
import { hasTerraform, unformatted } from './support/terraform.ts';

let services: NodeServices;
beforeAll(async () => {
  services = await createServices({ rules, judge: 'all' });
});
afterAll(() => services.close());

const isUpdate = process.env.UPDATE === '1';

function leftText({ manual, complete }: MigrationResult): string {
  const steps = manual.map(({ text, blocking }) => `${blocking ? 'needed' : 'advised'}: ${text}\n`);
  return `${complete ? 'complete' : 'not complete'}\n${steps.join('')}`;
}

async function migrate(files: ReadonlyMap<string, string>, target: string | null) {
  return migrateTemplate(memoryFiles(files), services, { target: linesIn(target ?? DEFAULT_TARGET) });
}

describe('migrating', () => {
  it.for(readMigrationCases().map((each) => [each.name, each] as const))('%s', async ([, each]) =>
    check(each),
  );
});

describe('a long template', () => {
  const long = (count: number) =>
    new Map([
      [
        'main.tf',
        `resource "coder_app" "a" {\n  url = "http://x"\n}\n${Array.from(
          { length: count },
          (_, n) => `resource "coder_ai_task" "t${n}" {\n  sidebar_app {\n    id = coder_app.a.id\n  }\n}\n`,
        ).join('')}`,
      ],
    ]);

  it('takes as many rounds for blocks without blank lines between them as for two', async () => {
    const [few, many] = [await migrate(long(2), null), await migrate(long(200), null)];
    const roundsOf = ({ steps }: MigrationResult) => Math.max(...steps.map(({ round }) => round));
    expect(roundsOf(many)).toBe(roundsOf(few));
    expect(many.halted).toEqual([]);
    expect(many.steps.length).toBeGreaterThanOrEqual(200);
    expect(many.changed.get('main.tf')).not.toContain('sidebar_app');
  });

  it('is shown as replaced when nearly all of it changes, as a diff that can be applied', async () => {
    const count = 1700;
    const { before, changed, diff } = await migrate(long(count), null);
    const hunks = diff.match(/^@@.*$/gm);
    expect(hunks).toHaveLength(1);
    expect(applyPatch((before.files.read('main.tf') as { text: string }).text, diff)).toBe(
      changed.get('main.tf'),
    );
  });

  it('says of each step what comparing the whole files would say', async () => {
    for (const each of readMigrationCases()) {
      const { steps } = await migrate(each.before, each.target);
      for (const { fix, analysis } of steps) {
        const files = new Map(fix.edits.map(({ span }) => [span.file.path, span.file]));
        const whole = new Map([...files].map(([path, file]) => [path, applyEdits(file, fix.edits)]));
        expect(diffOfEdits(analysis, fix.edits)).toBe(unifiedDiff(analysis, whole));
      }
    }
  });
});

async function check(each: MigrationCase): Promise<void> {
  const result = await migrate(each.before, each.target);
  const after = new Map([...each.before, ...result.changed]);
  expect(result.after.failures).toEqual([]);
  expect(result.after.template.syntaxProblems).toEqual([]);

  const again = await migrate(after, each.target);
  expect([...again.changed], 'migrating again changes nothing').toEqual([]);
  expect(again.complete).toBe(result.complete);

  for (const [path, text] of result.changed) {
    const old = each.before.get(path) as string;
    if (misalignedLines(new SourceFile(path, old)).length === 0)
      expect(misalignedLines(new SourceFile(path, text)), path).toEqual([]);
    if (hasTerraform) expect(unformatted([old, text]), `terraform fmt ${path}`).not.toEqual([1]);
    expect(text.includes('\r\n'), 'line ends are kept').toBe(old.includes('\r\n'));
    expect(/(^|[^\r])\n/.test(text)).toBe(/(^|[^\r])\n/.test(old));
  }
  if (result.complete && each.target === null) {
    const { findings } = await analyze(memoryFiles(after), services, linesIn(DEFAULT_TARGET));
    const left = findings.filter(
      ({ ruleId }) =>
        /^(legacy|module|provider)\/|sidebar-app/.test(ruleId) && ruleId !== 'module/no-tasks-release',
    );
    const shown = left.filter(({ message: { effects } }) =>
      linesIn(DEFAULT_TARGET).some((line) => effects[line] !== undefined && effects[line] !== 'advice'),
    );
    expect(shown.map(({ ruleId, address }) => `${ruleId} ${address}`)).toEqual([]);
  }
  if (isUpdate) writeMigrationCase(each.name, after, leftText(result));
  else {
    expect(each.after, 'after/ exists; write it with UPDATE=1 and read it').not.toBeNull();
    expect(after).toEqual(each.after);
    expect(leftText(result)).toBe(each.left);
  }
}
