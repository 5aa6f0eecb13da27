import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { git, ROOT, temporaryFolder } from '../support/cli.ts';
import { makeReleaseRepository, writeFiles } from '../support/release.ts';

const LEGACY = readFileSync(join(ROOT, 'fixtures/templates/docker-claude-legacy/main.tf'), 'utf8');
const CLEAN = `data "coder_workspace" "me" {}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
}
`;
/** A template whose only error has a safe fix. */
const FIXABLE = readFileSync(join(ROOT, 'fixtures/templates/counted-module-without-index/main.tf'), 'utf8');

const preCommit = installPreCommit();

/**
 * The program pre-commit from the Python package registry, kept between runs; null where it cannot be had, which
 * is no reason for the gate to pass.
 */
function installPreCommit(): string | null {
  const folder = join(ROOT, 'node_modules/.cache/pre-commit');
  const program = join(folder, 'bin/pre-commit');
  const isComplete = join(folder, 'complete');
  if (existsSync(isComplete)) return program;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', folder]],
    [join(folder, 'bin/pip'), ['install', '--quiet', 'pre-commit>=4,<5']],
  ];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) continue;
    const reason = `pre-commit could not be installed: ${command} ${args.join(' ')}: ${error?.message ?? stderr}`;
    if (process.env.CI) throw new Error(reason);
    process.stderr.write(`\n!!! SKIPPED, NOT PASSED: the tests of the pre-commit hooks. ${reason}\n\n`);
    return null;
  }
  writeFileSync(isComplete, '');
  return program;
}

describe.skipIf(preCommit === null)('pre-commit', () => {
  let home: string;
  let release: { readonly repo: string; readonly rev: string };

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'tasks-lint-home-'));
    const repo = join(home, 'release');
    mkdirSync(repo);
    release = { repo, rev: makeReleaseRepository(repo) };
    // The hooks' environment is installed once, as a user's first run does it.
    const folder = mkdtempSync(join(home, 'first-'));
    configure(folder, {});
    const { status, output } = run(folder, ['install-hooks']);
    expect(output).toContain('Installing environment');
    expect(status, output).toBe(0);
  }, 300_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** Makes a folder a git repository whose pre-commit configuration has both hooks, everything staged. */
  function configure(
    folder: string,
    files: Readonly<Record<string, string>>,
    args?: readonly string[],
  ): void {
    const hooks = [{ id: 'tasks-lint', ...(args && { args }) }, { id: 'tasks-lint-fix' }];
    const config = JSON.stringify({ repos: [{ ...release, hooks }] });
    writeFiles(folder, { ...files, '.pre-commit-config.yaml': config });
    git(['init', '--quiet'], folder);
    git(['add', '--all'], folder);
  }

  function scratch(files: Readonly<Record<string, string>>, args?: readonly string[]): string {
    const folder = temporaryFolder();
    configure(folder, files, args);
    return folder;
  }

  function run(cwd: string, args: readonly string[]): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(preCommit as string, [...args], {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: home,
        PRE_COMMIT_HOME: join(home, 'pre-commit'),
        PRE_COMMIT_COLOR: 'never',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        npm_config_cache: join(home, 'npm'),
      },
    });
    return { status, output: stdout + stderr };
  }

  const runHook = (folder: string, id = 'tasks-lint') => run(folder, ['run', id]);

  it('fails a commit with findings', () => {
    const { status, output } = runHook(scratch({ 'templates/a/main.tf': LEGACY, 'README.md': '' }));
    expect(output).toContain('- exit code: 1');
    expect(output).toContain('legacy/ai-prompt-parameter');
    expect(output).toContain('templates/a/main.tf');
    expect(status).toBe(1);
  });

  it('passes a clean template', () => {
    const { status, output } = runHook(scratch({ 'main.tf': CLEAN }));
    expect(output).toMatch(/^tasks-lint\.+Passed$/m);
    expect(status).toBe(0);
  });

  it('leaves alone files that are of no template', () => {
    const network = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n';
    expect(runHook(scratch({ 'network/main.tf': network })).output).toMatch(/^tasks-lint\.+Passed$/m);
    expect(runHook(scratch({ 'notes.md': '' })).output).toMatch(
      /^tasks-lint\.+\(no files to check\)Skipped$/m,
    );
    const downloaded = scratch({ '.terraform/modules/a/main.tf': LEGACY });
    expect(runHook(downloaded).output).toContain('(no files to check)Skipped');
  });

  it('lints several files of one template once', () => {
    const names = Array.from({ length: 300 }, (_, index) => `part-${String(index).padStart(3, '0')}.tf`);
    const parts = Object.fromEntries(names.map((name) => [`templates/a/${name}`, '# nothing\n']));
    const files = { 'templates/a/main.tf': LEGACY, 'templates/b/main.tf.json': '{}', ...parts };
    const folder = scratch(files, ['--format', 'json:report.json', '--format', 'compact']);
    const { output } = runHook(folder);
    const { templates } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect(templates.map(({ root }: { root: string }) => root)).toEqual(['templates/a']);
    expect(output.match(/: error legacy\/ai-prompt-parameter /g)).toHaveLength(1);
  });

  it('sees what is staged, not what lies about', () => {
    const folder = scratch({ 'main.tf': LEGACY });
    writeFiles(folder, { 'main.tf': CLEAN });
    expect(runHook(folder).status).toBe(1);
    expect(readFileSync(join(folder, 'main.tf'), 'utf8')).toBe(CLEAN);
  });

  it('says what is wrong with a configuration', () => {
    const folder = scratch({ 'main.tf': CLEAN, '.tasks-lint.yaml': 'rulse: {}\n' });
    const { status, output } = runHook(folder);
    expect(output).toContain('- exit code: 2');
    expect(output).toMatch(/^\.tasks-lint\.yaml:1:1: /m);
    expect(status).toBe(1);
  });

  it('fixes, fails the commit for it, and passes the next one', () => {
    const folder = scratch({ 'main.tf': FIXABLE });
    const first = runHook(folder, 'tasks-lint-fix');
    expect(first.output).toContain('- files were modified by this hook');
    expect(first.status).toBe(1);
    const fixed = readFileSync(join(folder, 'main.tf'), 'utf8');
    expect(fixed).not.toBe(FIXABLE);
    git(['add', '--all'], folder);
    const second = runHook(folder, 'tasks-lint-fix');
    expect(second.output).not.toContain('files were modified');
    expect(second.status, second.output).toBe(0);
    expect(readFileSync(join(folder, 'main.tf'), 'utf8')).toBe(fixed);
  });

  it('has a manifest that pre-commit accepts', () => {
    const hooks: { id: string; entry: string }[] = parse(
      readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'),
    );
    expect(hooks.map(({ id }) => id)).toEqual(['tasks-lint', 'tasks-lint-fix']);
    const { status, output } = run(ROOT, ['validate-manifest', join(ROOT, '.pre-commit-hooks.yaml')]);
    expect(status, output).toBe(0);
  });
});
