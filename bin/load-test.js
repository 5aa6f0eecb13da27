import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { build } from 'esbuild';
import { readArguments } from './read-arguments.js';

/*
 * Loads the import hook of dist/ on this machine, every tenth upload being hostile, and says whether a healthy
 * one failed, how long they took, and what became of the server's memory. Bounded in time and number.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = readArguments({
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '8' },
    workers: { type: 'string', default: '2' },
    /** Milliseconds that the server gives a template; hostile ones use them up. */
    timeout: { type: 'string', default: '2000' },
    'healthy-only': { type: 'boolean', default: false },
  },
});
const [seconds, connections] = [Number(values.seconds), Number(values.connections)];
const MAX_REQUESTS = 100_000;
const WARM_UP = 5;

const { CAPABLE, PLAIN, hostileFiles, hostileUploads, tar, zip } = await importSource(
  'test/support/hook-templates.ts',
);
const json = (files) => ['application/json', JSON.stringify(files)];
const archive = (bytes) => [
  bytes[0] === 0x50 ? 'application/zip' : 'application/x-tar',
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
];
const healthy = [
  json({ 'main.tf': CAPABLE }),
  json({ 'main.tf': PLAIN, 'README.md': 'text '.repeat(1000) }),
  archive(await tar({ 'main.tf': CAPABLE, 'agent.tf': PLAIN.replace('"main"', '"second"') })),
  archive(zip({ 'main.tf': CAPABLE })),
];
const hostile = [
  ...Object.values(await hostileUploads()).map(archive),
  ...Object.values(hostileFiles()).map(json),
];

const server = await startServer();
try {
  await load(WARM_UP);
  const samples = [await residentMemory()];
  const sampler = setInterval(async () => samples.push(await residentMemory()), (seconds * 1000) / 5);
  const result = await load(seconds).finally(() => clearInterval(sampler));
  samples.push(await residentMemory());
  report(result, samples);
  if (result.failed > 0) process.exitCode = 1;
} finally {
  server.child.kill('SIGTERM');
}

/** Sends uploads in turn, nine healthy ones and a hostile one, and waits for each answer. */
async function load(duration) {
  const times = [];
  const statuses = { healthy: {}, hostile: {} };
  let failed = 0;
  let turn = 0;
  const count = (kind, status) => {
    statuses[kind][status] = (statuses[kind][status] ?? 0) + 1;
  };
  const request = (kind, list) => ({
    method: 'POST',
    path: '/v1/analyze',
    setupRequest: (prepared, context) => {
      const [type, body] = list[turn++ % list.length];
      context.start = performance.now();
      return { ...prepared, headers: { ...prepared.headers, 'content-type': type }, body };
    },
    onResponse: (status, body, context) => {
      count(kind, status === 200 ? status : `${status} ${/problem:([\w-]+)/.exec(body)?.[1]}`);
      if (kind === 'hostile') {
        // To be refused or reported on is what these are for; a failure of the server is none.
        if (status >= 500) failed++;
        return;
      }
      times.push(performance.now() - context.start);
      if (status !== 200) failed++;
    },
  });
  const result = await autocannon({
    url: server.url,
    connections,
    duration,
    maxOverallRequests: MAX_REQUESTS,
    timeout: 60,
    requests: [
      ...Array.from({ length: 9 }, () => request('healthy', healthy)),
      values['healthy-only'] ? request('healthy', healthy) : request('hostile', hostile),
    ],
  });
  return { times, statuses, failed: failed + result.errors + result.timeouts, duration: result.duration };
}

function report({ times, statuses, failed, duration }, samples) {
  times.sort((a, b) => a - b);
  const at = (share) => `${Math.round(times[Math.floor((times.length - 1) * share)] ?? 0)} ms`;
  const mebibytes = samples.map((bytes) => Math.round(bytes / 1024 / 1024));
  const lines = [
    `${times.length} healthy uploads in ${duration} s: ${(times.length / duration).toFixed(1)} a second`,
    `healthy: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, most ${at(1)}`,
    `answers to healthy uploads: ${JSON.stringify(statuses.healthy)}`,
    `answers to hostile uploads: ${JSON.stringify(statuses.hostile)}`,
    `resident memory: ${mebibytes.join(', ')} MiB (after warming up, during, after)`,
    failed === 0 ? 'nothing failed' : `${failed} FAILED`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function startServer() {
  const { workers, timeout } = values;
  const args = ['serve', '--port', '0', '--workers', workers, '--timeout', timeout];
  const child = spawn(process.execPath, [`${root}/bin/tasks-lint.js`, ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}: ${text}`)));
    child.stderr.on('data', (data) => {
      text = (text + data).slice(-2000);
      const line = /"url":"([^"]+)"/.exec(text);
      if (line !== null) resolve(line[1]);
    });
  });
  for (let status = 0; status !== 200; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    status = (await fetch(`${url}/healthz`)).status;
  }
  return { child, url };
}

async function residentMemory() {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

/** Imports TypeScript, which Node 20 cannot. */
async function importSource(path) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
