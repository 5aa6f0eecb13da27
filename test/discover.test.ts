import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { discover } from '../src/input/discover.ts';

const AGENT = 'resource "coder_agent" "main" {}\n';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'tasks-lint-discover-')));
  write('.git/HEAD');
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

function write(path: string, content = ''): void {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), content);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  symlinkSync(target, join(base, path));
}

async function find(...paths: string[]) {
  const { templates, unmatched } = await discover(paths, { cwd: base });
  return { found: templates.map(({ path }) => relative(base, path) || '.'), unmatched };
}

async function found(...paths: string[]): Promise<string[]> {
  const result = await find(...paths);
  expect(result.unmatched).toEqual([]);
  return result.found;
}

describe('below a folder', () => {
  test('templates are folders that use the coder provider in any way of writing it', async () => {
    write('blocks/main.tf', AGENT);
    write('bare/main.tf', 'data coder_workspace me {}');
    write('crlf/main.tf', '\uFEFF# template\r\nresource "coder_agent" "main" {\r\n}\r\n');
    write('json/main.tf.json', '{"resource": {"coder_agent": {"main": {}}}}');
    write(
      'provider/versions.tf',
      'terraform {\n required_providers { coder = { source = "coder/coder" } }\n}',
    );
    write('infra/main.tf', 'resource "aws_instance" "x" {}\nresource "coderd_template" "t" {}');
    write('comment/main.tf', '# resource "coder_agent" "main"\n/* data "coder_workspace" "me" */');
    write('script/main.tf', 'x = <<EOT\nresource "coder_agent" "main" {}\nEOT\n');
    write('text/readme.md', AGENT);
    expect(await found('.')).toEqual(['bare', 'blocks', 'crlf', 'json', 'provider']);
  });

  test('a heredoc or a string that looks like the start of a comment hides nothing', async () => {
    write('a/main.tf', `x = <<-EOT\n  rm /tmp/*\n  EOT\n${AGENT}`);
    write('b/main.tf', `x = "http://y/*"\n${AGENT}y = "*/"`);
    expect(await found('.')).toEqual(['a', 'b']);
  });

  test('local modules are no templates, wherever they lie', async () => {
    write('t/main.tf', 'module "a" {\n  source = "./a"\n}\nmodule "b" {\n  source="../shared/b" }');
    write('t/a/main.tf', 'module "c" { source = "./c" }');
    write('t/a/c/main.tf', AGENT);
    write('shared/b/main.tf', AGENT);
    expect(await found('.')).toEqual(['t']);
  });

  test('a module that a template has left over is none, unless it is a template of its own', async () => {
    write('all/t/main.tf', AGENT);
    write('all/t/modules/unused/main.tf', 'resource "coder_script" "x" {}');
    write('all/t/other/main.tf', AGENT);
    write('all/modules/shared/main.tf', 'resource "coder_script" "x" {}');
    expect(await found('.')).toEqual(['all/modules/shared', 'all/t', 'all/t/other']);
  });

  test('a template may have all of Coder in its modules', async () => {
    write('t/main.tf.json', '{"module": {"a": {"source": "./a"}}}');
    write('t/a/main.tf', AGENT);
    expect(await found('.')).toEqual(['t']);
  });

  test('quotes that nothing closes take no time', async () => {
    write('quotes/main.tf', `${AGENT}${'\\"'.repeat(400_000)}`);
    expect(await found('.')).toEqual(['quotes']);
  });

  test('a call in a comment or to an address elsewhere makes no module', async () => {
    write('t/main.tf', `${AGENT}# module "u" { source = "../u" }\nmodule "x" { source = "u" }`);
    write('u/main.tf', AGENT);
    expect(await found('.')).toEqual(['t', 'u']);
  });

  test('modules that call each other in a circle are seen once', async () => {
    write('a/main.tf', `${AGENT}module "b" { source = "../b" }`);
    write('b/main.tf', `${AGENT}module "a" { source = "../a" }`);
    write('self/main.tf', `${AGENT}module "self" { source = "./" }`);
    expect(await found('.')).toEqual(['a', 'self']);
  });

  test('names may hold anything, even a line break', async () => {
    write('a\nb/(c)/main.tf', AGENT);
    write('[d]*/e f/main.tf', AGENT);
    expect(await found('.')).toEqual(['[d]*/e f', 'a\nb/(c)']);
  });

  test('copies of modules, packages and hidden folders are left out', async () => {
    write('t/main.tf', AGENT);
    write('t/.terraform/modules/m/main.tf', AGENT);
    write('t/node_modules/m/main.tf', AGENT);
    write('.hidden/main.tf', AGENT);
    write('editor/.#main.tf', AGENT);
    write('editor/main.tf~', AGENT);
    expect(await found('.')).toEqual(['t']);
  });

  test('links are followed once and only inside the repository', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'tasks-lint-outside-')));
    writeFileSync(join(outside, 'main.tf'), AGENT);
    write('real/main.tf', AGENT);
    write('.store/t/main.tf', AGENT);
    write('.store/main.tf', AGENT);
    link('all/one', '../real');
    link('all/two', '../real');
    link('all/loop', '.');
    link('all/up', '..');
    link('all/away', outside);
    link('all/gone', 'nowhere');
    link('all/self', 'self');
    link('all/store', '../.store/t');
    link('file/main.tf', '../.store/main.tf');
    link('stranger/main.tf', join(outside, 'main.tf'));
    expect(await found('all')).toEqual(['.store/t', 'real']);
    expect(await found('.')).toEqual(['.store/t', 'file', 'real']);
    rmSync(outside, { recursive: true });
  });

  test('unreadable folders are named and the rest is found', async () => {
    write('t/main.tf', AGENT);
    write('shut/main.tf', AGENT);
    chmodSync(join(base, 'shut'), 0);
    const result = await find('.');
    chmodSync(join(base, 'shut'), 0o700);
    expect(result.found).toContain('t');
    if (process.getuid?.() === 0) return;
    expect(result.unmatched).toEqual([
      expect.objectContaining({ why: 'unreadable', path: join(base, 'shut') }),
    ]);
  });

  test('binary files are passed over', async () => {
    write('a/main.tf', `\0${AGENT}`);
    write('b/main.tf', AGENT);
    expect(await found('.')).toEqual(['b']);
  });
});

