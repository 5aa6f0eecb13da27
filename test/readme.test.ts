import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openApi } from '../src/hook/openapi.ts';
import { FORMAT_NAMES } from '../src/report/formats.ts';
import { ROOT, tasksLint, temporaryFolder } from './support/cli.ts';
import { MANIFEST, runProgram } from './support/package.ts';
import { blocksOf, type CodeBlock, optionsOf, optionsTable, relativeLinks } from './support/readme.ts';
import { writeFiles } from './support/release.ts';

const README = join(ROOT, 'README.md');
const page = readFileSync(README, 'utf8');
const isUpdate = process.env.UPDATE === '1';

const named = (language: string): [string, CodeBlock][] =>
  blocksOf(page, language).map((block) => [`line ${block.line}`, block]);

/** Holds a part of the README against what it should be; `UPDATE=1` writes it, whatever else has changed meanwhile. */
function expectPart(before: string, actual: string, expected: string): void {
  if (isUpdate && actual !== expected) {
    const now = readFileSync(README, 'utf8');
    if (now.split(before + actual).length !== 2) throw new Error(`"${before}" is there more than once`);
    writeFileSync(
      README,
      now.replace(before + actual, () => before + expected),
    );
    return;
  }
  expect(actual, 'run `npm run update` to write README.md').toBe(expected);
}

