import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { DEFAULT_TARGET, linesIn } from '../src/coder/releases.ts';
import { analyze } from '../src/engine/lint.ts';
import { misalignedLines } from '../src/hcl/format.ts';
import { memoryFiles } from '../src/input/memory.ts';
import { type MigrationResult, migrateTemplate } from '../src/migrate/migrate.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { type MigrationCase, readMigrationCases, writeMigrationCase } from './support/migration-cases.ts';

let services: NodeServices;
beforeAll(async () => {
  services = await createServices({ rules, judge: 'all' });
});
afterAll(() => services.close());

const isUpdate = process.env.UPDATE === '1';
const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform) console.warn('terraform is not installed: `terraform fmt -check` is not tried');

function leftText({ manual, complete }: MigrationResult): string {
  const steps = manual.map(({ text, blocking }) => `${blocking ? 'needed' : 'advised'}: ${text}\n`);
  return `${complete ? 'complete' : 'not complete'}\n${steps.join('')}`;
}

function fmtAccepts(text: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'fmt-'));
  const path = join(folder, 'main.tf');
  writeFileSync(path, text);
  const { status } = spawnSync('terraform', ['fmt', '-check', path]);
  rmSync(folder, { recursive: true });
  return status === 0;
}

async function migrate(files: ReadonlyMap<string, string>, target: string | null) {
  return migrateTemplate(memoryFiles(files), services, { target: linesIn(target ?? DEFAULT_TARGET) });
}

describe('migrating', () => {
  it.for(readMigrationCases().map((each) => [each.name, each] as const))('%s', async ([, each]) =>
    check(each),
  );
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
    if (hasTerraform && fmtAccepts(old)) expect(fmtAccepts(text), `terraform fmt ${path}`).toBe(true);
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
