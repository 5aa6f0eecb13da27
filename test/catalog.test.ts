import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CatalogArguments, runCatalog } from '../src/cli/catalog.ts';
import { UsageError } from '../src/cli/environment.ts';
import { buildCatalog } from '../src/coder/catalog/build.ts';
import {
  admittedMajors,
  type Catalog,
  factsOf,
  type ModuleFacts,
  resolveVersion,
  tasksMode,
} from '../src/coder/catalog/catalog.ts';
import { CatalogFileError, parseCatalog, readCatalog, writeCatalog } from '../src/coder/catalog/file.ts';
import { findCatalogModule, parseModuleSource } from '../src/coder/module-source.ts';
import { parser } from './support/hcl.ts';

const ORIGIN: Pick<Catalog, 'generatedFrom' | 'hosts' | 'layout'> = {
  generatedFrom: { repository: 'git.acme.example/modules', commit: 'c0ffee', tags: 2 },
  hosts: ['registry.acme.example', 'git.acme.example/modules'],
  layout: {
    tag: 'release/{namespace}/{module}/v{version}',
    path: '{namespace}/{module}',
    namespace: null,
    module: null,
  },
};

type Releases = Record<string, string | Record<string, string>>;

/** Builds from `{'acme/agent 1.0.0': text of main.tf or files}`. */
function build(releases: Releases) {
  const list = Object.entries(releases).map(([name, files]) => {
    const [id = '', version = ''] = name.split(' ');
    return {
      id,
      version,
      files: new Map(Object.entries(typeof files === 'string' ? { 'main.tf': files } : files)),
    };
  });
  return buildCatalog(list, ORIGIN, (file) => parser.parse(file));
}

function factsIn(releases: Releases, id = 'acme/agent', version = '1.0.0'): ModuleFacts {
  const module = build(releases).catalog.modules[id];
  const facts = module && factsOf(module, version);
  if (!facts) throw new Error(`no facts of ${id} ${version}`);
  return facts;
}

function factsFrom(main: string): ModuleFacts {
  return factsIn({ 'acme/agent 1.0.0': main });
}

