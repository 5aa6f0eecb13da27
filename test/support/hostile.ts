import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAPABLE, hostileFiles, hostileUploads, tar } from './hook-templates.ts';

export { CAPABLE, tar } from './hook-templates.ts';

/** The files of a template that is made to hurt, by path. */
export type HostileFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * Templates that cost more than they look: each is some kilobytes to a megabyte that no author writes and
 * that a careless program needs minutes or gigabytes for. Made when asked for, as they are too large to keep.
 */
export const HOSTILE_TEMPLATES: Readonly<Record<string, () => HostileFiles>> = {
  ...Object.fromEntries(Object.entries(hostileFiles()).map(([name, files]) => [name, () => files])),

  // Choices and instances.
  '200 choices that each gate a task': () => main(times(200, gatedTask)),
  '20 choices of 10 that one task hangs on': () => main(choicesOfOneTask(20, 10)),
  '200 choices behind one module each': () => ({
    'main.tf': times(
      200,
      (n) => `${boolean(n)}module "m${n}" {\n  source = "./m"\n  count  = ${chosen(n)}\n}\n`,
    ),
    'm/main.tf': 'resource "coder_ai_task" "t" {}\n',
  }),
  '3,000 tasks counted by one data source': () =>
    main(
      `data "coder_task" "me" {}\n${times(3000, (n) => `${task(n, 'data.coder_task.me.enabled ? 1 : 0')}`)}`,
    ),
  '3,000 tasks that count each other': () =>
    main(times(3000, (n) => task(n, `coder_ai_task.t${n + 1}.enabled ? 1 : 0`))),
  '3,000 tasks, apps and prompts': () =>
    main(`${CAPABLE}${times(3000, (n) => `${app(n)}${task(n, '1', `coder_app.a${n}.id`)}`)}`),
  '3,000 repeated tasks of repeated apps': () =>
    main(
      times(
        3000,
        (n) =>
          `resource "coder_app" "a${n}" {\n  count = 2\n}\n${task(n, 'data.coder_workspace.me.start_count', `coder_app.a${n}.id`)}`,
      ),
    ),
  '300 presets of 300 parameters': () =>
    main(
      `resource "coder_ai_task" "t" {}\n${times(300, (n) => `data "coder_parameter" "p${n}" {\n  name = "p${n}"\n}\n`)}${times(
        300,
        (n) =>
          `data "coder_workspace_preset" "s${n}" {\n  name       = "s${n}"\n  parameters = {\n${times(300, (m) => `    "p${m}" = "x"\n`)}  }\n}\n`,
      )}`,
    ),
  '2,000 presets that set nothing': () =>
    main(
      `resource "coder_ai_task" "t" {}\n${times(2000, (n) => `data "coder_parameter" "p${n}" {\n  name = "p${n}"\n}\n`)}${times(
        2000,
        (n) =>
          `data "coder_workspace_preset" "s${n}" {\n  name = "s${n}"\n  prebuilds {\n    instances = 1\n  }\n}\n`,
      )}`,
    ),
  'a parameter of 5,000 options': () =>
    main(
      `data "coder_parameter" "p" {\n  name = "p"\n${times(5000, (n) => `  option {\n    name  = "${n}"\n    value = "${n}"\n  }\n`)}}\n${task(0, 'data.coder_parameter.p.value == "4999" ? 2 : 0')}`,
    ),

  'a README of openings that nothing closes': () => ({
    'main.tf': CAPABLE,
    'README.md': '![[<<!--](- ['.repeat(100_000),
  }),

  // Many of the same.
  '20,000 empty resources': () =>
    main(times(20_000, (n) => `resource "null_resource" "r${n}" {\n  a = 1\n}\n`)),
  '60,000 empty blocks': () => main(times(60_000, (n) => `data "a" "b${n}" {}\n`)),
  '100,000 arguments': () => main(`locals {\n${times(100_000, (n) => `  a${n} = 1\n`)}}\n`),
  '50,000 elements': () => main(`locals {\n  a = [\n${times(50_000, (n) => `    { k = ${n} },\n`)}  ]\n}\n`),
  '20,000 nested blocks side by side': () =>
    main(`resource "a" "b" {\n${times(20_000, () => '  c {}\n')}}\n`),
  '10,000 blocks of one address': () => main(times(10_000, () => 'resource "coder_app" "a" {}\n')),
  '5,000 terraform blocks and an override': () => ({
    'main.tf': times(5000, () => 'terraform {}\n'),
    'override.tf': times(5000, () => 'terraform {\n  required_version = ">= 1"\n}\n'),
  }),
  '5,000 overrides of one block': () => ({
    'main.tf': `resource "a" "b" {\n${times(1000, (n) => `  k${n} = 1\n`)}}\n`,
    'override.tf': times(5000, (n) => `resource "a" "b" {\n  o${n} = 1\n}\n`),
  }),
  '2,000 files': () =>
    Object.fromEntries(range(2000).map((n) => [`f${n}.tf`, `resource "coder_app" "a${n}" {}\n`])),
  '3,000 findings': () =>
    main(
      times(
        3000,
        (n) => `resource "coder_ai_task" "t${n}" {\n  foo = 1\n  sidebar_app {\n    id = "x"\n  }\n}\n`,
      ),
    ),
  '5,000 unknown types': () =>
    main(times(5000, (n) => `data "coder_ai_task" "t${n}" {}\nresource "coder_x${n}" "y" {}\n`)),
  '3,000 agent modules': () =>
    main(
      `${CAPABLE}${times(3000, (n) => `module "m${n}" {\n  source   = "registry.coder.com/coder/claude-code/coder"\n  version  = "3.0.0"\n  agent_id = coder_agent.main.id\n}\n`)}`,
    ),
  '2,000 agent modules beside 3,000 variables': () =>
    main(
      `${times(2000, (n) => `module "m${n}" {\n  source  = "registry.coder.com/coder/claude-code/coder"\n  version = "4.9.2"\n}\n`)}${times(3000, (n) => `resource "coder_env" "e${n}" {\n  name  = "X${n}"\n  value = "v"\n}\n`)}`,
    ),
  'a preset of 15,000 unknown keys': () =>
    main(
      `data "coder_workspace_preset" "p" {\n  parameters = {\n${times(15_000, (n) => `    k${n} = "v"\n`)}  }\n}\n`,
    ),
  '5,000 "AI Prompt" parameters': () =>
    main(
      times(5000, (n) => `data "coder_parameter" "p${n}" {\n  name    = "AI Prompt"\n  default = ""\n}\n`),
    ),
  '3,000 unknown modules handed an agent': () =>
    main(
      `${CAPABLE}${times(3000, (n) => `module "m${n}" {\n  source = "example.com/a/b/c"\n  id     = coder_agent.main.id\n}\n`)}`,
    ),
  '3,000 unknown modules handed one chain of locals': () =>
    main(
      `${CAPABLE}locals {\n${times(500, (n) => `  l${n} = local.l${n + 1}\n`)}  l500 = 1\n}\n${times(3000, (n) => `module "m${n}" {\n  source = "example.com/a/b/c"\n  id     = local.l0\n}\n`)}`,
    ),

  // Expressions that grow.
  'three ranges in each other': () =>
    main(task(0, 'length([for a in range(1000): [for b in range(1000): [for c in range(1000): c]]])')),
  'a thousand ranges': () => main(times(1000, (n) => task(n, 'length([for a in range(1024): "x${a}"])'))),
  'a thousand products': () =>
    main(times(1000, (n) => task(n, 'length(setproduct(range(1000), range(1000), range(1000)))'))),
  'text that doubles 60 times': () => main(doubling(60, (d) => `"\${local.${d}}\${local.${d}}"`, '"x"')),
  'a list that doubles 60 times': () => main(doubling(60, (d) => `[local.${d}, local.${d}]`, '[1]')),
  'an object that doubles 60 times': () =>
    main(doubling(60, (d) => `{ a = local.${d}, b = local.${d} }`, '{}')),
  'a choice that doubles 60 times': () => main(doubling(60, (d) => `var.x ? local.${d} : local.${d}`, '1')),
  'an app that doubles 60 times': () =>
    main(
      `${doubling(60, (d) => `var.x ? local.${d} : local.${d}`, 'coder_app.a0.id')}${app(0)}${task(1, '1', 'local.d0')}`,
    ),
  'a diamond of 60 modules': () => ({
    'main.tf': `module "a" {\n  source = "./m0"\n}\nmodule "b" {\n  source = "./m0"\n}\n`,
    ...Object.fromEntries(
      range(60).map((n) => [
        `m${n}/main.tf`,
        `module "a" {\n  source = "../m${n + 1}"\n}\nmodule "b" {\n  source = "../m${n + 1}"\n}\nresource "coder_ai_task" "t" {}\n`,
      ]),
    ),
    'm60/main.tf': 'resource "coder_ai_task" "t" {}\n',
  }),
  '2,000 calls of one large module': () => ({
    'main.tf': times(2000, (n) => `module "m${n}" {\n  source = "./m"\n}\n`),
    'm/main.tf': times(500, (n) => `${app(n)}${task(n, '1', `coder_app.a${n}.id`)}`),
  }),
  'a prompt that passes 2,000 locals': () =>
    main(
      `${CAPABLE}locals {\n  l0 = data.coder_task.me.prompt\n${times(2000, (n) => `  l${n + 1} = "\${local.l${n}}\${local.l${n}}"\n`)}}\nresource "coder_env" "e" {\n  value = local.l2000\n}\n`,
    ),
  'an agent and a variable that pass 30,000 locals': () =>
    main(
      `${CAPABLE}resource "coder_agent" "far" {\n  os   = "linux"\n  arch = "amd64"\n}\nvariable "api_key" {\n  type = string\n}\nlocals {\n  a0 = coder_agent.far.init_script\n  v0 = var.api_key\n${times(30_000, (n) => `  a${n + 1} = local.a${n}\n  v${n + 1} = local.v${n}\n`)}}\noutput "key" {\n  value = local.v30000\n}\nresource "docker_container" "c" {\n  command = [local.a30000]\n}\n`,
    ),
  'a thousand operands': () => main(`locals {\n  a = ${'1 + '.repeat(2000)}1\n}\n`),
  'a thousand choices in a row': () =>
    main(
      `locals {\n  a = ${range(500)
        .map((n) => `var.a${n} ? 1 : `)
        .join('')}1\n}\n`,
    ),
  'a replacement that backtracks': () =>
    main(task(0, `length(replace("${'a'.repeat(5000)}!", "/^(a+)+$/", "")) > 0 ? 1 : 0`)),
  'a format of a huge width': () => main(task(0, 'length(format("%999999999d", 1))')),
  'a power that overflows': () => main(task(0, 'pow(10, 99999999)')),

  // Nesting.
  '5,000 nested parentheses': () => main(`locals {\n  a = ${'('.repeat(5000)}1${')'.repeat(5000)}\n}\n`),
  '5,000 nested calls': () => main(`locals {\n  a = ${'f('.repeat(5000)}1${')'.repeat(5000)}\n}\n`),
  '5,000 nested objects': () => main(`locals {\n  a = ${'{a='.repeat(5000)}1${'}'.repeat(5000)}\n}\n`),
  '5,000 nested choices': () =>
    main(`locals {\n  a = ${'true ? ('.repeat(5000)}1${') : 2'.repeat(5000)}\n}\n`),
  '5,000 negations': () => main(`locals {\n  a = ${'!'.repeat(5000)}true\n  b = ${'-'.repeat(5000)}1\n}\n`),
  '5,000 nested for': () => main(`locals {\n  a = ${'[for x in y : '.repeat(5000)}1${']'.repeat(5000)}\n}\n`),
  '5,000 nested directives': () =>
    main(`locals {\n  a = "${'%{if true}'.repeat(5000)}${'%{endif}'.repeat(5000)}"\n}\n`),
  '5,000 nested heredocs': () => main(`locals {\n${'  a = <<E\n${'.repeat(5000)}\n}\n`),
  '50,000 steps': () => main(`locals {\n  a = b${'.c'.repeat(50_000)}\n  d = e${'[0]'.repeat(50_000)}\n}\n`),
  '250 of everything in everything': () =>
    main(`locals {\n  a = ${'[{a = f("${('.repeat(60)}1${')}")}]'.repeat(60)}\n}\n`),

  // Text.
  'half a megabyte of one name': () => main(`${'a'.repeat(500_000)} = 1\n`),
  'half a megabyte of blanks': () => main(`a = 1${' '.repeat(500_000)}\n${'\n'.repeat(500_000)}`),
  'half a megabyte of digits': () =>
    main(`locals {\n  a = ${'9'.repeat(500_000)}\n}\nresource "coder_ai_task" "t" {\n  count = local.a\n}\n`),
  'half a megabyte of escapes': () => main(`locals {\n  a = "${'\\u00e9'.repeat(80_000)}"\n}\n`),
  'half a megabyte of dollars': () =>
    main(`locals {\n  a = "${'$'.repeat(250_000)}${'%%{'.repeat(80_000)}"\n}\n`),
  'a heredoc of 100,000 lines': () => main(`locals {\n  a = <<-E\n${'    x ${1} \n'.repeat(50_000)}  E\n}\n`),
  'a script of 10,000 prompts': () =>
    main(
      `${times(10_000, (n) => `data "coder_task" "t${n}" {}\n`)}resource "coder_script" "s" {\n  script = <<-E\n${times(10_000, (n) => `    echo \${data.coder_task.t${9999 - n}.prompt}\n`)}  E\n}\n`,
    ),
  'a heredoc trimmed everywhere': () =>
    main(`locals {\n  a = <<-E\n${`${' '.repeat(50)}\${~ 1 ~}${' '.repeat(50)}\n`.repeat(4000)}  E\n}\n`),
  'blanks before a trim': () =>
    main(`locals {\n  a = "${' '.repeat(200_000)}x${' '.repeat(200_000)}\${~ 1 ~}"\n}\n`),
  'comments only': () => main('# a\n'.repeat(100_000)),
  'an unclosed comment': () => main(`/*${' *'.repeat(300_000)}`),
  '30,000 suppressions': () =>
    main(
      times(
        30_000,
        (n) => `# tasks-lint-ignore task/app-id-missing\nresource "coder_ai_task" "t${n}" {}\n`,
      ).slice(0, 1_000_000),
    ),
  '900 suppressions and 3,000 findings': () =>
    main(
      `${times(900, (n) => `# tasks-lint-ignore task/app-id-missing, task/nosuch${n} -- why\nresource "coder_ai_task" "s${n}" {}\n`)}${times(3000, (n) => `resource "coder_ai_task" "t${n}" {}\n`)}`,
    ),
  'a suppression of 100,000 rules': () =>
    main(
      `# tasks-lint-ignore ${range(100_000)
        .map((n) => `a/b${n}`)
        .join(',')}\nresource "coder_ai_task" "t" {}\n`,
    ),
  'a suppression of blanks': () =>
    main(
      `# tasks-lint-ignore all${' '.repeat(200_000)}x${' -'.repeat(100_000)}\nresource "coder_ai_task" "t" {}\n`,
    ),
  'a version of 100,000 conditions': () =>
    main(
      `terraform {\n  required_providers {\n    coder = {\n      source  = "coder/coder"\n      version = "${'>= 1.0.0, '.repeat(100_000)}< 3"\n    }\n  }\n}\n${CAPABLE.slice(CAPABLE.indexOf('data'))}`,
    ),
  'versions of blanks and dots': () =>
    main(
      times(
        20,
        (n) =>
          `module "m${n}" {\n  source  = "registry.coder.com/coder/claude-code/coder"\n  version = ">= ${['0'.repeat(20_000), ' '.repeat(20_000), '1.'.repeat(20_000), '1-'.repeat(20_000)][n % 4]}x"\n}\n`,
      ),
    ),
  'sources of slashes, dots and colons': () =>
    main(
      times(
        40,
        (n) =>
          `module "m${n}" {\n  source = "${['/', '../', './/', 'git::', '?ref=', '@', ':', 'a.'][n % 8]?.repeat(8000)}"\n}\n`,
      ),
    ),
  'numbers that end as none': () =>
    main(
      `${task(0, `"${'0'.repeat(300_000)}x"`)}${task(1, `tonumber("${'9'.repeat(300_000)}e")`)}data "coder_parameter" "p" {\n  name    = "p"\n  type    = "number"\n  default = "${'0'.repeat(300_000)}x"\n}\n`,
    ),
  'blanks beside what a fix takes out': () =>
    main(
      `${CAPABLE}data "coder_workspace_preset" "s" {\n  name       = "s"\n  parameters = { "AI Prompt" = "x"${' '.repeat(300_000)} }\n}\n${times(2, (n) => `data "coder_workspace_preset" "t${n}" {\n  name       = "t"\n  parameters = {\n    "AI Prompt"    = "x"\n    "a${' '.repeat(150_000)}b" = "y"\n  }\n}\n`)}`,
    ),
  'blanks in schedules, settings and versions': () =>
    main(
      `${CAPABLE}resource "coder_script" "s" {\n  cron = "@a${' '.repeat(300_000)}\\n!"\n}\nmodule "codex" {\n  source           = "registry.coder.com/coder-labs/codex/coder"\n  base_config_toml = "${'\\n'.repeat(150_000)}"\n}\n${times(300, (n) => `module "v${n}" {\n  source  = "registry.coder.com/coder/claude-code/coder"\n  version = "${' '.repeat(990)}x"\n}\n`)}`,
    ),
  'sources of dots and of one long path': () =>
    main(
      times(
        4,
        (n) =>
          `module "m${n}" {\n  source = "${['.', 'git@', 'github.com/a/b\\n/', '0.'][n]?.repeat(60_000)}x"\n}\n`,
      ),
    ),

  // Unicode and names.
  'escapes of surrogates': () => main(`locals {\n  a = "${'\\ud800'.repeat(20_000)}"\n}\n`),
  '100,000 combining marks': () => main(`locals {\n  a = "e${'\u0301'.repeat(100_000)}" }\n}}\n`),
  'names from the prototype': () =>
    main(
      [
        'locals {\n  __proto__ = { polluted = true }\n  constructor = local.__proto__\n  toString = { "__proto__" = 1 }\n}',
        'variable "__proto__" {}\noutput "constructor" {\n  value = local.hasOwnProperty\n}',
        'module "__proto__" {\n  source = "./__proto__"\n  __proto__ = 1\n}',
        'resource "__proto__" "constructor" {\n  __proto__ = 1\n}\nresource "coder_ai_task" "__proto__" {\n  count = local.toString.__proto__\n}',
        'data "coder_parameter" "p" {\n  name = "__proto__"\n}\ndata "coder_workspace_preset" "s" {\n  name = "s"\n  parameters = { __proto__ = "x", constructor = "y" }\n}',
        'constructor "x" {}\n__proto__ {}\ntoString = 1',
      ].join('\n\n'),
    ),
  'names from the prototype in JSON': () => ({
    'main.tf.json':
      '{"__proto__": {"coder_ai_task": {"t": {}}}, "resource": {"__proto__": {"constructor": {}}, "coder_ai_task": {"__proto__": {"count": "${local.__proto__}"}}}, "locals": {"__proto__": {"polluted": true}}, "constructor": [], "toString": 1}',
  }),

  // JSON.
  'JSON cut short': () => ({ 'main.tf.json': `{"resource": {"coder_ai_task": {"t": ${'['.repeat(1000)}` }),
  'JSON of 20,000 tasks': () => ({
    'main.tf.json': JSON.stringify({
      resource: {
        coder_ai_task: Object.fromEntries(range(20_000).map((n) => [`t${n}`, { count: `\${var.a${n}}` }])),
      },
    }),
  }),
  'JSON of 20,000 comments': () => ({
    'main.tf.json': JSON.stringify({
      locals: range(20_000).map((n) => ({ '//': 'tasks-lint-ignore all', [`a${n}`]: 1 })),
    }),
  }),
  'a JSON string of half a megabyte': () => ({
    'main.tf.json': JSON.stringify({ locals: { a: '${'.repeat(100_000), b: '%{if true}'.repeat(30_000) } }),
  }),

  // What Terraform leaves behind.
  'a module manifest of 50,000 entries': () => ({
    'main.tf': `${CAPABLE}${times(500, (n) => `module "m${n}" {\n  source = "a/b/c"\n}\n`)}`,
    '.terraform/modules/modules.json': JSON.stringify({
      Modules: range(50_000).map((n) => ({
        Key: `m${n}`,
        Source: 'a/b/c',
        Version: '1.0.0',
        Dir: `.terraform/modules/m${n}`,
      })),
    }),
  }),
  'a module manifest of long keys': () => ({
    'main.tf': CAPABLE,
    '.terraform/modules/modules.json': JSON.stringify({
      Modules: [{ Key: 'a.'.repeat(500_000), Dir: '../'.repeat(100_000) }],
    }),
  }),
  'a lock file of 10,000 providers': () => ({
    'main.tf': CAPABLE,
    '.terraform.lock.hcl': times(
      10_000,
      (n) => `provider "registry.terraform.io/a/p${n}" {\n  version = "1.0.0"\n}\n`,
    ),
  }),
  'a lock file that is none': () => ({ 'main.tf': CAPABLE, '.terraform.lock.hcl': '{'.repeat(500_000) }),
};