describe('commands on the page', () => {
  it.each(named('console'))('print what is shown at %s', (_where, { text }) => {
    const [, head = '', command = '', output = ''] = /^(\$ tasks-lint ([^\n]*)\n)(.*)$/s.exec(text) ?? [];
    expect(command, 'the block starts with one command').not.toBe('');
    const { stdout, stderr } = tasksLint(command.split(' '));
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
    expectPart(head, output, `${stdout.trimEnd()}\n`);
  });

  it('are those that there are', () => {
    const help = tasksLint(['--help']).stdout;
    const there = [...help.matchAll(/^ {2}tasks-lint ([a-z]+)/gm)].map(([, name]) => name);
    const shown = [...page.matchAll(/^\| `tasks-lint \[?([a-z]+)\]?/gm)].map(([, name]) => name);
    expect(shown.sort()).toEqual(there.sort());
  });

  it.each(
    ['README.md', 'CONTRIBUTING.md'].flatMap((file) =>
      blocksOf(readFileSync(join(ROOT, file), 'utf8'), 'sh').flatMap(({ text }) =>
        commandsOf(text).map((command) => [command]),
      ),
    ),
  )('can be run: %s', (command) => {
    const [program = '', ...args] = command.split(/\s+/);
    if (program === 'npm') {
      const script = args[0] === 'run' ? args[1] : args[0];
      if (script !== 'ci') expect(Object.keys(MANIFEST.scripts)).toContain(script);
    } else if (program === 'npx' && args[0] !== 'tasks-lint') {
      expect(existsSync(join(ROOT, 'node_modules/.bin', args[0] ?? ''))).toBe(true);
    } else if (program === 'npx' || program === 'tasks-lint') {
      expectOptions(program === 'npx' ? args.slice(1) : args);
    } else if (program === 'curl') {
      const path = new URL(args.at(-1) ?? '').pathname;
      expect(Object.keys(openApi().paths as object), 'a path of the hook').toContain(path);
    } else {
      expect(['bash', 'git']).toContain(program);
    }
    // What looks like a file of the repository is one.
    for (const path of args.filter((each) => /^[\w.-]+(\/[\w.-]+)+$/.test(each) && !each.startsWith('/'))) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
  });

  it('have the options that the table shows', () => {
    const [, before = '', table = ''] =
      /(<!-- options:start -->\n)(.*?)(?=<!-- options:end -->)/s.exec(page) ?? [];
    expect(before).not.toBe('');
    expectPart(before, table, optionsTable(optionsOf(tasksLint(['lint', '--help']).stdout)));
  });
});

/** The commands of a shell block, without comments. */
function commandsOf(text: string): string[] {
  return text
    .split(/\n|&&/)
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Whether a command of the program has the options that it is given. */
function expectOptions(args: readonly string[]): void {
  const command = /^[a-z]+$/.test(args[0] ?? '') ? (args[0] as string) : 'lint';
  const help = tasksLint([command, '--help']);
  expect(help.code).toBe(0);
  const names = optionsOf(help.stdout).map(({ name }) => name);
  for (const [, name] of args.join(' ').matchAll(/--(?:no-)?([\w-]+)/g)) expect(names).toContain(name);
}

describe('JavaScript on the page', () => {
  it.each(named('js'))('does what the comments say at %s', (_where, { text }) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(resolve(ROOT), join(folder, 'node_modules/tasks-lint'));
    const record = `import { format } from 'node:util';
const printed = [];
console.log = (...values) => printed.push(format(...values));
process.on('exit', () => process.stdout.write(JSON.stringify(printed)));
`;
    writeFiles(folder, { 'package.json': '{}', 'record.mjs': record, 'example.mjs': text });
    const printed = JSON.parse(
      runProgram(process.execPath, ['--import', './record.mjs', 'example.mjs'], folder),
    );
    const expected = [...text.matchAll(/console\.log\(.*\);(?: \/\/ (.*))?$/gm)].map(
      ([, comment]) => comment,
    );
    expect(expected.some((comment) => comment !== undefined)).toBe(true);
    expect(printed).toEqual(expected.map((comment) => comment ?? expect.stringMatching(/./)));
  });
});

describe('YAML on the page', () => {
  const blocks = blocksOf(page, 'yaml').map(({ text }) => ({ text, value: parse(text) }));
  const blockWith = (key: string) => {
    const found = blocks.filter(({ value }) => key in value);
    expect(found).toHaveLength(1);
    return found[0] as (typeof blocks)[number];
  };

  it('names hooks that there are', () => {
    const { text, value } = blockWith('repos');
    const hooks: { id: string }[] = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
    const shown = [...text.matchAll(/- id: ([\w-]+)/g)].map(([, id]) => id);
    expect(shown).toEqual(hooks.map(({ id }) => id));
    expect(value.repos[0].rev).toBe(`v${MANIFEST.version}`);
  });

  it('gives the action inputs that it has', () => {
    const steps: { uses: string; with?: Record<string, string> }[] =
      blockWith('jobs').value.jobs['tasks-lint'].steps;
    const { inputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
    const own = steps.find(({ uses }) => uses === `tasks-lint/tasks-lint@v${MANIFEST.version}`);
    expect(Object.keys(own?.with ?? {}).filter((name) => !(name in inputs))).toEqual([]);
    const upload = steps.find(({ uses }) => uses.startsWith('github/codeql-action/upload-sarif@'));
    expect(upload?.with?.sarif_file).toBe(own?.with?.['sarif-file']);
  });

  it('is a configuration that the program takes', () => {
    const { text, value } = blockWith('extends');
    const schema = JSON.parse(readFileSync(join(ROOT, 'schema/config.json'), 'utf8'));
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    const folder = temporaryFolder();
    writeFiles(folder, {
      '.tasks-lint.yaml': text,
      'main.tf': 'resource "coder_agent" "a" {\n  os   = "linux"\n  arch = "amd64"\n}\n',
    });
    for (const name of value.catalogs)
      copyFileSync(join(ROOT, 'src/coder/catalog/registry.json'), join(folder, name));
    expect(tasksLint(['.'], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the page', () => {
  it.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'rules/README.md'])(
    '%s links to what exists',
    (file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const missing = relativeLinks(text).filter((link) => !existsSync(join(ROOT, dirname(file), link)));
      expect(missing).toEqual([]);
    },
  );

  it('names every format and no other version', () => {
    for (const name of FORMAT_NAMES) expect(page).toContain(`\`${name}\``);
    const versions = [...page.matchAll(/tasks-lint(?:@|\/)v(\d+\.\d+\.\d+)/g)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([MANIFEST.version]));
  });
});
