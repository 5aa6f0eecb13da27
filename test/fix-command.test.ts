import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import schema from '../schema/migration.json' with { type: 'json' };
import { runMain as run } from './support/cli.ts';

const MIGRATIONS = fileURLToPath(new URL('../fixtures/migrations/', import.meta.url));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function copyOf(shape: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  folders.push(folder);
  cpSync(join(MIGRATIONS, shape, 'before'), join(folder, 't'), { recursive: true });
  return folder;
}

describe('migrate', () => {
  it('shows a diff and writes nothing', async () => {
    const folder = copyOf('goose-2-prompt-in-env');
    const before = readFileSync(join(folder, 't/main.tf'), 'utf8');
    const { code, stdout } = await run(folder, 'migrate', 't');
    expect(code).toBe(0);
    expect(stdout).toContain('+++ b/t/main.tf');
    expect(stdout).toContain('tasks-lint migrate --write t');
    expect(readFileSync(join(folder, 't/main.tf'), 'utf8')).toBe(before);
  });

  it('writes the result with the mode of the file, and then has nothing to do', async () => {
    const folder = copyOf('several-files-presets');
    const path = join(folder, 't/main.tf');
    chmodSync(path, 0o640);
    expect((await run(folder, 'migrate', '--write', 't')).code).toBe(0);
    const after = join(MIGRATIONS, 'several-files-presets/after');
    for (const name of readdirSync(after))
      expect(readFileSync(join(folder, 't', name), 'utf8')).toBe(readFileSync(join(after, name), 'utf8'));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(folder, 't')).sort()).toEqual(readdirSync(after).sort());
    const again = await run(folder, 'migrate', '--write', 't');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('There is nothing to migrate.');
  });

  it('leaves a template alone of which a file is read-only', async () => {
    const folder = copyOf('several-files-presets');
    const path = join(folder, 't/main.tf');
    const before = readdirSync(join(folder, 't')).map((name) =>
      readFileSync(join(folder, 't', name), 'utf8'),
    );
    chmodSync(path, 0o444);
    const { code, stderr } = await run(folder, 'migrate', '--write', 't');
    expect(code).toBe(2);
    expect(stderr).toContain('t is not written: main.tf is read-only');
    const after = readdirSync(join(folder, 't')).map((name) => readFileSync(join(folder, 't', name), 'utf8'));
    expect(after).toEqual(before);
  });

  it.for(['json', 'name-is-read'])('refuses to write a half-done template (%s)', async (shape) => {
    const folder = copyOf(shape);
    const [name = ''] = readdirSync(join(folder, 't'));
    const before = readFileSync(join(folder, 't', name), 'utf8');
    const { code, stdout } = await run(folder, 'migrate', '--write', 't');
    expect(code).toBe(1);
    expect(stdout).toContain('the migration is not complete');
    expect(readFileSync(join(folder, 't', name), 'utf8')).toBe(before);
  });

  it('writes through a link inside the tree, and not through one that leads out', async () => {
    const folder = copyOf('codex-2-folder');
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    folders.push(outside);
    const path = join(folder, 't/main.tf');
    const text = readFileSync(path, 'utf8');
    writeFileSync(join(outside, 'main.tf'), text);
    rmSync(path);
    symlinkSync(join(outside, 'main.tf'), path);
    await run(folder, 'migrate', '--write', 't');
    expect(readFileSync(join(outside, 'main.tf'), 'utf8')).toBe(text);
  });

  it('gives a note for a pull request, and JSON', async () => {
    const folder = copyOf('amp-1-env');
    const note = (await run(folder, 'migrate', '--format', 'markdown', 't')).stdout;
    expect(note).toContain('| 2.30-2.31 | ⚠️ prompt is lost | ✅ Task-capable |');
    expect(note).toContain('```diff');
    const json = JSON.parse((await run(folder, 'migrate', '--format', 'json', 't')).stdout);
    const validate = new Ajv.Ajv({ allowUnionTypes: true }).compile(schema);
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect(json.formatVersion).toBe(1);
    expect(json.templates[0].complete).toBe(true);
    expect(json.templates[0].steps.map((step: { ruleId: string }) => step.ruleId)).toContain(
      'legacy/ai-prompt-parameter',
    );
  });

  it('plans the move to Coder Agents behind the end of Tasks', async () => {
    const folder = copyOf('amp-1-env');
    const { code, stdout } = await run(folder, 'migrate', '--to', '>=2.37', 't');
    expect(code).toBe(0);
    expect(stdout).toContain('Remove for Coder Agents:');
    expect(stdout).toContain('module.amp');
    expect(stdout).not.toContain('+++');
    const json = await run(folder, 'migrate', '--to', '>=2.37', '--format', 'json', 't');
    const validate = new Ajv.Ajv({ allowUnionTypes: true }).compile(schema);
    expect(validate(JSON.parse(json.stdout)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('says what is wrong with a range', async () => {
    const { code, stderr } = await run(copyOf('json'), 'migrate', '--to', 'soon', 't');
    expect(code).toBe(2);
    expect(stderr).toContain('"soon" is not a range');
  });
});

describe('lint --fix', () => {
  it('applies safe fixes only, all with --fix=all, and shows them with --diff', async () => {
    const folder = copyOf('agentapi-1-custom');
    const path = join(folder, 't/main.tf');
    const before = readFileSync(path, 'utf8');
    const shown = await run(folder, 'lint', '--diff', 't');
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain('task_app_id');
    expect(readFileSync(path, 'utf8')).toBe(before);
    await run(folder, 'lint', '--fix', 't');
    const safe = readFileSync(path, 'utf8');
    expect(safe).toContain('data.coder_task.me.prompt');
    expect(safe).toContain('version              = "1.2.0"');
    await run(folder, 'lint', '--fix=all', 't');
    expect(readFileSync(path, 'utf8')).toContain('task_app_id');
    const done = await run(folder, 'lint', '--diff', 't');
    expect(done.stdout).toBe('');
    expect(done.code).toBe(0);
  });
});