describe('a named folder', () => {
  test('that is a template is taken alone', async () => {
    write('t/main.tf', AGENT);
    write('t/examples/main.tf', AGENT);
    expect(await found('t')).toEqual(['t']);
  });

  test('that is a module of another is taken all the same', async () => {
    write('t/main.tf', `${AGENT}module "a" { source = "./a" }`);
    write('t/a/main.tf', AGENT);
    expect(await found('t/a')).toEqual(['t/a']);
  });

  test('of Terraform without Coder is searched, and is itself the answer when that finds nothing', async () => {
    write('infra/main.tf', 'resource "coderd_template" "t" {}');
    expect(await found('infra')).toEqual(['infra']);
    write('infra/templates/t/main.tf', AGENT);
    expect(await found('infra')).toEqual(['infra/templates/t']);
  });

  test('may be hidden', async () => {
    write('.hidden/a/main.tf', AGENT);
    expect(await found('.hidden')).toEqual(['.hidden/a']);
  });

  test('counts once however often and however it is named', async () => {
    write('t/main.tf', AGENT);
    link('same', 't');
    expect(await found('t', './t/', 'same', 't/main.tf', join(base, 't'), '.')).toEqual(['t']);
  });

  test('outside a repository bounds what may be read', async () => {
    rmSync(join(base, '.git'), { recursive: true });
    write('all/t/main.tf', AGENT);
    const { templates } = await discover(['all'], { cwd: base });
    expect(templates).toEqual([{ path: join(base, 'all/t'), boundary: join(base, 'all') }]);
  });

  test('outside a repository, the modules that a template calls may be read wherever they lie', async () => {
    rmSync(join(base, '.git'), { recursive: true });
    write('all/templates/t/main.tf', `${AGENT}module "m" {\n  source = "../../modules/m"\n}\n`);
    write('all/modules/m/main.tf', 'resource "coder_script" "x" {}');
    write('all/templates/u/main.tf', `${AGENT}module "m" {\n  source = "../../gone"\n}\n`);
    const { templates } = await discover(['all/templates/t', 'all/templates/u'], { cwd: base });
    expect(templates.map(({ boundary }) => boundary)).toEqual([
      join(base, 'all'),
      join(base, 'all/templates/u'),
    ]);
  });
});

