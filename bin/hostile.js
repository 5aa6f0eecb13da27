import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { readArguments } from './read-arguments.js';
import { buildSources, root } from './source-build.js';

/*
 * Analyses every template and archive of the hostile corpus through the library and through the import hook, each in a
 * process of its own, and prints what it cost, with the slowest of the report's formats and the hook's answer. It fails
 * when a case is over a limit, or when the hook does not serve the upload behind it. The arguments are parts of names.
 */
const LIMITS = { milliseconds: 2000, mebibytes: 512 };
/** After this a case is ended; it has failed long before. */
const PATIENCE = 30_000;
const HEADERS = { 'content-type': 'application/x-tar' };

const FIXTURES = join(root, 'fixtures/hostile');
const WAYS = { library: measureLibrary, hook: measureHook };

const { HOSTILE_FOLDER: folder, HOSTILE_CASE: name, HOSTILE_WAY: way } = process.env;
if (folder !== undefined && name !== undefined) process.send(await WAYS[way](new URL(folder), name));
else await runAll(readArguments({ allowPositionals: true }).positionals);

async function runAll(parts) {
  const built = await buildSources({
    index: 'src/index.ts',
    hook: 'src/hook/handler.ts',
    worker: 'src/hook/worker.ts',
    hostile: 'test/support/hostile.ts',
  });
  const { hostileArchives } = await import(new URL('hostile.js', built));
  const archives = await hostileArchives(FIXTURES);
  // Making a bomb takes more memory than refusing it may.
  for (const [each, bytes] of Object.entries(archives)) writeFileSync(archiveFile(built, each), bytes);
  const names = [...Object.keys(await templatesIn(built)), ...Object.keys(archives)];
  const wanted = names.filter((each) => parts.length === 0 || parts.some((part) => each.includes(part)));
  console.log('library                                             hook');
  console.log('   ms  CPU ms  slowest format      MiB  findings      ms   MiB  status  case');
  let over = 0;
  for (const each of wanted) {
    const results = [];
    for (const how of Object.keys(WAYS)) results.push(await inOwnProcess(built, each, how));
    const isOver = results.some((result) => result === null || result.isOver);
    if (isOver) over++;
    const cells = results.map((result) => result?.cells ?? `died or took longer than ${PATIENCE} ms`);
    console.log(`${cells.join('  ')}  ${each}${isOver ? '  <- over a limit' : ''}`);
  }
  console.log(`${wanted.length} cases, ${over} over ${LIMITS.milliseconds} ms or ${LIMITS.mebibytes} MiB`);
  if (over > 0) process.exitCode = 1;
}

async function templatesIn(built) {
  const { HOSTILE_TEMPLATES, hostileFixtures } = await import(new URL('hostile.js', built));
  return { ...hostileFixtures(FIXTURES), ...HOSTILE_TEMPLATES };
}

function inOwnProcess(built, name, way) {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), {
      env: { ...process.env, HOSTILE_FOLDER: built.href, HOSTILE_CASE: name, HOSTILE_WAY: way },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    let result = null;
    child.on('message', (message) => {
      result = message;
    });
    child.on('exit', () => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}

/** Sends a case to the hook, and a template in good health behind it. */
async function measureHook(built, name) {
  const { createImportHook } = await import(new URL('hook.js', built));
  const { CAPABLE, tar } = await import(new URL('hostile.js', built));
  const files = (await templatesIn(built))[name]?.();
  const archive = files === undefined ? readFileSync(archiveFile(built, name)) : await tar(files);
  const healthy = await tar({ 'main.tf': CAPABLE });
  const hook = createImportHook({ workers: 1, worker: new URL('worker.js', built) });
  const send = (body) =>
    hook(new Request('http://hook/v1/analyze', { method: 'POST', body, headers: HEADERS }));
  // Starting is not what this is about.
  await send(healthy);
  const start = performance.now();
  const { status } = await send(archive);
  const time = performance.now() - start;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const next = await send(healthy);
  await hook.close();
  setImmediate(() => process.exit());
  const isAnswered = [200, 413, 422].includes(status) && next.status === 200;
  return {
    cells: [
      Math.round(time).toString().padStart(6),
      Math.round(mebibytes).toString().padStart(5),
      `${status}${isAnswered ? '' : `, ${next.status}`}`.padStart(7),
    ].join(' '),
    isOver: !isAnswered || time > LIMITS.milliseconds || mebibytes > LIMITS.mebibytes,
  };
}

async function measureLibrary(built, name) {
  const { createAnalyzer, formatReport, formats, readArchive } = await import(new URL('index.js', built));
  const analyzer = await createAnalyzer();
  // Starting is not what this is about.
  await analyzer.analyze({ 'main.tf': 'resource "coder_app" "a" {}\n' });
  const files = (await templatesIn(built))[name]?.();
  const archive = files === undefined ? readFileSync(archiveFile(built, name)) : undefined;
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let [findings, slowest] = ['refused', { format: '', time: 0 }];
  try {
    const report = await analyzer.analyze(archive === undefined ? files : await readArchive(archive));
    findings = report.templates[0].findings.length;
    slowest = await slowestFormat(report, { formatReport, formats }, performance.now() - start);
  } catch (error) {
    if (error.name !== 'ArchiveError') throw error;
  }
  const time = slowest.analysis ?? performance.now() - start;
  const used = process.cpuUsage(cpu).user / 1000 - slowest.time;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const cells = [
    Math.round(time).toString().padStart(5),
    Math.round(used).toString().padStart(7),
    `${slowest.format} ${Math.round(slowest.time)}`.padEnd(18),
    Math.round(mebibytes).toString().padStart(4),
    String(findings).padStart(9),
  ];
  await analyzer.close();
  setImmediate(() => process.exit());
  const isOver =
    time > LIMITS.milliseconds || slowest.time > LIMITS.milliseconds || mebibytes > LIMITS.mebibytes;
  return { cells: cells.join(' '), isOver };
}

function archiveFile(built, name) {
  return new URL(`${encodeURIComponent(name)}.archive`, built);
}

async function slowestFormat(report, { formatReport, formats }, analysis) {
  let slowest = { format: '', time: 0, analysis };
  for (const format of formats) {
    const start = performance.now();
    await formatReport(report, format);
    const time = performance.now() - start;
    if (time > slowest.time) slowest = { format, time, analysis };
  }
  return slowest;
}