describe('facts of one module', () => {
  test('inputs: required, literal defaults, types, sensitive', () => {
    const { inputs } = factsFrom(`
      variable "a" {}
      variable "b" {
        type    = string
        default = null
      }
      variable "c" {
        type = object({
          name = string # the name
          tags = optional(map(string), {})
        })
        default   = { name = "x", tags = { n = 1 } }
        sensitive = true
      }
      variable "d" {
        type    = list(number)
        default = [1, 2.5]
      }
      variable "e" {
        default = <<-EOT
          a long
          text
        EOT
      }
      variable "f" { default = ["\${timestamp()}"] }
    `);
    expect(inputs).toEqual({
      a: { required: true },
      b: { required: false, default: null, type: 'string' },
      c: {
        required: false,
        default: { name: 'x', tags: { n: 1 } },
        sensitive: true,
        type: 'object({ name = string, tags = optional(map(string), {}) })',
      },
      d: { required: false, default: [1, 2.5], type: 'list(number)' },
      e: { required: false },
      f: { required: false },
    });
  });

  test('the prompt input, outputs, versions and the task data', () => {
    const facts = factsFrom(`
      terraform {
        required_version = ">= 1.9"
        required_providers {
          coder = {
            source  = "coder/coder"
            version = ">= 2.12, < 3.0"
          }
          docker = { source = "kreuzwerker/docker", version = "3.0" }
        }
      }
      variable "task_prompt" { default = "" }
      variable "ai_prompt" { default = "" }
      data "coder_task" "me" {}
      output "task_app_id" { value = "" }
      output "scripts" { value = [] }
    `);
    expect(facts).toMatchObject({
      promptInput: 'ai_prompt',
      outputs: ['scripts', 'task_app_id'],
      provider: ['>= 2.12, < 3.0'],
      terraform: '>= 1.9',
      readsTaskData: true,
    });
    expect(tasksMode(facts)).toBe('exports-app-id');
  });

  test('a module that brings its own task and prompt parameter', () => {
    const facts = factsFrom(`
      data "coder_parameter" "prompt" { name = "AI Prompt" }
      data "coder_parameter" "other" { name = "AI prompt" }
      resource "coder_ai_task" "old" {
        count = 1
        sidebar_app { id = coder_app.web.id }
      }
      resource "coder_ai_task" "new" { app_id = coder_app.web.id }
    `);
    expect(facts.promptParameters).toEqual(['data.coder_parameter.prompt']);
    expect(facts.definesTask).toEqual([
      { address: 'coder_ai_task.new', sidebarApp: false, appId: true, counted: false },
      { address: 'coder_ai_task.old', sidebarApp: true, appId: false, counted: true },
    ]);
    expect(tasksMode(facts)).toBe('defines-task');
  });

  test('slugs and environment names that hold for every call, and those that do not', () => {
    const facts = factsFrom(`
      variable "slug" { default = "chosen" }
      variable "cli" { default = false }
      variable "web" { default = true }
      locals { base = "agent" }
      data "coder_task" "me" {}
      resource "coder_app" "web" {
        count = var.web || data.coder_task.me.enabled ? 1 : 0
        slug  = local.base
      }
      resource "coder_app" "cli" {
        count = var.cli ? 1 : 0
        slug  = "\${local.base}-cli"
      }
      resource "coder_app" "own" { slug = var.slug }
      resource "coder_app" "either" { slug = var.cli ? "one" : "two" }
      resource "coder_app" "each" {
        for_each = toset(["x"])
        slug     = each.key
      }
      resource "coder_env" "always" { name = "ALWAYS" }
      resource "coder_env" "asked" {
        count = var.slug != "chosen" ? 1 : 0
        name  = "ASKED"
      }
      resource "coder_env" "planned" {
        count = data.coder_task.me.enabled ? 1 : 0
        name  = "PLANNED"
      }
    `);
    expect(facts).toMatchObject({
      appSlugs: ['agent'],
      optionalAppSlugs: ['agent-cli', 'one', 'two'],
      envNames: ['ALWAYS'],
      optionalEnvNames: ['ASKED', 'PLANNED'],
    });
  });
});