describe('a named file', () => {
  test('means its template', async () => {
    write('t/main.tf', AGENT);
    write('t/variables.tf', '');
    write('t/build/Dockerfile', '');
    expect(await found('t/variables.tf')).toEqual(['t']);
    expect((await find('t/build/Dockerfile')).unmatched).toMatchObject([{ why: 'no-template' }]);
  });

  test('of a module means the highest caller above it', async () => {
    write('t/main.tf', `${AGENT}module "a" { source = "./modules/a" }`);
    write('t/modules/a/main.tf', `${AGENT}module "b" { source = "./b" }`);
    write('t/modules/a/b/main.tf', '');
    expect(await found('t/modules/a/b/main.tf')).toEqual(['t']);
  });

  test('of a module without a caller above means the module', async () => {
    write('t/main.tf', `${AGENT}module "m" { source = "../m" }`);
    write('m/main.tf', AGENT);
    expect(await found('m/main.tf')).toEqual(['m']);
  });

  test('that is a link belongs to the folder of the link', async () => {
    write('shared/main.tf', AGENT);
    link('t/main.tf', '../shared/main.tf');
    expect(await found('t/main.tf')).toEqual(['t']);
  });

  test('of other Terraform is part of no template', async () => {
    write('infra/main.tf', 'resource "aws_instance" "x" {}');
    expect(await find('infra/main.tf')).toEqual({
      found: [],
      unmatched: [
        { path: 'infra/main.tf', why: 'no-template', reason: expect.stringContaining('part of no template') },
      ],
    });
  });
});

describe('a path', () => {
  test.each(['-', '1e3', 'a b', '[x]', '*', '{a,b}', '!no', 'é', '--fix', '(a|b)'])(
    'named %j is literal',
    async (name) => {
      write(join(name, 'main.tf'), AGENT);
      write('a/main.tf', AGENT);
      write('x/main.tf', AGENT);
      expect(await found(name)).toEqual([name]);
      expect(await found(join(name, 'main.tf'))).toEqual([name]);
      expect(await found('.')).toEqual(['a', name, 'x'].sort());
    },
  );

  test('that is a pattern is expanded when nothing has its name', async () => {
    write('a/main.tf', AGENT);
    write('b/main.tf', AGENT);
    expect(await found('*')).toEqual(['a', 'b']);
    expect(await found('{a,c}/*.tf')).toEqual(['a']);
    expect((await find('c*')).unmatched).toMatchObject([{ path: 'c*', why: 'missing' }]);
  });

  test.each([
    ['', 'missing', 'empty'],
    ['none', 'missing', 'does not exist'],
    ['t/main.tf/x', 'missing', 'does not exist'],
    ['gone', 'missing', 'does not exist'],
    ['loop', 'unreadable', 'ELOOP'],
    ['pipe', 'unreadable', 'neither'],
    ['empty', 'no-template', 'holds no Terraform files'],
    ['tofu', 'no-template', '.tofu'],
    ['infra', 'no-template', 'none use the coder provider'],
  ])('%j is unmatched: %s', async (path, why, reason) => {
    write('t/main.tf', AGENT);
    write('empty/readme.md');
    write('tofu/a/main.tofu', AGENT);
    write('infra/a/main.tf', 'resource "aws_instance" "x" {}');
    link('gone', 'nowhere');
    link('loop', 'loop');
    execFileSync('mkfifo', [join(base, 'pipe')]);
    const result = await find(path, 't');
    expect(result).toEqual({
      found: ['t'],
      unmatched: [{ path, why, reason: expect.stringContaining(reason) }],
    });
  });
});

test('only a pattern loads the searching library', async () => {
  vi.doMock('fast-glob', () => {
    throw new Error('loaded');
  });
  write('t/main.tf', AGENT);
  expect(await found('.', 't', 't/main.tf')).toEqual(['t']);
  await expect(find('*')).rejects.toThrow();
  vi.doUnmock('fast-glob');
});
