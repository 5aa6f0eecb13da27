import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parse as judgeAlone } from '@cdktf/hcl2json';
import { readArguments } from './read-arguments.js';
import { buildSources, root } from './source-build.js';

/*
 * Measures how fast the program of dist/ and the library are, as ratios to something else on the same machine: what is
 * compared takes turns, and the medians of the ratios are printed. It never fails; a ratio over its limit is marked.
 */
const { values } = readArguments({
  options: {
    json: { type: 'string' },
    runs: { type: 'string', default: '15' },
    analyses: { type: 'string', default: '10000' },
  },
});
const runs = Number(values.runs);
const program = join(root, 'bin/tasks-lint.js');
const work = mkdtempSync(join(tmpdir(), 'tasks-lint-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const built = await buildSources({ index: 'src/index.ts' });
const { createAnalyzer } = await import(new URL('index.js', built));

const rows = [];
const template = templateOf(300, 0);
const folder = folderWith('one', { 'main.tf': template });
const EMPTY = ['-e', '0'];

section('whole process, against `node -e 0`');
ratio('--version', [program, '--version'], EMPTY, 1.7);
ratio('lint of one template of 300 lines', [program, 'lint', folder], EMPTY, 3);
ratio(
  'migrate against lint, the same template',
  [program, 'migrate', folder],
  [program, 'lint', folder],
  1.6,
);
startUp();

section('warm, in one process');
await warm();
await growth();
await memory();

section('throughput, 1,000 generated templates');
await throughput(1);
await throughput(2);

if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);

function section(title) {
  console.log(`\n${title}`);
}

function row(name, value, unit, limit = null) {
  rows.push({ name, value, unit, limit });
  const mark = limit !== null && value > limit ? '  <- over the limit' : '';
  const bound = limit === null ? '' : `  (limit ${limit})`;
  console.log(`  ${name.padEnd(52)} ${String(value).padStart(9)} ${unit}${bound}${mark}`);
}

/** Runs two commands in turns; exit codes of findings are no failures. */
function ratio(name, command, base, limit) {
  const pairs = [];
  for (let run = 0; run <= runs; run++) {
    const pair = [elapsed(command), elapsed(base)];
    // The first one fills the caches of the disk.
    if (run > 0) pairs.push(pair);
  }
  const value = median(pairs.map(([a, b]) => a / b));
  row(name, round(value), '×', limit);
  row('  in milliseconds', Math.round(median(pairs.map(([a]) => a))), 'ms');
}

function elapsed(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: work, encoding: 'utf8' });
  if (status === null || status > 1) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

/** What the milliseconds of a start go to: Node alone, loading the program, and working. */
function startUp() {
  const loader = JSON.stringify(new URL('compile-cache.cjs', import.meta.url).href);
  const load = `(await import(${loader})).default.loadProgram(${JSON.stringify(join(root, 'dist/cli.cjs'))})`;
  const phases = { node: [], load: [], work: [] };
  for (let run = 0; run < runs; run++) {
    const node = elapsed(EMPTY);
    const loaded = elapsed(['--input-type=module', '-e', load]);
    phases.node.push(node);
    phases.load.push(loaded - node);
    phases.work.push(elapsed([program, 'lint', folder]) - loaded);
  }
  for (const [phase, times] of Object.entries(phases))
    row(`start-up: ${phase}`, Math.round(median(times)), 'ms');
}

/** Analysing against HCL's own parser alone, the same files, turn by turn. */
async function warm() {
  const analyzer = await createAnalyzer({ judge: 'none' });
  const files = Array.from({ length: 20 }, (_, index) => ({ 'main.tf': templateOf(300, index) }));
  const ratios = [];
  for (let round = 0; round < 2 * runs; round++) {
    let start = performance.now();
    for (const each of files) await analyzer.analyze(each);
    const ours = performance.now() - start;
    start = performance.now();
    for (const each of files) await judgeAlone('main.tf', each['main.tf']);
    const theirs = performance.now() - start;
    // Both are compiled by then.
    if (round >= runs) ratios.push([ours / theirs, ours / files.length]);
  }
  row('analysis against @cdktf/hcl2json alone', round(median(ratios.map(([each]) => each))), '×', 0.6);
  row('  of 300 lines', round(median(ratios.map(([, time]) => time))), 'ms');
}