describe('modules inside a module', () => {
  const AGENTAPI = {
    'acme/agentapi 1.0.0': `
      terraform {
        required_version = ">= 1.0"
        required_providers { coder = { source = "coder/coder", version = ">= 2.7" } }
      }
      variable "slug" {}
      variable "cli_slug" { default = null }
      variable "cli" { default = false }
      resource "coder_app" "web" { slug = var.slug }
      resource "coder_app" "cli" {
        count = var.cli ? 1 : 0
        slug  = var.cli_slug
      }
      resource "coder_ai_task" "agentapi" { sidebar_app { id = coder_app.web.id } }
    `,
    'acme/agentapi 1.2.0': `
      terraform { required_providers { coder = { source = "coder/coder", version = ">= 2.9" } } }
      variable "slug" {}
      variable "cli_slug" { default = null }
      variable "cli" { default = false }
      resource "coder_app" "web" { slug = var.slug }
      resource "coder_ai_task" "newer" { sidebar_app { id = coder_app.web.id } }
    `,
    'acme/agentapi 2.0.0': 'output "task_app_id" { value = "" }',
  };
  const call = (version: string, more = '') => `
    terraform {
      required_version = ">= 1.9"
      required_providers { coder = { source = "coder/coder", version = ">= 2.5" } }
    }
    variable "cli" { default = false }
    locals { slug = "agent" }
    module "agentapi" {
      source   = "registry.acme.example/acme/agentapi/coder"
      version  = "${version}"
      slug     = local.slug
      cli      = var.cli
      cli_slug = var.cli ? "\${local.slug}-cli" : null
      ${more}
    }
  `;

  test('bring what they define, seen with the inputs that they get', () => {
    const facts = factsIn({ ...AGENTAPI, 'acme/agent 1.0.0': call('1.0.0') });
    expect(facts).toMatchObject({
      definesTask: [
        { address: 'module.agentapi.coder_ai_task.agentapi', sidebarApp: true, appId: false, counted: false },
      ],
      appSlugs: ['agent'],
      optionalAppSlugs: ['agent-cli'],
      provider: ['>= 2.5', '>= 2.7'],
      terraform: '>= 1.9',
      modules: [{ name: 'agentapi', source: 'registry.acme.example/acme/agentapi/coder', version: '1.0.0' }],
      unresolved: [],
    });
  });

  test('are taken in the newest version that the constraint admits', () => {
    const facts = factsIn({ ...AGENTAPI, 'acme/agent 1.0.0': call('~> 1.0') });
    expect(facts.definesTask.map(({ address }) => address)).toEqual(['module.agentapi.coder_ai_task.newer']);
    expect(facts.provider).toEqual(['>= 2.5', '>= 2.9']);
  });

  test('count for the tasks inside them', () => {
    const facts = factsIn({ ...AGENTAPI, 'acme/agent 1.0.0': call('1.0.0', 'count = var.cli ? 1 : 0') });
    expect(facts.definesTask[0]?.counted).toBe(true);
    expect(facts).toMatchObject({ appSlugs: [], optionalAppSlugs: ['agent', 'agent-cli'] });
  });

  test('are local folders too', () => {
    const facts = factsIn({
      'acme/agent 1.0.0': {
        'main.tf': 'module "task" { source = "./modules/task" }',
        'modules/task/main.tf': 'module "inner" { source = "../inner" }',
        'modules/inner/main.tf': 'resource "coder_ai_task" "me" { app_id = "" }',
      },
    });
    expect(facts.definesTask[0]?.address).toBe('module.task.module.inner.coder_ai_task.me');
    expect(facts.unresolved).toEqual([]);
  });

  test('that cannot be seen into leave the module open', () => {
    const facts = factsIn({
      ...AGENTAPI,
      'acme/agent 1.0.0': `
        module "elsewhere" { source = "registry.other.example/acme/agentapi/coder" }
        module "missing" { source = "./missing" }
        module "outside" { source = "../agentapi" }
        module "none" {
          source  = "registry.acme.example/acme/agentapi/coder"
          version = "9.0.0"
        }
        module "computed" { source = var.source }
      `,
    });
    expect(facts.unresolved).toEqual([
      'module.computed',
      'module.elsewhere',
      'module.missing',
      'module.none',
      'module.outside',
    ]);
    expect(tasksMode(facts)).toBe('unknown');
  });

  test('that call themselves end', () => {
    const facts = factsIn({ 'acme/agent 1.0.0': 'module "me" { source = "./" }' });
    expect(tasksMode(facts)).toBe('unknown');
  });
});