/** The hostile templates that are small enough to keep, read from fixtures/hostile/. */
export function hostileFixtures(folder: string): Record<string, () => HostileFiles> {
  const templates = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Object.fromEntries(
    templates.map(({ name }) => [
      name.replaceAll('-', ' '),
      () => {
        const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
        return Object.fromEntries(
          files
            .filter((file) => file.isFile())
            .map((file) => {
              const path = join(file.parentPath, file.name);
              return [path.slice(join(folder, name).length + 1), readFileSync(path)];
            }),
        );
      },
    ]),
  );
}

/** Archives that are made to hurt: bombs, lies, what is cut short, and names that lead elsewhere. */
export async function hostileArchives(folder: string): Promise<Record<string, Uint8Array>> {
  const names = readFileSync(join(folder, 'paths.txt'), 'utf8').trimEnd().split('\n');
  return {
    ...(await hostileUploads()),
    'a tar of names that lead elsewhere': await tar(
      Object.fromEntries([...names, 'main.tf'].map((name) => [name, CAPABLE])),
    ),
  };
}

function main(text: string): HostileFiles {
  return { 'main.tf': text };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function times(count: number, text: (n: number) => string): string {
  return range(count).map(text).join('');
}

function task(n: number, count: string, app?: string): string {
  return `resource "coder_ai_task" "t${n}" {\n  count = ${count}\n${app === undefined ? '' : `  app_id = ${app}\n`}}\n`;
}

function app(n: number): string {
  return `resource "coder_app" "a${n}" {\n  slug = "a${n}"\n}\n`;
}

function boolean(n: number): string {
  return `data "coder_parameter" "p${n}" {\n  name    = "p${n}"\n  type    = "bool"\n  default = "false"\n}\n`;
}

function chosen(n: number): string {
  return `data.coder_parameter.p${n}.value == "true" ? 1 : 0`;
}

function gatedTask(n: number): string {
  return `${boolean(n)}${task(n, chosen(n))}`;
}

function choicesOfOneTask(parameters: number, options: number): string {
  const blocks = times(
    parameters,
    (n) =>
      `data "coder_parameter" "p${n}" {\n  name    = "p${n}"\n  default = "0"\n${times(options, (m) => `  option {\n    name  = "${m}"\n    value = "${m}"\n  }\n`)}}\n`,
  );
  const sum = range(parameters)
    .map((n) => `(data.coder_parameter.p${n}.value == "${options - 1}" ? 1 : 0)`)
    .join(' + ');
  return `${blocks}${task(0, sum)}`;
}

/** Locals of which each is made of the next one, twice; the count of a task hangs on the first. */
function doubling(depth: number, next: (name: string) => string, last: string): string {
  const locals = times(depth, (n) => `  d${n} = ${next(`d${n + 1}`)}\n`);
  return `variable "x" {}\nlocals {\n${locals}  d${depth} = ${last}\n}\n${task(0, 'local.d0 == 1 ? 1 : 0')}`;
}
