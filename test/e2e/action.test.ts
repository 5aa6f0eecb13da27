import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runAction } from '../../src/action/main.ts';
import { git, ROOT, temporaryFolder } from '../support/cli.ts';
import { writeFiles } from '../support/release.ts';
import { sarifErrors } from '../support/report-sarif.ts';

interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const manifest: Manifest = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

const LEGACY = readFileSync(join(ROOT, 'fixtures/templates/docker-claude-legacy/main.tf'), 'utf8');
const CURRENT = readFileSync(join(ROOT, 'fixtures/templates/tasks-docker-migrated/main.tf'), 'utf8');
const PLAIN = `data "coder_workspace" "me" {}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
}
`;

/** The action as the runner unpacks it, far from any node_modules. */
let action: string;

beforeAll(() => {
  action = mkdtempSync(join(tmpdir(), 'tasks-lint-action-'));
  for (const path of ['action.yml', 'dist'])
    cpSync(join(ROOT, path), join(action, path), { recursive: true });
});
afterAll(() => rmSync(action, { recursive: true, force: true }));

interface Step {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, which the runner reads alike. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly workspace: string;
}

interface StepOptions {
  readonly isRepository?: boolean;
  /** Targets of symbolic links by their names. */
  readonly links?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a step as the runner does: every input with its default, commands through files and streams. */
function runStep(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  { isRepository = true, links = {}, env = {} }: StepOptions = {},
): Step {
  const workspace = temporaryFolder();
  const commands = temporaryFolder();
  writeFiles(workspace, files);
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(workspace, name));
  if (isRepository) git(['init', '--quiet'], workspace);
  writeFiles(commands, { output: '', summary: '' });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(action, manifest.runs.main)], {
    cwd: workspace,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: workspace,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: join(commands, 'output'),
      GITHUB_STEP_SUMMARY: join(commands, 'summary'),
      ...inputVariables(inputs),
      ...env,
    },
  });
  return {
    code: status,
    stdout,
    log: stdout + stderr,
    outputs: parseOutputs(readFileSync(join(commands, 'output'), 'utf8')),
    summary: readFileSync(join(commands, 'summary'), 'utf8'),
    workspace,
  };
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(inputs).filter((name) => !(name in manifest.inputs));
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`);
  return Object.fromEntries(
    Object.entries(manifest.inputs).map(([name, { default: value = '' }]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      inputs[name] ?? value,
    ]),
  );
}

/** Reads an output file as the runner does; a line that belongs to no output is an error there too. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 1) {
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(lines.shift() ?? '') ?? [];
    if (name === undefined || delimiter === undefined) throw new Error(`no output: ${text}`);
    const end = lines.indexOf(delimiter);
    if (end === -1) throw new Error(`${name} does not end`);
    outputs[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n');
  }
  expect(lines).toEqual(['']);
  return outputs;
}

/** What the runner takes for commands: a line that starts with one, or an old one anywhere in a line. */
function commandsIn(log: string): string[] {
  return log.split(/\r\n|\r|\n/).filter((line) => /^\s*::/.test(line) || line.includes('##['));
}

describe('the step', () => {
  it('fails on findings, and says them as annotations, outputs and summary', () => {
    const step = runStep({ 'templates/shop/main.tf': LEGACY }, { paths: 'templates' });
    expect(step.code).toBe(1);
    const { errors, warnings, ...outputs } = step.outputs;
    expect(outputs).toEqual({
      'task-capable': 'false',
      generation: 'legacy',
      'sarif-file': '',
      'json-file': '',
    });
    const levels = commandsIn(step.log).map((command) => /^::(\w+)/.exec(command)?.[1]);
    expect(levels.filter((level) => level === 'error')).toHaveLength(Number(errors));
    expect(levels.filter((level) => level === 'warning')).toHaveLength(Number(warnings));
    expect(Number(errors)).toBeGreaterThan(0);
    const line = 1 + LEGACY.split('\n').indexOf('data "coder_parameter" "ai_prompt" {');
    expect(commandsIn(step.log)[0]).toMatch(
      new RegExp(
        `^::error file=templates/shop/main\\.tf,line=${line},endLine=${line},col=1,endColumn=\\d+,title=legacy/ai-prompt-parameter::data\\.coder_parameter\\.ai_prompt `,
      ),
    );
    expect(step.summary).toContain('| `templates/shop` |');
    expect(step.summary).toContain(
      `| 🔴 error | \`templates/shop/main.tf:${line}:1\` | [\`legacy/ai-prompt-parameter\`]`,
    );
  });

  it('passes with a template that is capable, and with one that has nothing of Tasks', () => {
    const current = runStep({ 'main.tf': CURRENT });
    expect(current.code, current.log).toBe(0);
    expect(current.outputs).toMatchObject({ 'task-capable': 'true', generation: 'current', errors: '0' });
    const plain = runStep({ 'main.tf': PLAIN });
    expect(plain.code, plain.log).toBe(0);
    expect(plain.outputs).toMatchObject({ 'task-capable': 'false', generation: 'none', warnings: '0' });
    const both = runStep({ 'a/main.tf': CURRENT, 'b/main.tf': PLAIN, 'c/main.tf': LEGACY });
    expect(both.outputs).toMatchObject({ 'task-capable': 'false', generation: 'current,legacy,none' });
  });

  it('takes paths one a line', () => {
    const files = { 'a b/main.tf': LEGACY, 'c/main.tf': LEGACY, 'd/main.tf': LEGACY };
    const { log } = runStep(files, { paths: 'a b\n\n  c/main.tf  \n' });
    expect(log.match(/^.*: verdict/gm)).toEqual(['a b: verdict', 'c: verdict']);
  });

  it('fails at the level that was asked for', () => {
    const code = (inputs: Readonly<Record<string, string>>) => runStep({ 'main.tf': LEGACY }, inputs).code;
    expect(code({ 'fail-on': 'never' })).toBe(0);
    expect(code({ 'coder-version': '2.28' })).toBe(0);
    expect(code({ 'coder-version': '2.28', 'fail-on': 'warning' })).toBe(1);
    expect(code({ 'coder-version': '2.28', 'max-warnings': '0' })).toBe(1);
  });

  it('uses the configuration that is named, else the nearest one', () => {
    const never = 'failOn: never\n';
    expect(runStep({ 'main.tf': LEGACY, '.tasks-lint.yaml': never }).code).toBe(0);
    expect(runStep({ 'main.tf': LEGACY, 'policy.yaml': never }).code).toBe(1);
    expect(runStep({ 'main.tf': LEGACY, 'policy.yaml': never }, { config: 'policy.yaml' }).code).toBe(0);
  });

  it('leaves out what is not wanted', () => {
    const { code, log, summary } = runStep({ 'main.tf': LEGACY }, { annotations: 'false', summary: 'False' });
    expect({ code, commands: commandsIn(log), summary }).toEqual({ code: 1, commands: [], summary: '' });
    expect(log).toContain('legacy/ai-prompt-parameter');
  });

  it('shows the migration in the summary', () => {
    const files = { 'templates/shop/main.tf': LEGACY, 'templates/plain/main.tf': PLAIN };
    const { summary, workspace } = runStep(files);
    const [, diff = ''] = /```diff\n(.*?\n)```/s.exec(summary) ?? [];
    expect(diff).toContain('--- a/templates/shop/main.tf');
    expect(diff).not.toContain('plain');
    // What the summary shows can be applied as it is.
    writeFiles(workspace, { 'migration.diff': diff });
    git(['apply', '--check', 'migration.diff'], workspace);
    expect(readFileSync(join(workspace, 'templates/shop/main.tf'), 'utf8')).toBe(LEGACY);
    expect(runStep(files, { 'migrate-diff': 'false' }).summary).not.toContain('```diff');
  });

  it('says no more than GitHub shows', () => {
    const tasks = Array.from({ length: 30 }, (_, index) => `resource "coder_ai_task" "t${index}" {}\n`);
    const { log, outputs } = runStep({ 'main.tf': PLAIN + tasks.join('\n') });
    expect(Number(outputs.errors)).toBeGreaterThan(29);
    expect(commandsIn(log).filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(log).toMatch(/; \d+ more not shown here/);
  });
});

