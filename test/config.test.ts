import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closestOf } from '../src/engine/closest.ts';
import {
  ConfigError,
  isIgnored,
  mergeConfigs,
  NO_CONFIG,
  PRESETS,
  parseConfig,
  settingFor,
} from '../src/engine/config.ts';
import { matchesGlob } from '../src/engine/glob.ts';
import { configLoader } from '../src/engine/load-config.ts';
import { openConfigFiles } from '../src/input/config-files.ts';
import { EFFECTS } from '../src/rule.ts';

const RULES = ['task/app-id-missing', 'task/conditional-ai-task', 'prompt/not-wired'];

async function problemsOf(path: string, text: string): Promise<string[]> {
  const error = await parseConfig(path, text).then(
    () => null,
    (error) => error,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).not.toContain('    at ');
  return error.message.split('\n');
}

describe('the schema', () => {
  const schemaPath = join(import.meta.dirname, '../schema/config.json');
  const schema = JSON.parse(readFileSync(schemaPath, 'utf8'));

  test('has all effects', () => {
    expect(Object.keys(schema.properties.effects.properties)).toEqual(EFFECTS);
  });

  test('allows the presets to say what they say', async () => {
    for (const { file, extends: extended, ...content } of Object.values(PRESETS)) {
      expect([file, extended]).toEqual([null, []]);
      const rules = Object.fromEntries([...(content.rules ?? [])].map(([id, { level }]) => [id, level]));
      const effects = Object.fromEntries(content.effects ?? []);
      await parseConfig('preset.json', JSON.stringify({ ...content, rules, effects }));
    }
  });
});

