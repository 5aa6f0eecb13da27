import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, ROOT, tasksLint, temporaryFolder } from '../support/cli.ts';

const LEGACY = 'fixtures/templates/docker-claude-legacy';
const TEMPLATE = `data "coder_workspace" "me" {}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
}
`;

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('exit codes', () => {
  it('are 1 for findings at the failing level and 0 without', () => {
    expect(tasksLint([LEGACY]).code).toBe(1);
    expect(tasksLint([LEGACY, '--coder-version', '2.26']).code).toBe(0);
    expect(tasksLint([LEGACY, '--exit-zero']).code).toBe(0);
    expect(tasksLint([LEGACY, '--fail-on', 'never']).code).toBe(0);
    expect(tasksLint([LEGACY, '--coder-version', '2.28', '--max-warnings', '0']).code).toBe(1);
  });

  it('stay as they are when nobody reads on, and are 2 when the report cannot be written', () => {
    const bash = (command: string) => {
      const script = `'${process.execPath}' bin/tasks-lint.js ${command}`;
      return spawnSync('bash', ['-c', script], { cwd: ROOT, encoding: 'utf8' });
    };
    expect(bash(`${LEGACY} | head -1 >&2; exit \${PIPESTATUS[0]}`).status).toBe(1);
    expect(bash(`${LEGACY} --exit-zero | head -1 >&2; exit \${PIPESTATUS[0]}`).status).toBe(0);
    if (!existsSync('/dev/full')) return;
    const { status, stderr } = bash(`${LEGACY} --exit-zero > /dev/full`);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^tasks-lint: the report cannot be written: ENOSPC/),
    });
  });

  it.each([
    [['--bogus'], 'bogus'],
    [['--format', 'jsn'], 'did you mean `json`'],
    [['--coder-version', 'soon'], 'not a range'],
    [['--coder-version', '2.20'], 'no Coder release with Tasks'],
    [['--rule', 'task/app-id-mising:off'], 'task/app-id-missing'],
    [['--max-warnings', 'many'], 'whole number'],
    [['--color', 'blue'], 'auto, always or never'],
    [['--config', 'nowhere.yaml'], 'nowhere.yaml'],
    [['--baseline', 'nowhere.json'], 'nowhere.json'],
    [['--changed', '--staged'], 'exclude'],
  ])('are 2 for wrong usage: %j', (args, text) => {
    const { code, stderr, stdout } = tasksLint([LEGACY, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
    expect(stderr).not.toContain('    at ');
  });

  it('are 2 where there is no template, and that is said', () => {
    const folder = folderWith({ 'notes/README.md': '# nothing' });
    const { code, stderr } = tasksLint(['notes'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('notes');
    expect(tasksLint(['notes', '--no-error-on-unmatched'], { cwd: folder }).code).toBe(0);
    expect(tasksLint(['gone'], { cwd: folder }).stderr).toContain('gone does not exist');
  });
});

describe('streams', () => {
  it('keep the report apart from everything else', () => {
    const { stdout, stderr } = tasksLint([LEGACY, '--format', 'json', '--debug']);
    expect(JSON.parse(stdout).formatVersion).toBe(1);
    expect(stderr).toContain('no configuration');
  });

  it('write several formats at once', () => {
    const folder = folderWith({ 'main.tf': TEMPLATE });
    const { stdout } = tasksLint(
      ['--format', 'compact', '--format', 'sarif:out.sarif', '-f', 'json:out.json'],
      { cwd: folder },
    );
    expect(stdout).not.toContain('$schema');
    expect(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')).templates).toHaveLength(1);
    expect(tasksLint(['--format', 'json:no/such/folder.json'], { cwd: folder })).toMatchObject({ code: 2 });
  });

  it('colour by flag, then NO_COLOR, then FORCE_COLOR', () => {
    const isColoured = (args: string[], env: Record<string, string>) =>
      tasksLint([LEGACY, ...args], { env }).stdout.includes('\x1b[');
    expect(isColoured([], {})).toBe(false);
    expect(isColoured([], { FORCE_COLOR: '1' })).toBe(true);
    expect(isColoured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(isColoured([], { FORCE_COLOR: '1', NO_COLOR: '' })).toBe(true);
    expect(isColoured(['--color=always'], { NO_COLOR: '1' })).toBe(true);
    expect(isColoured(['--color', 'never'], { FORCE_COLOR: '3' })).toBe(false);
  });
});

describe('paths', () => {
  it('may be named - and 1e3', () => {
    const folder = folderWith({ '-/main.tf': TEMPLATE, '1e3/main.tf': TEMPLATE, 'a b/main.tf': TEMPLATE });
    const { code, stdout } = tasksLint(['-', '1e3', 'a b', '--format', 'json'], { cwd: folder });
    expect(code).toBe(0);
    expect(
      JSON.parse(stdout)
        .templates.map(({ root }: { root: string }) => root)
        .sort(),
    ).toEqual(['-', '1e3', 'a b']);
  });

  it('may be files, which mean their template once', () => {
    const folder = folderWith({ 'main.tf': TEMPLATE, 'more.tf': '', 'README.md': '' });
    const { stdout } = tasksLint(['main.tf', 'more.tf', '.', '--format', 'json'], { cwd: folder });
    expect(JSON.parse(stdout).templates).toHaveLength(1);
  });

  it('are relative to the current folder, also outside it', () => {
    const folder = folderWith({ 'templates/t/main.tf': 'resource "coder_agent" "a" {', 'elsewhere/x': '' });
    const { stdout } = tasksLint(['../templates/t', '--format', 'json'], { cwd: join(folder, 'elsewhere') });
    expect(JSON.parse(stdout).templates[0].findings[0].file).toBe('../templates/t/main.tf');
  });
});

describe('bad input', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['invalid HCL', 'resource "coder_agent" "a" {\n  os = \n}\n', 'Invalid expression'],
    ['a binary file', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), 'no text'],
    ['invalid UTF-8', new Uint8Array([...Buffer.from(TEMPLATE), 0x23, 0xff, 0xfe, 0x0a]), 'UTF-8'],
    ['5,000 brackets', `locals {\n  a = ${'['.repeat(5000)}${']'.repeat(5000)}\n}\n`, 'deep'],
  ])('%s is a finding, and the next template is unharmed', (_name, content, text) => {
    const folder = folderWith({ 'bad/main.tf': TEMPLATE, 'bad/other.tf': content, 'good/main.tf': TEMPLATE });
    const { code, stdout, stderr } = tasksLint(['bad', 'good', '--format', 'json'], { cwd: folder });
    const [bad, good] = JSON.parse(stdout).templates;
    expect(code).toBe(1);
    expect(stderr).toBe('');
    const errors = (template: { findings: { level: string }[] }) =>
      template.findings.filter(({ level }) => level === 'error');
    expect(errors(bad)[0]).toMatchObject({
      ruleId: 'syntax/invalid-hcl',
      level: 'error',
      file: 'bad/other.tf',
    });
    expect(bad.findings.map(({ message }: { message: string }) => message).join()).toContain(text);
    expect(errors(good)).toEqual([]);
  });

  it('a 5 MB line is read', () => {
    const folder = folderWith({
      'main.tf': `${TEMPLATE}\nlocals {\n  a = "${'x'.repeat(5_000_000 - 200)}"\n}\n`,
    });
    expect(tasksLint(['.'], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
  });

  it('loops of links and of modules end', () => {
    const folder = folderWith({
      'main.tf': `${TEMPLATE}\nmodule "a" {\n  source = "./a"\n}\n`,
      'a/main.tf': 'module "b" {\n  source = "../b"\n}\n',
      'b/main.tf': 'module "a" {\n  source = "../a"\n}\n',
    });
    symlinkSync('.', join(folder, 'loop'));
    const { code, stdout } = tasksLint(['.', '--format', 'json'], { cwd: folder });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).templates[0].findings[0]).toMatchObject({
      ruleId: 'module/unresolved',
      messageId: 'cycle',
    });
  });

  it.skipIf(process.getuid?.() === 0)('an unreadable file is a finding', () => {
    const folder = folderWith({ 'main.tf': TEMPLATE, 'secret.tf': '' });
    chmodSync(join(folder, 'secret.tf'), 0);
    expect(tasksLint(['.'], { cwd: folder }).stdout).toContain('syntax/invalid-hcl');
  });

  it('options of a rule count in the folders that they are for', () => {
    const main = `${TEMPLATE}
resource "docker_container" "main" {
  name                  = "a"
  image                 = "b"
  stop_timeout          = 60
  destroy_grace_seconds = 60
  env                   = ["CODER_AGENT_TOKEN=\${coder_agent.main.token}"]
}

resource "coder_app" "web" {
  agent_id = coder_agent.main.id
  slug     = "web"
  url      = "http://localhost:8080"
}

resource "coder_ai_task" "task" {
  app_id = coder_app.web.id
}
`;
    const id = 'lifecycle/grace-period';
    const folder = folderWith({
      'web/main.tf': main,
      'gpu/main.tf': main,
      '.tasks-lint.yaml': `overrides: [{files: ["gpu/**"], rules: {${id}: {options: {minimum: 61}}}}]`,
    });
    const { stdout, stderr } = tasksLint(['.', '--only', id, '--format', 'compact'], { cwd: folder });
    expect(stderr).toBe('');
    expect(stdout.match(/^.*grace-period/gm)).toEqual([expect.stringContaining('gpu/main.tf:8:1: warning')]);
    writeFileSync(join(folder, '.tasks-lint.yaml'), `rules: {${id}: {options: {minimum: 0}}}`);
    expect(tasksLint(['.'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`\`rules.${id}.options.minimum\` must be at least 1`),
    });
  });

  it('a broken configuration is a message with its place', () => {
    const folder = folderWith({
      'main.tf': TEMPLATE,
      '.tasks-lint.yaml': 'rules:\n  task/app-id-mising: off\n',
    });
    const { code, stderr } = tasksLint(['.'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\.tasks-lint\.yaml:2:3: .*task\/app-id-missing/);
  });
});

describe('configuration', () => {
  it.each(['.tasks-lint.yaml', '.config/tasks-lint.yml'])('is found upward as %s', (name) => {
    const folder = folderWith({ [name]: 'coderVersion: "2.26"\n' });
    git(['init', '--quiet'], folder);
    cpSync(join(ROOT, LEGACY), join(folder, 'deep/template'), { recursive: true });
    const { code, stdout } = tasksLint(['deep/template', '--format', 'json'], { cwd: folder });
    expect({ code, target: JSON.parse(stdout).target }).toEqual({ code: 0, target: '2.26' });
    expect(tasksLint(['deep/template', '--no-config'], { cwd: folder }).code).toBe(1);
    expect(tasksLint(['deep/template', '--coder-version', '2.34'], { cwd: folder }).code).toBe(1);
  });

  it('in JSON with comments, and through the environment', () => {
    const folder = folderWith({ 'policy.jsonc': '{\n  // for now\n  "failOn": "never"\n}\n' });
    const env = { TASKS_LINT_CONFIG: join(folder, 'policy.jsonc') };
    expect(tasksLint([LEGACY], { env })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('what has changed', () => {
  it('is asked of git', () => {
    const folder = folderWith({ 'a/main.tf': TEMPLATE, 'b/main.tf': TEMPLATE });
    git(['init', '--quiet'], folder);
    git(['add', '.'], folder);
    git(['commit', '--quiet', '--message', 'first'], folder);
    const roots = (args: string[]) =>
      JSON.parse(tasksLint([...args, '--format', 'json'], { cwd: folder }).stdout).templates.map(
        ({ root }: { root: string }) => root,
      );
    expect(tasksLint(['--changed'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(tasksLint(['--changed'], { cwd: folder }).stderr).toContain('no template has changed');
    writeFileSync(join(folder, 'b/more.tf'), '# new\n');
    expect(roots(['--changed'])).toEqual(['b']);
    expect(roots(['--staged'])).toEqual([]);
    git(['add', '.'], folder);
    expect(roots(['--staged'])).toEqual(['b']);
    git(['commit', '--quiet', '--message', 'second'], folder);
    expect(roots(['--changed=HEAD~1'])).toEqual(['b']);
  });
});

describe('a baseline', () => {
  it('keeps old findings quiet and says which entries are stale', () => {
    const folder = temporaryFolder();
    cpSync(join(ROOT, LEGACY, 'main.tf'), join(folder, 'main.tf'));
    expect(tasksLint(['--write-baseline', 'base.json'], { cwd: folder }).code).toBe(0);
    expect(tasksLint(['--baseline', 'base.json'], { cwd: folder }).code).toBe(0);
    const text = readFileSync(join(folder, 'main.tf'), 'utf8');
    writeFileSync(join(folder, 'main.tf'), `# one more line\n${text}`);
    expect(tasksLint(['--baseline', 'base.json'], { cwd: folder }).code).toBe(0);
    writeFileSync(join(folder, 'main.tf'), text.replaceAll('AI Prompt', 'Prompt'));
    const { code, stderr } = tasksLint(['--baseline', 'base.json'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('stale in the baseline');
  });
});

describe('the other commands', () => {
  it('explain a rule', () => {
    expect(tasksLint(['explain', 'task/app-id-missing']).stdout).toContain('# task/app-id-missing');
    expect(tasksLint(['explain', 'task/app-id-mising'])).toMatchObject({ code: 2 });
    expect(tasksLint(['explain', 'task/app-id-mising']).stderr).toContain('did you mean');
  });

  it('list the rules', () => {
    const list = JSON.parse(tasksLint(['rules', '--json']).stdout);
    expect(list.length).toBeGreaterThan(28);
    expect(
      list.find(({ id }: { id: string }) => id === 'lifecycle/grace-period').options.minimum,
    ).toMatchObject({
      type: 'integer',
      default: 60,
    });
    expect(tasksLint(['rules']).stdout.split('\n')).toHaveLength(list.length + 1);
  });

  it('write a configuration once', () => {
    const folder = folderWith({ 'main.tf': TEMPLATE });
    expect(tasksLint(['init'], { cwd: folder }).code).toBe(0);
    expect(tasksLint(['.'], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    expect(tasksLint(['init'], { cwd: folder }).stderr).toContain('.tasks-lint.yaml is there already');
  });

  it('say so where no configuration can be written', () => {
    const folder = folderWith({ 'main.tf': TEMPLATE });
    symlinkSync('nowhere', join(folder, '.tasks-lint.yaml'));
    expect(tasksLint(['init'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: 'tasks-lint: .tasks-lint.yaml cannot be written: file already exists\n',
    });
  });

  it.each(['bash', 'zsh', 'fish'])('complete for %s', (shell) => {
    const { code, stdout } = tasksLint(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('task/app-id-missing');
    expect(stdout).toContain('coder-version');
  });

  it('say their version and help', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(tasksLint(['--version']).stdout).toBe(`${version}\n`);
    const help = tasksLint(['--help']).stdout;
    expect(help).toContain('Exit codes: 0');
    expect(help).toContain('explain <rule>');
  });
});

// Later versions of Node have a cache of their own.
describe.runIf(process.versions.node.startsWith('20.'))('the compile cache of Node 20', () => {
  const run = (cache: string, env: Record<string, string> = {}) =>
    tasksLint([LEGACY, '--format', 'json'], { env: { XDG_CACHE_HOME: cache, ...env } }).stdout;
  const without = tasksLint([LEGACY, '--format', 'json'], {
    env: { NODE_DISABLE_COMPILE_CACHE: '1' },
  }).stdout;

  it('is written once, for its user alone, and changes nothing', () => {
    const cache = temporaryFolder();
    expect(run(cache)).toBe(without);
    const folder = join(cache, 'tasks-lint');
    const [name, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    const path = join(folder, name as string);
    const { mode, mtimeMs } = statSync(path);
    expect(mode & 0o777).toBe(0o600);
    expect(run(cache)).toBe(without);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it.each([
    ['cut off', (data: Buffer) => data.subarray(0, 1000)],
    ['empty', () => Buffer.alloc(0)],
    ['of another program', (data: Buffer) => Buffer.from(data).fill(7, 4, 20)],
    // V8 would not look, and die of it.
    [
      'damaged in the middle',
      (data: Buffer) => Buffer.from(data).fill(7, data.length >> 1, (data.length >> 1) + 64),
    ],
  ])('is made anew when it is %s', (_name, spoil) => {
    const cache = temporaryFolder();
    run(cache);
    const folder = join(cache, 'tasks-lint');
    const path = join(folder, readdirSync(folder)[0] as string);
    const data = readFileSync(path);
    writeFileSync(path, spoil(data));
    expect(run(cache)).toBe(without);
    expect(readFileSync(path).length).toBeGreaterThan(data.length / 2);
  });

  it('is done without where it cannot be written, and where it is not wanted', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(run(file)).toBe(without);
    // There mkdir says that the parent is missing, for ever.
    expect(run('/proc/nowhere')).toBe(without);
    const cache = temporaryFolder();
    expect(run(cache, { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe(without);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('is not written by commands that compile little', () => {
    const cache = temporaryFolder();
    tasksLint(['rules'], { env: { XDG_CACHE_HOME: cache } });
    expect(readdirSync(cache)).toEqual([]);
  });
});