describe('report files', () => {
  it('are written, valid, and named for the next step', () => {
    const step = runStep(
      { 'infra/templates/a/main.tf': LEGACY, 'infra/reports/keep': '' },
      {
        'working-directory': 'infra',
        paths: 'templates',
        'sarif-file': 'reports/out.sarif',
        'json-file': 'out.json',
      },
    );
    expect(step.outputs).toMatchObject({
      'sarif-file': 'infra/reports/out.sarif',
      'json-file': 'infra/out.json',
    });
    const read = (name: string) =>
      JSON.parse(readFileSync(join(step.workspace, step.outputs[name] as string), 'utf8'));
    const log: Log = read('sarif-file');
    expect(sarifErrors(log)).toEqual([]);
    const files = log.runs[0]?.results?.map(
      ({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    );
    // Code scanning and annotations want paths from the repository's root, wherever the step works.
    expect(new Set(files)).toEqual(new Set(['infra/templates/a/main.tf']));
    expect(commandsIn(step.log)[0]).toContain(' file=infra/templates/a/main.tf,');
    expect(read('json-file').templates[0].root).toBe('templates/a');
  });

  it('have paths from the workspace where checkout had no git', () => {
    const step = runStep(
      { 'infra/main.tf': LEGACY },
      { 'working-directory': 'infra' },
      { isRepository: false },
    );
    expect(commandsIn(step.log)[0]).toContain(' file=infra/main.tf,');
  });
});

describe('mistakes', () => {
  it.each<[Readonly<Record<string, string>>, string]>([
    [{ paths: 'nowhere' }, 'no template was found'],
    [{ paths: 'docs' }, 'no template was found'],
    [{ 'working-directory': 'nowhere' }, 'nowhere does not exist'],
    [{ config: 'nowhere.yaml' }, 'nowhere.yaml'],
    [{ 'coder-version': 'soon' }, 'not a range'],
    [{ 'fail-on': 'sometimes' }, 'error, warning, info or never'],
    [{ 'max-warnings': '-1' }, 'whole number'],
    [{ annotations: 'yes' }, 'the input annotations takes true or false'],
    [{ summary: '1' }, 'the input summary takes true or false'],
    [{ 'migrate-diff': 'on' }, 'the input migrate-diff takes true or false'],
    [{ 'sarif-file': 'no/such/folder/x.sarif' }, 'cannot be written'],
  ])('%j fail the step with one annotation', (inputs, text) => {
    const { code, log, outputs } = runStep({ 'main.tf': PLAIN, 'docs/a.md': '' }, inputs);
    expect(code, log).toBe(2);
    expect(outputs).toEqual({});
    expect(commandsIn(log)).toHaveLength(1);
    expect(commandsIn(log)[0]).toMatch(/^::error title=tasks-lint::/);
    expect(commandsIn(log)[0]).toContain(text);
    expect(log).not.toContain('    at ');
  });

  it('in the configuration are named with their places', () => {
    const { code, log } = runStep({ 'main.tf': PLAIN, '.tasks-lint.yaml': 'rulse: {}\nfailOn: soon\n' });
    expect(code).toBe(2);
    expect(commandsIn(log)[0]).toMatch(
      /^::error title=tasks-lint::\.tasks-lint\.yaml:1:1: .*%0A\.tasks-lint\.yaml:2:\d+: /,
    );
  });

  it('in a template are findings', () => {
    const { code, log } = runStep({ 'main.tf': `${PLAIN}locals {\n  a = \n}\n` });
    expect(code).toBe(1);
    expect(commandsIn(log)[0]).toMatch(/^::error file=main\.tf,line=8,.*title=syntax\/invalid-hcl::/);
  });
});

describe('text of a template', () => {
  const COMMANDS = '::set-output name=errors::0 ##[error]x \u001b[31m ::stop-commands::y';
  const HOSTILE = `# ${COMMANDS}
::stop-commands::token
${LEGACY}
# tasks-lint-ignore ::set-output::x -- ${COMMANDS}
data "coder_workspace_preset" "p" {
  name = "\\n::stop-commands::z\\n${COMMANDS.replaceAll('\u001b', '')}"
  parameters = {
    "\\n::set-output name=errors::0\\n##[error]" = "\\n::add-mask::error"
  }
}
/*
::add-mask::error
*/
`;
  const FOLDER = '::error::a ##[warning]b/::set-output name=errors::0';

  it('does not command the runner', () => {
    const step = runStep({
      [`${FOLDER}/main.tf`]: HOSTILE,
      [`${FOLDER}/x\n::stop-commands::y\n##[error]z.tf`]: 'a = \n',
    });
    expect(step.code, step.log).toBe(1);
    const commands = commandsIn(step.log);
    // One for each of the files, neither of which can be read.
    expect(commands.length).toBeGreaterThanOrEqual(2);
    for (const command of commands) expect(command).toMatch(/^::(error|warning|notice) file=/);
    expect(step.log).not.toMatch(/[^\P{Cc}\n]/u);
    expect(Number(step.outputs.errors)).toBeGreaterThan(0);
    expect(step.summary).toContain('| Level | Where | Rule | Finding |');
  });

  it('does not do so through what is said of folders', () => {
    const folder = 'a\n::error::b\n##[error]c';
    const { code, log } = runStep(
      { [`${folder}/main.tf`]: LEGACY, 'd/main.tf': PLAIN },
      { paths: 'link\nd' },
      { links: { link: folder }, env: { RUNNER_DEBUG: '1' } },
    );
    expect(code, log).toBe(1);
    expect(log).toContain('no configuration');
    for (const command of commandsIn(log)) expect(command).toMatch(/^::(error|warning|notice) file=/);
  });

  it('does not do so through paths that cannot be linted', () => {
    const { code, log } = runStep({ 'notes/a.md': '' }, { paths: '::set-output name=errors::0\n##[error]x' });
    expect(code).toBe(2);
    expect(commandsIn(log)).toHaveLength(1);
    expect(commandsIn(log)[0]).toMatch(/^::error title=tasks-lint::no template/);
  });

  it('does not leave its place in the summary', () => {
    const value =
      '</details> ```\\n# heading @octocat ![x](https://evil.example/x.png) <img src=x> | a | b |';
    const task = `resource "coder_ai_task" "t" {\n  app_id = "${value}"\n}\n`;
    const { summary } = runStep({ 'main.tf': PLAIN + task });
    expect(summary).toContain('task/app-id-invalid');
    expect(summary).not.toContain('<img');
    expect(summary).not.toMatch(/(?<![`\w])!\[x\]\(/);
    expect(summary).not.toMatch(/^# heading/m);
  });
});

describe('action.yml', () => {
  it('has the inputs that the code reads and the outputs that it sets', async () => {
    const workspace = temporaryFolder();
    writeFiles(workspace, { 'main.tf': PLAIN, output: '' });
    const read = new Set<string>();
    const env = new Proxy<Record<string, string>>(
      { GITHUB_OUTPUT: join(workspace, 'output') },
      {
        get(target, key: string) {
          if (key.startsWith('INPUT_')) read.add(key);
          return target[key];
        },
      },
    );
    const silent = { write: () => true };
    expect(await runAction({ cwd: workspace, env, stdout: silent, stderr: silent })).toBe(0);
    expect([...read].sort()).toEqual(Object.keys(inputVariables({})).sort());
    const outputs = parseOutputs(readFileSync(join(workspace, 'output'), 'utf8'));
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(manifest.outputs).sort());
  });

  it('describes each of them, and names a file that is there', () => {
    const { inputs, outputs, runs } = manifest;
    for (const [name, { description }] of [...Object.entries(inputs), ...Object.entries(outputs)]) {
      expect(description.trim(), name).not.toBe('');
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
    expect(runs).toEqual({ using: 'node24', main: 'dist/action.js' });
  });
});