describe('a configuration', () => {
  const FULL = {
    $schema: 'https://example.com/schema.json',
    extends: ['recommended', './other.yaml'],
    coderVersion: '>=2.30 <2.36',
    rules: {
      'task/app-id-missing': 'off',
      'lifecycle/grace-period': { level: 'warning', options: { minimum: 90 } },
    },
    overrides: [{ files: ['legacy/**'], rules: { 'prompt/not-wired': 'off' } }],
    ignore: ['examples'],
    catalogs: ['./catalog.json'],
    maxWarnings: 0,
    failOn: 'warning',
    effects: { deprecated: 'error', advice: 'off' },
  };

  test.each([
    ['c.json', JSON.stringify(FULL)],
    ['c.jsonc', `// why\n${JSON.stringify(FULL, null, 2).replace(/\}$/, '  /* last */ ,\n}')}`],
    ['c.yaml', `\uFEFF# why\n${JSON.stringify(FULL, null, 2)}`],
    ['c.yml', JSON.stringify(FULL).replaceAll('\n', '\r\n')],
  ])('may hold everything in %s', async (path, text) => {
    const source = await parseConfig(path, text);
    expect(source).toMatchObject({
      file: path,
      coderVersion: '>=2.30 <2.36',
      maxWarnings: 0,
      failOn: 'warning',
    });
    expect(source.extends.map(({ name }) => name)).toEqual(['recommended', './other.yaml']);
    expect(source.effects).toEqual(
      new Map([
        ['deprecated', 'error'],
        ['advice', 'off'],
      ]),
    );
    expect(source.rules?.get('task/app-id-missing')).toEqual({ level: 'off', options: {} });
    expect(source.rules?.get('lifecycle/grace-period')).toEqual({
      level: 'warning',
      options: { minimum: 90 },
    });
  });

  test.each(['', '\n', '# nothing\n', '{}', 'rules:\n', '---\n'])('may say as little as %j', async (text) => {
    if (text === 'rules:\n')
      expect(await problemsOf('c.yaml', text)).toEqual(['c.yaml:1:7: `rules` must be a mapping']);
    else expect((await parseConfig('c.yaml', text)).rules).toEqual(new Map());
  });

  test('of nothing is fine in JSON as well', async () => {
    expect((await parseConfig('c.json', '')).rules).toEqual(new Map());
  });

  test.each([
    ['c.yaml', 'ruels: {}', ['c.yaml:1:1: unknown key `ruels`; did you mean `rules`?']],
    ['c.yaml', 'a: 1\nxyz: 2', ['c.yaml:1:1: unknown key `a`', 'c.yaml:2:1: unknown key `xyz`']],
    [
      'c.yaml',
      'rules:\n  task/app-id-mising: off',
      ['c.yaml:2:3: unknown rule `task/app-id-mising`; did you mean `task/app-id-missing`?'],
    ],
    [
      'c.yaml',
      'rules:\n  prompt/not-wired: wraning\n',
      [
        'c.yaml:2:21: `rules.prompt/not-wired` must be one of off, info, warning, error; did you mean `warning`?',
      ],
    ],
    [
      'c.yaml',
      'rules: {prompt/not-wired: 2}',
      ['c.yaml:1:27: `rules.prompt/not-wired` must be one of off, info, warning, error'],
    ],
    [
      'c.yaml',
      'rules:\n  prompt/not-wired: [off]',
      ['c.yaml:2:21: `rules.prompt/not-wired` must be one of off, info, warning, error'],
    ],
    [
      'c.yaml',
      'rules:\n  prompt/not-wired: {levl: off}',
      ['c.yaml:2:22: unknown key `levl`; did you mean `level`?'],
    ],
    [
      'c.yaml',
      'rules:\n  prompt/not-wired: {options: {a: 1}}',
      ['c.yaml:2:22: `rules.prompt/not-wired` has no options'],
    ],
    [
      'c.yaml',
      'rules:\n  lifecycle/grace-period: {options: {minimun: 90}}',
      ['c.yaml:2:38: unknown option `minimun`; did you mean `minimum`?'],
    ],
    [
      'c.yaml',
      'rules:\n  lifecycle/grace-period:\n    options:\n      minimum: 0',
      ['c.yaml:4:16: `rules.lifecycle/grace-period.options.minimum` must be at least 1'],
    ],
    [
      'c.yaml',
      'rules: {agents/discoverability: {options: {maxRequired: 1000}}}',
      ['c.yaml:1:57: `rules.agents/discoverability.options.maxRequired` must be at most 100'],
    ],
    [
      'c.yaml',
      'rules: {security/public-share: {options: {widest: authentificated}}}',
      [
        'c.yaml:1:51: `rules.security/public-share.options.widest` must be one of owner, authenticated; did you mean `authenticated`?',
      ],
    ],
    [
      'c.yaml',
      'rules: {security/permission-bypass: {level: info, options: {allowBehindFirewall: 1}}}',
      ['c.yaml:1:82: `rules.security/permission-bypass.options.allowBehindFirewall` must be true or false'],
    ],
    [
      'c.yaml',
      'overrides:\n  - files: [a]\n    rules: {lifecycle/grace-period: {options: {minimum: long}}}',
      ['c.yaml:3:57: `overrides.0.rules.lifecycle/grace-period.options.minimum` must be a whole number'],
    ],
    ['c.yaml', '- a', ['c.yaml:1:1: the configuration must be a mapping']],
    ['c.yaml', 'overrides:\n  - rules: {}', ['c.yaml:2:5: `overrides.0` lacks `files`']],
    [
      'c.yaml',
      'overrides:\n  - files: [a]\n    rules: {}\n    fils: 1',
      ['c.yaml:4:5: unknown key `fils`; did you mean `files`?'],
    ],
    [
      'c.yaml',
      'overrides:\n  - files: ["*"]\n    rules: {prompt/not-wried: off}',
      ['c.yaml:3:13: unknown rule `prompt/not-wried`; did you mean `prompt/not-wired`?'],
    ],
    [
      'c.yaml',
      'effects: {depricated: off}',
      ['c.yaml:1:11: unknown effect `depricated`; did you mean `deprecated`?'],
    ],
    [
      'c.yaml',
      'effects: {advice: warn}',
      ['c.yaml:1:19: `effects.advice` must be one of off, info, warning, error'],
    ],
    ['c.yaml', 'maxWarnings: -1', ['c.yaml:1:14: `maxWarnings` must be at least 0']],
    ['c.yaml', 'maxWarnings: 1.5', ['c.yaml:1:14: `maxWarnings` must be a whole number']],
    ['c.yaml', 'extends: 1', ['c.yaml:1:10: `extends` must be a string or a list']],
    ['c.yaml', 'extends: [strickt]', ['c.yaml:1:11: unknown preset `strickt`; did you mean `strict`?']],
    [
      'c.yaml',
      'extends: eslint',
      ['c.yaml:1:10: unknown preset `eslint`; a file is written like `./other.yaml`'],
    ],
    ['c.yaml', 'extends: toString', [expect.stringContaining('unknown preset `toString`')]],
    [
      'c.yaml',
      'coderVersion: new',
      [expect.stringMatching(/^c\.yaml:1:15: `coderVersion`: "new" is not a range/)],
    ],
    ['c.yaml', 'coderVersion: "1"', [expect.stringMatching(/^c\.yaml:1:15: `coderVersion`: "1" admits no/)]],
    ['c.yaml', 'a: &x 1\nb: *y', [expect.stringMatching(/Unresolved alias/)]],
    ['c.yaml', 'rules: {}\nrules: {}', [expect.stringMatching(/^c\.yaml:2:1: .*unique/)]],
    ['c.yaml', 'rules:\n\t- x', [expect.stringMatching(/^c\.yaml:2:1: /)]],
    ['c.yaml', '{}\n---\n{}', [expect.stringMatching(/^c\.yaml:2:1: .*multiple documents/)]],
    ['c.yaml', '\uFEFFruels: {}', ['c.yaml:1:1: unknown key `ruels`; did you mean `rules`?']],
    ['c.yaml', '\uFEFF{ruels: {}}\r\n', ['c.yaml:1:2: unknown key `ruels`; did you mean `rules`?']],
    ['c.yaml', '? [a]\n: 1', [expect.stringMatching(/unknown key `\[ a \]`/)]],
    ['c.yaml', '"a~/b": 1', ['c.yaml:1:1: unknown key `a~/b`']],
    ['c.yaml', '__proto__: 1', [expect.stringMatching(/unknown key `__proto__`/)]],
    ['c.json', '{"rules": {},\n "rules": {}}', ['c.json:2:2: the key `rules` occurs twice']],
    ['c.json', '{"rules": ', [expect.stringMatching(/^c\.json:1:11: Value expected/)]],
    ['c.json', '// no\n{}', [expect.stringMatching(/^c\.json:1:1: Invalid comment token/)]],
    ['c.json', '{"maxWarnings": 1,}', [expect.stringMatching(/^c\.json:1:19: /)]],
    [
      'c.json',
      '{"overrides": [{"files": [], "rules": {}}]}',
      ['c.json:1:26: `overrides.0.files` must not be empty'],
    ],
    ['c.json', '{\r\n "ruels": 1\r\n}', ['c.json:2:2: unknown key `ruels`; did you mean `rules`?']],
    ['c.jsonc', '\uFEFF// x\n{"ignore": "x"}', ['c.jsonc:2:12: `ignore` must be a list']],
    ['c.json', '"text"', ['c.json:1:1: the configuration must be a mapping']],
  ])('%s: %j is refused with its places', async (path, text, problems) => {
    const actual = await problemsOf(path, text);
    for (const [index, problem] of problems.entries()) expect(actual[index]).toEqual(problem);
    if (problems.every((problem) => typeof problem === 'string')) expect(actual).toEqual(problems);
  });

  test.each([
    ['c.yaml', '['.repeat(100_000)],
    ['c.yaml', '- '.repeat(100_000)],
    ['c.yaml', '["]",'.repeat(100_000)],
    ['c.yaml', '? '.repeat(100_000)],
    ['c.yaml', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['c.json', '['.repeat(100_000)],
    ['c.json', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    [
      'c.yaml',
      `a: &a [x]\n${[...'bcdefghijk'].map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(9)}]`).join('\n')}`,
    ],
  ])(
    'of endless nesting in %s is refused',
    async (path, text) => {
      expect((await problemsOf(path, text))[0]).toMatch(/^c\.\w+:\d+:\d+: /);
    },
    20_000,
  );
});

describe('closestOf', () => {
  test.each([
    ['files', 'fiels'],
    ['files', 'FILES'],
    ['ignore', 'ignroe'],
    [null, 'x'],
    [null, ''],
    [null, 'i'.repeat(10_000)],
  ])('%j for %j', (closest, word) => {
    expect(closestOf(word, ['files', 'ignore', 'rules'])).toBe(closest);
  });
});

describe('matchesGlob', () => {
  test.each([
    ['**', 'a/b', true],
    ['*.tf', 'a/b/main.tf', true],
    ['*.tf', 'main.tf.json', false],
    ['/main.tf', 'a/main.tf', false],
    ['./a/*.tf', 'a/main.tf', true],
    ['a/*.tf', 'b/a/main.tf', false],
    ['a', 'a', true],
    ['a', 'b/a/c/main.tf', true],
    ['a/', 'a/b', true],
    ['a', 'ab', false],
    ['a/**', 'a', false],
    ['a/**/c', 'a/c', true],
    ['a/**/c', 'a/b/b/c', true],
    ['**/**/c', 'c', true],
    ['a/**/**/b', 'a/x/b/y', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['{a,b}/*.tf', 'b/x.tf', true],
    ['{a,b/{c,d}}/x', 'b/d/x', true],
    ['a,b', 'a,b', true],
    ['[ab].tf', 'b.tf', true],
    ['[!ab].tf', 'b.tf', false],
    ['[a-c].tf', 'b.tf', true],
    ['[z-a].tf', '[z-a].tf', true],
    ['{a', '{a', true],
    ['a}', 'a}', true],
    ['[a', '[a', true],
    ['a.b', 'axb', false],
    ['a+(b)', 'a+(b)', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['é/*', 'é/ü', true],
    ['', 'a', false],
  ])('%j and %j: %j', (glob, path, fits) => {
    expect(matchesGlob(glob, path)).toBe(fits);
  });
});

describe('merging', () => {
  test('lets later sources win by name and keeps lists one behind the other', async () => {
    const first = await parseConfig(
      'a.yaml',
      'coderVersion: "2.30"\nmaxWarnings: 5\nignore: [a]\nrules: {prompt/not-wired: off, task/app-id-missing: info}',
    );
    const second = await parseConfig(
      'b.yaml',
      'maxWarnings: 0\nignore: [b]\nrules: {prompt/not-wired: error}',
    );
    const config = mergeConfigs('/r', [first, second]);
    expect(config).toMatchObject({
      files: ['a.yaml', 'b.yaml'],
      coderVersion: '2.30',
      maxWarnings: 0,
      failOn: null,
    });
    expect(config.ignore).toEqual(['a', 'b']);
    expect(settingFor(config, 'prompt/not-wired', '/r/x.tf').level).toBe('error');
    expect(settingFor(config, 'task/app-id-missing', '/r/x.tf').level).toBe('info');
    expect(settingFor(config, 'task/conditional-ai-task', '/r/x.tf')).toEqual({ level: null, options: {} });
  });

  test('keeps an option until another is chosen, and a level until another is given', async () => {
    const parse = (text: string) => parseConfig('c.yaml', text);
    const id = 'lifecycle/grace-period';
    const config = mergeConfigs('/r', [
      await parse(`rules: {${id}: {level: info, options: {minimum: 90}}}`),
      await parse(
        `rules: {${id}: warning}\noverrides: [{files: ["gpu/**"], rules: {${id}: {options: {minimum: 600}}}}]`,
      ),
    ]);
    expect(settingFor(config, id, '/r/web/')).toEqual({ level: 'warning', options: { minimum: 90 } });
    expect(settingFor(config, id, '/r/gpu/')).toEqual({ level: 'warning', options: { minimum: 600 } });
  });

  test('lets the last override that fits and names the rule win', async () => {
    const text = `
rules: {prompt/not-wired: error}
overrides:
  - {files: [legacy], rules: {prompt/not-wired: off}}
  - {files: ["legacy/new.tf"], rules: {prompt/not-wired: warning}}
  - {files: ["**", "!legacy/**"], rules: {task/app-id-missing: off}}
ignore: ["examples", "!examples/good"]`;
    const config = mergeConfigs('/r', [await parseConfig('c.yaml', text)]);
    const levels = (path: string) => RULES.map((rule) => settingFor(config, rule, path).level);
    expect(levels('/r/main.tf')).toEqual(['off', null, 'error']);
    expect(levels('/r/legacy/main.tf')).toEqual([null, null, 'off']);
    expect(levels('/r/legacy/new.tf')).toEqual([null, null, 'warning']);
    expect(levels('/elsewhere/legacy/new.tf')).toEqual([null, null, 'error']);
    expect(isIgnored(config, '/r/examples/bad/main.tf')).toBe(true);
    expect(isIgnored(config, '/r/examples/good/main.tf')).toBe(false);
    expect(isIgnored(config, '/rr/examples')).toBe(false);
    expect(isIgnored(NO_CONFIG, '/r/examples')).toBe(false);
  });
});

describe('on disk', () => {
  let base: string;
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'tasks-lint-config-')));
  });
  afterEach(() => {
    rmSync(base, { recursive: true, force: true });
  });

  function write(path: string, content = ''): void {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), content);
  }

  function loader(cwd = '') {
    return configLoader(openConfigFiles({ cwd: join(base, cwd) }));
  }

  async function failure(path: string): Promise<string> {
    return loader()
      .load(path)
      .then(
        () => 'no error',
        (error) => {
          expect(error).toBeInstanceOf(ConfigError);
          return error.message;
        },
      );
  }

  test('the nearest one up to the repository is found, from any current folder', () => {
    write('.tasks-lint.yaml');
    write('repo/.git/HEAD');
    write('repo/t/a/main.tf');
    expect(loader('repo').find('t/a')).toBeNull();
    write('repo/.config/tasks-lint.jsonc');
    expect(loader('repo').find('t/a')).toBe(join(base, 'repo/.config/tasks-lint.jsonc'));
    expect(loader().find(join(base, 'repo/t/a'))).toBe(join(base, 'repo/.config/tasks-lint.jsonc'));
    write('repo/t/.tasks-lint.yml');
    expect(loader().find('repo/t/a')).toBe(join(base, 'repo/t/.tasks-lint.yml'));
    expect(loader().find('repo')).toBe(join(base, 'repo/.config/tasks-lint.jsonc'));
  });

  test('outside a repository the search ends at the current folder', () => {
    write('.tasks-lint.yaml');
    write('a/t/main.tf');
    expect(loader().find('a/t')).toBe(join(base, '.tasks-lint.yaml'));
    expect(loader('a').find('t')).toBeNull();
    expect(loader('a/t').find('..')).toBeNull();
  });

  test('a folder of that name is no configuration', () => {
    write('.tasks-lint.yaml/x');
    write('.tasks-lint.json');
    expect(loader().find('.')).toBe(join(base, '.tasks-lint.json'));
  });

  test('two in one folder are an error', () => {
    write('.tasks-lint.yaml');
    write('.config/tasks-lint.json');
    expect(() => loader().find('.')).toThrow(
      '.config/tasks-lint.json:1:1: .tasks-lint.yaml is a configuration for the same folder; keep one of them',
    );
  });

  test('globs start at the folder it is for, other paths at the file', async () => {
    write('repo/.config/tasks-lint.yaml', 'extends: ../shared/base.yaml\nignore: [t/a]\ncatalogs: [c.json]');
    write('repo/shared/base.yaml', 'ignore: [t/b]\ncatalogs: [c.json]\nextends: strict');
    const config = await loader().load('repo/.config/tasks-lint.yaml');
    expect(config).toMatchObject({
      base: join(base, 'repo'),
      files: [join(base, 'repo/shared/base.yaml'), join(base, 'repo/.config/tasks-lint.yaml')],
      catalogs: [join(base, 'repo/shared/c.json'), join(base, 'repo/.config/c.json')],
      failOn: 'warning',
    });
    for (const path of ['t/a', 't/b']) expect(isIgnored(config, join(base, 'repo', path))).toBe(true);
  });

  test('one that is a link is for the folder of the link', async () => {
    write('shared/base.yaml', 'ignore: [x]');
    write('repo/x');
    symlinkSync('../shared/base.yaml', join(base, 'repo/.tasks-lint.yaml'));
    expect((await loader().load('repo/.tasks-lint.yaml')).base).toBe(join(base, 'repo'));
  });

  test('a file extended twice counts twice, a file that extends itself is an error', async () => {
    write('base.yaml', 'maxWarnings: 1');
    write('a.yaml', 'extends: ./base.yaml');
    write('b.yaml', 'extends: [./a.yaml, ./base.yaml]');
    expect((await loader().load('b.yaml')).maxWarnings).toBe(1);
    write('base.yaml', 'maxWarnings: 1\nextends:\n  - ./b.yaml');
    expect(await failure('b.yaml')).toBe('base.yaml:3:5: b.yaml extends itself');
  });

  test('files that double with each step are cut off', async () => {
    for (let step = 0; step < 30; step++)
      write(`${step}.yaml`, `extends: [./${step + 1}.yaml, ./${step + 1}.yaml]`);
    write('30.yaml');
    expect(await failure('0.yaml')).toMatch(/more than 100 configurations/);
  });

  test('what cannot be read is named where it is asked for', async () => {
    write('a.yaml', 'rules: {}\nextends: ./none.yaml');
    write('b.yaml', 'extends: ./folder.d');
    write('c.yaml', 'extends: ./latin.yaml');
    write('folder.d/x');
    writeFileSync(join(base, 'latin.yaml'), Buffer.from('# \xe9', 'latin1'));
    execFileSync('mkfifo', [join(base, 'pipe.yaml')]);
    expect(await failure('a.yaml')).toBe('a.yaml:2:10: none.yaml is not there, or is a folder');
    expect(await failure('b.yaml')).toBe('b.yaml:1:10: folder.d is not there, or is a folder');
    expect(await failure('c.yaml')).toBe('c.yaml:1:10: latin.yaml: The file is not valid UTF-8 (line 1).');
    expect(await failure('none.yaml')).toBe('none.yaml:1:1: the file is not there, or is a folder');
    expect(await failure('pipe.yaml')).toMatch(/no regular file/);
  });
});