async function growth() {
  const analyzer = await createAnalyzer({ judge: 'none' });
  for (const kilobytes of [1, 4, 16, 64, 256, 1024]) {
    const text = textOf(kilobytes * 1024);
    const times = [];
    for (let run = 0; run < (kilobytes > 100 ? 5 : 25); run++) {
      const start = performance.now();
      await analyzer.analyze({ 'main.tf': text });
      times.push(performance.now() - start);
    }
    row(`analysis of ${kilobytes} kB`, Math.round((median(times) * 1e6) / text.length), 'ns/byte');
  }
}

/** Resident memory in a process that does nothing else. */
async function memory() {
  const script = `
    const { createAnalyzer } = await import(${JSON.stringify(new URL('index.js', built).href)});
    const analyzer = await createAnalyzer({ judge: 'none' });
    const files = { 'main.tf': ${JSON.stringify(template)} };
    const samples = [];
    for (let n = 1; n <= ${Number(values.analyses)}; n++) {
      await analyzer.analyze(files);
      if (n % ${Math.max(1, Math.round(Number(values.analyses) / 10))} === 0) samples.push(process.memoryUsage().rss);
    }
    console.log(JSON.stringify(samples));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const mebibytes = JSON.parse(text).map((bytes) => Math.round(bytes / 1024 / 1024));
  console.log(`  resident memory over ${values.analyses} analyses: ${mebibytes.join(', ')} MiB`);
  row('memory: the last against that after a tenth', round(mebibytes.at(-1) / mebibytes[0]), '×');
}

async function throughput(processes) {
  const parent = join(work, 'many');
  if (!existsSync(parent)) {
    for (let n = 0; n < 1000; n++) folderWith(`many/t${n}`, { 'main.tf': templateOf(60 + (n % 7) * 60, n) });
  }
  const globs = Array.from({ length: processes }, () => []);
  for (let n = 0; n < 1000; n++) globs[n % processes].push(`many/t${n}`);
  const start = performance.now();
  await Promise.all(
    globs.map(
      (paths) =>
        new Promise((resolve, reject) => {
          const child = spawn(process.execPath, [program, 'lint', '--format', 'json', ...paths], {
            cwd: work,
            stdio: ['ignore', 'ignore', 'inherit'],
          });
          child.on('exit', (code) => (code > 1 ? reject(new Error(`lint ended with ${code}`)) : resolve()));
        }),
    ),
  );
  const seconds = (performance.now() - start) / 1000;
  row(`${processes} ${processes === 1 ? 'process' : 'processes'}`, Math.round(1000 / seconds), 'templates/s');
}

function folderWith(name, files) {
  const path = join(work, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

function textOf(size) {
  let text = templateOf(60, 0);
  for (let n = 0; text.length < size; n++) text += filler(n);
  return `${text.slice(0, text.lastIndexOf('\n}\n', size) + 3)}`;
}

/** A valid Task template of about so many lines. */
function templateOf(lines, seed) {
  let text = `terraform {
  required_providers {
    coder = {
      source  = "coder/coder"
      version = ">= 2.13.0"
    }
  }
}

# Template ${seed}
data "coder_task" "me" {}
data "coder_workspace" "me" {}

data "coder_parameter" "region" {
  name        = "region"
  description = "Where the workspace runs."
  default     = "eu"
  option {
    name  = "Europe"
    value = "eu"
  }
}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
  env = {
    PROMPT = data.coder_task.me.prompt
  }
}

resource "coder_app" "agent" {
  agent_id = coder_agent.main.id
  slug     = "agent"
  url      = "http://localhost:3284"
  healthcheck {
    url       = "http://localhost:3284/status"
    interval  = 5
    threshold = 6
  }
}

resource "coder_ai_task" "task" {
  count  = data.coder_workspace.me.start_count
  app_id = coder_app.agent.id
}
`;
  for (let n = 0; text.split('\n').length < lines; n++) text += filler(n);
  return text;
}

function filler(n) {
  return `
resource "docker_image" "c${n}" {
  count    = data.coder_workspace.me.start_count
  image    = "codercom/enterprise-base:ubuntu"
  name     = "coder-\${data.coder_workspace.me.id}-${n}"
  hostname = lower("host-${n}")
  # Runs the agent.
  entrypoint = ["sh", "-c", replace(coder_agent.main.init_script, "/localhost/", "host.docker.internal")]
  env        = ["TOKEN=\${coder_agent.main.token}", "REGION=\${data.coder_parameter.region.value}"]
  labels = <<-EOT
    owner \${data.coder_workspace.me.id}
    number ${n}
  EOT
}
`;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function round(number) {
  return Math.round(number * 100) / 100;
}