describe('releases', () => {
  const releases = {
    'acme/agent 1.10.0': 'output "task_app_id" { value = "" }',
    'acme/agent 1.9.0': 'output "a" { value = "" }',
    'acme/agent 1.2.0': '# no fact changed\noutput "a" { value = "" }',
    'acme/agent 2.0.0-rc.1': 'output "b" { value = "" }',
  };

  test('stand in the order of versions and share equal facts', () => {
    const module = build(releases).catalog.modules['acme/agent'];
    expect(module?.releases).toEqual([
      { version: '1.2.0', facts: 0 },
      { version: '1.9.0', facts: 0 },
      { version: '1.10.0', facts: 1 },
      { version: '2.0.0-rc.1', facts: 2 },
    ]);
  });

  test('are chosen as Terraform chooses', () => {
    const module = build(releases).catalog.modules['acme/agent'];
    if (module === undefined) throw new Error('no module');
    expect(resolveVersion(module, null)).toBe('1.10.0');
    expect(resolveVersion(module, '< 1.10')).toBe('1.9.0');
    expect(resolveVersion(module, '2.0.0-rc.1')).toBe('2.0.0-rc.1');
    expect(resolveVersion(module, '> 1.10')).toBeNull();
    expect(resolveVersion(module, 'latest')).toBeNull();
    expect(admittedMajors(module, '>= 1.0')).toEqual([1]);
  });

  test('that cannot be read are told, and left open', () => {
    const { catalog, problems } = build({ 'acme/agent 1.0.0': 'output "a" {\n  value = = 1\n}\n' });
    expect(problems).toMatchObject([{ id: 'acme/agent', version: '1.0.0', path: 'main.tf' }]);
    expect(catalog.modules['acme/agent']?.facts[0]?.unresolved).toEqual(['.']);
  });
});

describe('the catalogue file', () => {
  test('says what was built', () => {
    const { catalog } = build({
      'acme/agent 1.0.0': 'variable "a" {}\nvariable "b" { default = 1 }\nresource "coder_ai_task" "a" {}',
      'acme/agent 1.1.0': 'variable "a" { sensitive = true }\nvariable "c" { type = string }',
      'acme/other 0.1.0': 'variable "__proto__" {}',
    });
    const text = writeCatalog(catalog);
    expect(parseCatalog(text)).toEqual(catalog);
    expect(Object.keys(parseCatalog(text).modules['acme/other']?.facts[0]?.inputs ?? {})).toEqual([
      '__proto__',
    ]);
  });

  const FILE = { formatVersion: 1, ...ORIGIN, modules: {} };
  const module = (part: object) => ({
    ...FILE,
    modules: { 'acme/agent': { releases: [], facts: [], ...part } },
  });

  test.each<[json: unknown, message: string]>([
    [null, 'the file must be an object, found null'],
    [[], 'the file must be an object, found []'],
    [{}, 'formatVersion must be 1, found nothing; build the catalogue again with `tasks-lint catalog`'],
    [
      { ...FILE, formatVersion: 2 },
      'formatVersion must be 1, found 2; build the catalogue again with `tasks-lint catalog`',
    ],
    [{ ...FILE, hosts: 'acme' }, 'hosts must be a list, found "acme"'],
    [{ ...FILE, hosts: [1] }, 'hosts[0] must be a string, found 1'],
    [{ ...FILE, layout: undefined }, 'layout must be an object, found nothing'],
    [
      { ...FILE, generatedFrom: { repository: '', commit: '', tags: -1 } },
      'generatedFrom.tags must be a number, found -1',
    ],
    [{ ...FILE, modules: [] }, 'modules must be an object, found []'],
    [{ ...FILE, modules: { 'a/b': 1 } }, 'modules["a/b"] must be an object, found 1'],
    [
      module({ releases: [['1.0', 0]] }),
      'modules["acme/agent"].releases[0] must be a release, found ["1.0",0]',
    ],
    [module({ releases: ['1.0.0'] }), 'modules["acme/agent"].releases[0] must be a release, found "1.0.0"'],
    [
      module({ releases: [['1.0.0', 1]], facts: [{}] }),
      'modules["acme/agent"].releases[0] must be a release with an entry of facts, found ["1.0.0",1]',
    ],
    [
      module({
        releases: [
          ['1.1.0', 0],
          ['1.0.0', 0],
        ],
        facts: [{}],
      }),
      'modules["acme/agent"].releases must go from old to new, but 1.1.0 stands before 1.0.0',
    ],
    [
      module({ facts: [{ outputs: 'x' }] }),
      'modules["acme/agent"].facts[0].outputs must be a list, found "x"',
    ],
    [
      module({ facts: [{ definesTask: [{}] }] }),
      'modules["acme/agent"].facts[0].definesTask[0].address must be a string, found nothing',
    ],
    [
      module({ facts: [{ inputs: { a: { required: 1 } } }] }),
      'modules["acme/agent"].facts[0].inputs.a.required must be true or false, found 1',
    ],
    [
      module({ facts: [{ terraform: 1.9 }] }),
      'modules["acme/agent"].facts[0].terraform must be a string, found 1.9',
    ],
  ])('$1', (json, message) => {
    expect(() => readCatalog(json)).toThrow(new CatalogFileError(message));
  });

  test('that is no JSON is refused', () => {
    expect(() => parseCatalog('{')).toThrow(/^it is no JSON: /);
  });
});

