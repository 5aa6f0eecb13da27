import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSources } from './source-build.js';

/*
 * Analyses every template and archive of the hostile corpus through the library, each in a process of its own, and
 * prints what it cost, with the slowest of the report's formats. The arguments are parts of names.
 */
const LIMITS = { milliseconds: 2000, mebibytes: 512 };
/** After this a case is ended; it has failed long before. */
const PATIENCE = 30_000;

const [folder, name] = [process.env.HOSTILE_FOLDER, process.env.HOSTILE_CASE];
if (folder !== undefined && name !== undefined) process.send(await measure(new URL(folder), name));
else await runAll(parseArgs({ allowPositionals: true }).positionals);

async function runAll(parts) {
  const built = await buildSources({ index: 'src/index.ts', hostile: 'test/support/hostile.ts' });
  const { HOSTILE_TEMPLATES, hostileArchives } = await import(new URL('hostile.js', built));
  const archives = await hostileArchives();
  // Making a bomb takes more memory than refusing it may.
  for (const [each, bytes] of Object.entries(archives)) writeFileSync(archiveFile(built, each), bytes);
  const names = [...Object.keys(HOSTILE_TEMPLATES), ...Object.keys(archives)];
  const wanted = names.filter((each) => parts.length === 0 || parts.some((part) => each.includes(part)));
  console.log('   ms  CPU ms  slowest format      MiB  findings  case');
  let over = 0;
  for (const each of wanted) {
    const result = await inOwnProcess(built, each);
    if (result === null || result.isOver) over++;
    console.log(result === null ? `  died or took longer than ${PATIENCE} ms: ${each}` : result.row);
  }
  console.log(`${wanted.length} cases, ${over} over ${LIMITS.milliseconds} ms or ${LIMITS.mebibytes} MiB`);
}

function inOwnProcess(built, name) {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), {
      env: { ...process.env, HOSTILE_FOLDER: built.href, HOSTILE_CASE: name },
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

async function measure(built, name) {
  const { createAnalyzer, formatReport, formats, readArchive } = await import(new URL('index.js', built));
  const { HOSTILE_TEMPLATES } = await import(new URL('hostile.js', built));
  const analyzer = await createAnalyzer();
  // Starting is not what this is about.
  await analyzer.analyze({ 'main.tf': 'resource "coder_app" "a" {}\n' });
  const files = HOSTILE_TEMPLATES[name]?.();
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
    name,
  ];
  await analyzer.close();
  setImmediate(() => process.exit());
  const isOver =
    time > LIMITS.milliseconds || slowest.time > LIMITS.milliseconds || mebibytes > LIMITS.mebibytes;
  return { row: `${cells.join(' ')}${isOver ? '  <- over a limit' : ''}`, isOver };
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
