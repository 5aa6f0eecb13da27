import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report, TemplateReport } from '../src/report/report.ts';
import { buildThreads } from './support/hook-build.ts';
import { startServer, type TestServer } from './support/hook-server.ts';
import { CAPABLE, fileEntry, hostileFiles, hostileUploads, tar, tarOf } from './support/hook-templates.ts';
import { hostileFixtures } from './support/hostile.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/hostile/', import.meta.url));

let server: TestServer;
let worker: URL;

beforeAll(async () => {
  const folder = await buildThreads({ worker: 'src/hook/worker.ts' });
  worker = new URL('worker.js', folder);
  server = await startServer({ worker, workers: 2, timeout: 4000 });
});
afterAll(() => server.stop());

/** Sends uploads one after the other while healthy requests run beside them. */
async function besideHealthy<T>(work: () => Promise<T>): Promise<T> {
  let isDone = false;
  const statuses: number[] = [];
  const healthy = (async () => {
    while (!isDone) statuses.push((await server.analyze({ 'main.tf': CAPABLE })).status);
  })();
  const result = await work().finally(() => {
    isDone = true;
  });
  await healthy;
  expect(new Set(statuses)).toEqual(new Set([200]));
  return result;
}

const uploads = await hostileUploads();

/** The problem that each upload is answered with, and what it says. */
const REFUSALS: Readonly<Record<string, [string, RegExp]>> = {
  'zip bomb': ['too-large', /unpacks to more than 33554432 bytes/],
  'zip bomb that lies about its size': ['invalid-upload', /damaged/],
  'tar of very many files': ['too-large', /more than 2000 entries/],
  'tar that claims a huge file': ['too-large', /unpacks to more than/],
  'truncated tar': ['invalid-upload', /cut short/],
  'truncated zip': ['invalid-upload', /damaged|cut short/],
  'random bytes': ['invalid-upload', /neither a tar nor a zip/],
  'only files outside': ['not-terraform', /no \.tf or \.tf\.json file/],
  'only links': ['not-terraform', /no \.tf or \.tf\.json file/],
};

describe('a hostile upload', () => {
  test.each(Object.entries(uploads))('is refused: %s', async (name, bytes) => {
    const type = name.includes('zip') ? 'application/zip' : 'application/x-tar';
    const response = await besideHealthy(() => server.post('/v1/analyze', type, bytes));
    const [problem, detail] = REFUSALS[name] ?? [];
    expect(response.status).toBe(problem === 'too-large' ? 413 : 422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      type: `urn:tasks-lint:problem:${problem}`,
      detail: expect.stringMatching(detail as RegExp),
    });
  });

  test('keeps what is harmless in it, and says what was left out', async () => {
    const bytes = await tarOf([
      fileEntry('main.tf', CAPABLE),
      fileEntry('../up.tf', 'x'),
      fileEntry('/abs.md', 'x'),
      fileEntry('twice.md', 'x'),
      fileEntry('twice.md', 'y'),
      fileEntry('TWICE.md', 'z'),
      { header: { name: 'link.tf', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
      { header: { name: 'device.tf', size: 0, type: 'block-device' } },
    ]);
    const response = await server.post('/v1/analyze', 'application/x-tar', bytes);
    expect(response.status).toBe(200);
    const { notes } = (await response.json()) as { notes: { path: string }[] };
    expect(notes.map(({ path }) => path)).toEqual([
      '../up.tf',
      'abs.md',
      'twice.md',
      'TWICE.md',
      'link.tf',
      'device.tf',
    ]);
  });

  test('names its files as it likes in JSON', async () => {
    const response = await server.analyze({
      'main.tf': CAPABLE,
      '../up.tf': '',
      __proto__x: '',
      'a\nb.md': '',
    });
    expect(response.status).toBe(200);
    const sneaky = '{"__proto__":"x","constructor":"y","main.tf":"locals {}"}';
    expect((await server.post('/v1/analyze', 'application/json', sneaky)).status).toBe(200);
  });

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number for a file', '{"main.tf":1}'],
    ['an object for a file', '{"main.tf":{}}'],
    ['a path without a name', '{"":"x"}'],
    ['100,000 nested lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('is refused when it is JSON, but %s', async (_name, body) => {
    const response = await server.post('/v1/analyze', 'application/json', body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ type: 'urn:tasks-lint:problem:invalid-upload' });
  });
});

/** HCL's own parser takes the square of their number for dollars: seconds here. */
const SLOW = { 'slow.tf': `locals {\n  dollars = "${'$'.repeat(50_000)}"\n}\n` };

describe('a hostile file', () => {
  test.each(Object.entries(hostileFiles()))(
    'ends in a report or a refusal: %s',
    { timeout: 30_000 },
    async (_name, files) => {
      const start = Date.now();
      const response = await besideHealthy(() => server.analyze(files, '?require=capable'));
      expect(Date.now() - start).toBeLessThan(8000);
      expect([413, 422]).toContain(response.status);
      const { type } = (await response.json()) as { type: string };
      expect(type).toMatch(/:(not-capable|time-limit|memory-limit|too-large)$/);
    },
  );

  test.each(Object.entries(hostileFixtures(FOLDER)))(
    'is answered in a tar, and the next upload too: %s',
    { timeout: 30_000 },
    async (_name, files) => {
      const response = await besideHealthy(async () =>
        server.post('/v1/analyze?require=capable', 'application/x-tar', await tar(files())),
      );
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ type: 'urn:tasks-lint:problem:not-capable' });
    },
  );

  test('leaves the server as it was', async () => {
    const response = await server.post('/v1/analyze', 'application/x-tar', await tar({ 'main.tf': CAPABLE }));
    expect(response.status).toBe(200);
    expect(server.log.filter(({ status }) => status >= 500)).toEqual([]);
  });

  test('over which HCL’s own parser takes too long is answered with what is known, and the next one in full', {
    timeout: 30_000,
  }, async () => {
    const reportOn = async (files: Record<string, string>) => {
      const response = await server.analyze(files);
      expect(response.status).toBe(200);
      return ((await response.json()) as Report).templates[0] as TemplateReport;
    };
    const statusesOf = ({ verdict }: TemplateReport) => verdict.lines.map(({ status }) => status);
    const known = statusesOf(await reportOn({ 'main.tf': CAPABLE }));
    expect(known).toContain('capable');
    const slow = await reportOn({ 'main.tf': CAPABLE, ...SLOW });
    expect(slow.findings.filter(({ level }) => level === 'error')).toMatchObject([
      { file: 'slow.tf', messageId: 'unverified', message: expect.stringMatching(/longer than 500 ms/) },
    ]);
    expect(statusesOf(slow)).toEqual(known.map((status) => (status === 'capable' ? 'unknown' : status)));
    const required = await server.analyze({ 'main.tf': CAPABLE, ...SLOW }, '?require=capable');
    expect([required.status, await required.json()]).toMatchObject([
      422,
      { type: 'urn:tasks-lint:problem:not-capable', reasons: [{ ruleId: 'syntax/invalid-hcl' }] },
    ]);
    expect((await server.analyze({ 'main.tf': CAPABLE }, '?require=capable')).status).toBe(200);
  });
});