describe('tasks-lint catalog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tasks-lint-catalog-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function git(repository: string, ...args: string[]): void {
    const identity = [
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@t',
      '-c',
      'commit.gpgsign=false',
      '-c',
      'tag.gpgsign=false',
    ];
    execFileSync('git', ['-C', repository, ...identity, ...args], { stdio: 'pipe' });
  }

  function repository(name: string): string {
    const path = join(folder, name);
    mkdirSync(path);
    git(path, 'init', '--quiet', '--initial-branch=main');
    return path;
  }

  function commit(repository: string, files: Record<string, string>, tag: string): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    git(repository, 'add', '.');
    git(repository, 'commit', '--quiet', '-m', tag);
    git(repository, 'tag', '-a', '-m', tag, tag);
  }

  async function run(args: CatalogArguments) {
    const out: string[] = [];
    const said: string[] = [];
    const code = await runCatalog(args, {
      cwd: folder,
      env: {},
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => said.push(text) },
    });
    return { code, out: out.join(''), said: said.join('') };
  }

  test('reads a registry laid out as Coder does it, from a bare clone as well', async () => {
    const path = repository('coder');
    const main = 'registry/acme/modules/agent/main.tf';
    commit(path, { [main]: 'resource "coder_ai_task" "t" {}' }, 'release/acme/agent/v1.0.0');
    commit(
      path,
      {
        [main]: 'module "task" { source = "./task" }\noutput "task_app_id" { value = "" }',
        'registry/acme/modules/agent/task/main.tf': 'data "coder_parameter" "p" { name = "AI Prompt" }',
        'registry/acme/modules/agent/README.md': '# Agent',
      },
      'release/acme/agent/v2.0.0',
    );
    git(path, 'tag', 'release/acme/agent/not-a-version');
    git(path, 'tag', 'release/acme/nowhere/v1.0.0');
    git(path, 'tag', 'v1.0.0');
    git(path, 'remote', 'add', 'origin', 'https://user:secret@git.acme.example/modules.git');

    const { code, out, said } = await run({ clone: path, host: ['registry.acme.example'] });
    expect({ code, said }).toEqual({ code: 0, said: '1 modules, 2 releases from 3 tags.\n' });
    const catalog = parseCatalog(out);
    expect(catalog.hosts).toEqual(['registry.acme.example', 'git.acme.example/modules']);
    expect(catalog.generatedFrom.repository).toBe('git.acme.example/modules');
    const find = (source: string) => findCatalogModule(parseModuleSource(source), null, [catalog]);
    expect(find('registry.acme.example/acme/agent/coder')?.facts).toMatchObject({
      outputs: ['task_app_id'],
      promptParameters: ['module.task.data.coder_parameter.p'],
    });
    const tag =
      'git::https://git.acme.example/modules.git//registry/acme/modules/agent?ref=release/acme/agent/v1.0.0';
    expect(find(tag)?.facts?.definesTask).toHaveLength(1);

    // Inside a git hook this variable points git at the hook's repository.
    process.env.GIT_DIR = join(folder, 'elsewhere');
    expect((await run({ clone: path, host: ['registry.acme.example'] })).out).toBe(out);
    delete process.env.GIT_DIR;

    const bare = join(folder, 'coder.git');
    git(folder, 'clone', '--quiet', '--bare', path, bare);
    const output = join(folder, 'catalog.json');
    const again = await run({
      clone: bare,
      host: ['registry.acme.example'],
      repository: 'ssh://git@git.acme.example/modules.git',
      output,
    });
    expect(again.code).toBe(0);
    expect(again.out).toBe('');
    expect(parseCatalog(readFileSync(output, 'utf8')).modules).toEqual(catalog.modules);
  });

  test('reads a registry whose tags release all modules of a folder', async () => {
    const path = repository('platform');
    commit(
      path,
      {
        'modules/agent/main.tf': 'output "task_app_id" { value = "" }',
        'modules/base/main.tf': 'output "id" { value = "" }',
        'modules/docs/README.md': '',
      },
      'v1.0.0',
    );
    const { code, out } = await run({
      clone: path,
      tagPattern: 'v{version}',
      pathPattern: 'modules/{module}/',
      namespace: 'acme',
      repository: 'git@git.acme.example:platform/modules.git',
    });
    expect(code).toBe(0);
    const catalog = parseCatalog(out);
    expect(Object.keys(catalog.modules)).toEqual(['acme/agent', 'acme/base']);
    const source = 'git::ssh://git@git.acme.example/platform/modules.git//modules/agent?ref=v1.0.0';
    expect(findCatalogModule(parseModuleSource(source), null, [catalog])?.resolved).toBe('1.0.0');
  });

  test('reads a repository that is one module', async () => {
    const path = repository('single');
    commit(path, { 'main.tf.json': '{"output": {"task_app_id": {"value": ""}}}' }, '1.0.0');
    const { code, out } = await run({
      clone: path,
      tagPattern: '{version}',
      pathPattern: '',
      namespace: 'acme',
      module: 'agent',
      host: ['registry.acme.example'],
    });
    expect(code).toBe(0);
    const { modules } = parseCatalog(out);
    expect(Object.keys(modules)).toEqual(['acme/agent']);
    expect(modules['acme/agent']?.facts[0]?.outputs).toEqual(['task_app_id']);
  });

  test('says what is wrong with the clone or the options', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const path = repository('tagless');
    commit(path, { 'main.tf': '' }, 'v1.0.0');
    const cases: [CatalogArguments, RegExp][] = [
      [{ clone: join(folder, 'missing') }, /^\S+missing is not a git clone \(.+\)$/],
      [{ clone: 'empty' }, /^empty is not a git clone \(.+\)$/],
      [{ clone: path }, /has no tag like release\/\{namespace\}\/\{module\}\/v\{version\}; fetch the tags/],
      [
        { clone: path, tagPattern: 'v{version}', namespace: 'a', module: 'b' },
        /^No tag of \S+ has Terraform files in registry/,
      ],
      [{ clone: path, tagPattern: 'latest' }, /^--tag-pattern must hold \{version\}/],
      [{ clone: path, tagPattern: '{version}-{version}' }, /^--tag-pattern may hold \{version\} only once/],
      [
        { clone: path, tagPattern: 'v{version}', pathPattern: '' },
        /^Neither pattern holds \{namespace\}; name it with --namespace/,
      ],
      [
        { clone: path, tagPattern: 'v{version}', pathPattern: '', namespace: 'a', module: 'b' },
        /has no remote; name the registry's host with --host/,
      ],
      [
        {
          clone: path,
          tagPattern: 'v{version}',
          pathPattern: '',
          namespace: 'a',
          module: 'b',
          host: ['h.example'],
          output: join(folder, 'no', 'such', 'folder.json'),
        },
        /folder\.json cannot be written: no such file or directory$/,
      ],
    ];
    for (const [args, message] of cases) {
      const failure = await run(args).catch((error) => error);
      expect(failure).toBeInstanceOf(UsageError);
      expect(failure.message).toMatch(message);
    }
  });
});
