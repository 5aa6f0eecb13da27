import { readFileSync } from 'node:fs';
import { unpackTar } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createImportHook } from '../src/hook/handler.ts';
import { buildThreads } from './support/hook-build.ts';
import { startServer, type TestServer, untilBusy } from './support/hook-server.ts';
import { CAPABLE, fileEntry, PLAIN, tar, tarOf, zip } from './support/hook-templates.ts';

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  requestId: string;
  reasons: { ruleId: string | null; message: string; lines: string[] }[];
  folders: string[];
}

let folder: URL;
let server: TestServer;

const SCRIPTED = new URL('./support/hook-thread.mjs', import.meta.url);

beforeAll(async () => {
  folder = await buildThreads({
    worker: 'src/hook/worker.ts',
    migrating: 'test/support/hook-migrating-worker.ts',
    bare: 'test/support/hook-bare-worker.ts',
  });
  server = await startServer({ worker: new URL('worker.js', folder) });
});
afterAll(() => server.stop());

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Problem;
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  return problem;
}

/** The name in a problem's type. */
async function nameOf(response: Response): Promise<string> {
  return (await problemOf(response)).type.replace('urn:tasks-lint:problem:', '');
}

describe('POST /v1/analyze', () => {
  test.each([
    ['application/x-tar', () => tar({ 'main.tf': CAPABLE })],
    ['application/zip', async () => zip({ 'main.tf': CAPABLE })],
    ['application/x-zip-compressed', async () => zip({ 'main.tf': CAPABLE })],
    ['application/json', async () => JSON.stringify({ 'main.tf': CAPABLE })],
    ['Application/JSON; charset=utf-8', async () => JSON.stringify({ 'main.tf': CAPABLE })],
  ])('answers %s with the report', async (type, body) => {
    const response = await server.post('/v1/analyze', type, await body());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      formatVersion: 1,
      target: '>=2.28 <2.37',
      templates: [{ root: '.', verdict: { generation: 'current', capableOn: '>=2.28 <2.37' } }],
      summary: { templates: 1, capable: 1, errors: 0 },
      notes: [],
    });
  });

  test('takes a template from the one folder that has Terraform files', async () => {
    const files = { 'repo/main.tf': CAPABLE, 'repo/modules/x/x.tf': '', 'repo/README.md': 'x' };
    for (const response of [
      await server.post('/v1/analyze', 'application/x-tar', await tar(files)),
      await server.post('/v1/analyze', 'application/zip', zip(files)),
      await server.analyze(files),
    ]) {
      expect(await response.json()).toMatchObject({
        templates: [{ root: 'repo' }],
        summary: { capable: 1 },
        notes: [{ path: 'repo', text: expect.stringContaining('at the top of an upload only') }],
      });
    }
  });

  test('does not choose between folders', async () => {
    const response = await server.analyze({ 'a/main.tf': CAPABLE, 'b/main.tf': CAPABLE, 'b/c/d.tf': '' });
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({
      type: 'urn:tasks-lint:problem:several-templates',
      folders: ['a', 'b'],
    });
  });

  test('says of a sandbox manifest that it is no Terraform', async () => {
    const response = await server.analyze({ 'sandbox.yaml': 'kind: sandbox\n', 'README.md': '' });
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({
      title: 'This is not a Terraform template',
      detail: expect.stringContaining('not a Terraform template'),
    });
  });

  test('has HCL’s own parser judge every file', async () => {
    // The tree accepts what HCL refuses here; the judge is asked all the same.
    const response = await server.analyze({ 'main.tf': 'locals {\n  a = 1\n  b = 2 c = 3\n}\n' });
    expect(await response.json()).toMatchObject({
      templates: [{ findings: [{ ruleId: 'syntax/invalid-hcl', start: { line: 3 } }] }],
    });
  });

  test('reads no configuration of the upload', async () => {
    const rules = Object.fromEntries(['task/app-id-missing'].map((id) => [id, 'off']));
    const config = JSON.stringify({ rules, coderVersion: '>=2.37' });
    const response = await server.analyze({
      'main.tf': 'resource "coder_ai_task" "task" {\n}\n',
      '.tasks-lint.json': config,
      '.config/tasks-lint.json': config,
    });
    expect(await response.json()).toMatchObject({
      target: '>=2.28 <2.37',
      templates: [
        { findings: expect.arrayContaining([expect.objectContaining({ ruleId: 'task/app-id-missing' })]) },
      ],
    });
  });

  test('lints for the Coder versions of the query', async () => {
    const response = await server.analyze({ 'main.tf': CAPABLE }, '?coder-version=2.34');
    expect(await response.json()).toMatchObject({ target: '2.34', summary: { capable: 1 } });
    for (const wrong of ['coder-version=nonsense', 'coder-version=1.0', 'require=everything']) {
      const refused = await server.analyze({ 'main.tf': CAPABLE }, `?${wrong}`);
      expect([refused.status, await nameOf(refused)]).toEqual([400, 'bad-request']);
    }
  });

  test('refuses what the query requires and the template is not', async () => {
    const query = '?require=capable&coder-version=2.34';
    expect((await server.analyze({ 'main.tf': CAPABLE }, query)).status).toBe(200);
    const plain = await server.analyze({ 'main.tf': PLAIN }, query);
    expect(plain.status).toBe(422);
    expect(await problemOf(plain)).toMatchObject({
      type: 'urn:tasks-lint:problem:not-capable',
      coderVersion: '2.34',
      reasons: [{ ruleId: null, lines: ['2.34-2.35'], message: expect.stringContaining('Nothing') }],
    });
    const broken = await server.analyze({ 'main.tf': 'resource "coder_ai_task" "task" {\n' }, query);
    expect((await problemOf(broken)).reasons).toEqual([
      expect.objectContaining({ ruleId: 'syntax/invalid-hcl', file: 'main.tf', lines: ['2.34-2.35'] }),
    ]);
  });

  test('takes no other types and no encodings', async () => {
    for (const [type, headers] of [
      ['text/plain', {}],
      ['application/gzip', {}],
      ['', {}],
      ['constructor', {}],
      ['application/x-tar', { 'content-encoding': 'gzip' }],
    ] as const) {
      const response = await server.post('/v1/analyze', type, 'x', headers);
      expect([response.status, await nameOf(response)]).toEqual([415, 'unsupported-media-type']);
    }
  });

  test('takes no empty body', async () => {
    const response = await fetch(`${server.url}/v1/analyze`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-tar' },
    });
    expect([response.status, await nameOf(response)]).toEqual([422, 'invalid-upload']);
  });
});

describe('a policy of the server', () => {
  let strict: TestServer;
  beforeAll(async () => {
    const worker = new URL('worker.js', folder);
    strict = await startServer({ worker, workers: 1, require: 'capable', coderVersion: '2.34' });
  });
  afterAll(() => strict.stop());

  test('refuses a template with the reasons', async () => {
    const response = await strict.analyze({ 'main.tf': PLAIN });
    expect([response.status, await nameOf(response)]).toEqual([422, 'not-capable']);
    expect((await strict.analyze({ 'main.tf': CAPABLE })).status).toBe(200);
  });

  test('cannot be talked away by a request', async () => {
    // A template with `sidebar_app` alone works up to 2.27.
    const legacy = 'resource "coder_ai_task" "task" {\n  sidebar_app {\n    id = "x"\n  }\n}\n';
    for (const query of ['?coder-version=2.24', '?coder-version=2.24&require=capable', '']) {
      const response = await strict.analyze({ 'main.tf': legacy }, query);
      expect(response.status).toBe(422);
      const { reasons } = await problemOf(response);
      expect(reasons.length).toBeGreaterThan(0);
      for (const { lines } of reasons) expect(lines).toEqual(['2.34-2.35']);
    }
  });

  test('can be added to by a request', async () => {
    const query = '?coder-version=2.24&require=capable';
    expect((await strict.analyze({ 'main.tf': CAPABLE }, query)).status).toBe(422);
  });

  test('must be about Coder versions', () => {
    expect(() => createImportHook({ coderVersion: 'nonsense' })).toThrow(RangeError);
  });
});

describe('POST /v1/migrate', () => {
  test('is answered 501 where there is no migration', async () => {
    const bare = await startServer({ worker: new URL('bare.js', folder), workers: 1 });
    const response = await bare.post(
      '/v1/migrate',
      'application/json',
      JSON.stringify({ 'main.tf': CAPABLE }),
    );
    expect([response.status, await nameOf(response)]).toEqual([501, 'no-migration']);
    await bare.stop();
  });

  test('migrates', async () => {
    const legacy = readFileSync(
      new URL('../fixtures/templates/tasks-docker-legacy/main.tf', import.meta.url),
      'utf8',
    );
    const response = await server.post(
      '/v1/migrate',
      'application/json',
      JSON.stringify({ 'main.tf': legacy }),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      report: { summary: { capable: 1 } },
      diff: expect.stringMatching(/^--- a\/main\.tf\n\+\+\+ b\/main\.tf\n@@/),
      complete: true,
    });
  });

  describe('with a migration', () => {
    const old = PLAIN.replace('"main"', '"old"');
    let migrating: TestServer;
    beforeAll(async () => {
      migrating = await startServer({ worker: new URL('migrating.js', folder), workers: 1 });
    });
    afterAll(() => migrating.stop());

    test.each([
      ['application/x-tar', () => tar({ 'main.tf': old, 'logo.png': new Uint8Array([0, 255, 1]) })],
      ['application/zip', async () => zip({ 'main.tf': old, 'logo.png': new Uint8Array([0, 255, 1]) })],
    ])('answers %s with report, diff and archive', async (type, body) => {
      const response = await migrating.post('/v1/migrate', type, await body());
      expect(response.status).toBe(200);
      const answer = (await response.json()) as { archive: string; report: unknown };
      expect(answer).toMatchObject({
        report: { formatVersion: 1 },
        diff: '-old\n+new\n',
        complete: true,
        manual: [{ text: 'Tell.', address: 'a.b', file: 'main.tf', at: 1, ruleId: null, blocking: false }],
        notes: [],
      });
      const entries = await unpackTar(Buffer.from(answer.archive, 'base64'), { strict: true });
      expect(entries.map(({ header }) => header.name)).toEqual(['main.tf', 'logo.png']);
      expect(new TextDecoder().decode(entries[0]?.data)).toBe(PLAIN.replace('"main"', '"new"'));
      expect(entries[1]?.data).toEqual(new Uint8Array([0, 255, 1]));
    });

    test('keeps the folders, modes and times of what it does not change', async () => {
      const mtime = new Date('2026-01-02T03:04:06Z');
      const body = await tarOf([
        { header: { name: 'empty/', size: 0, type: 'directory' } },
        fileEntry('main.tf', old),
        { header: { name: './run.sh', size: 2, mode: 0o755, mtime, type: 'file' }, body: 'ls' },
        { header: { name: '../up', size: 0, type: 'directory' } },
      ]);
      const response = await migrating.post('/v1/migrate', 'application/x-tar', body, {
        accept: 'application/x-tar',
      });
      const entries = await unpackTar(new Uint8Array(await response.arrayBuffer()), { strict: true });
      expect(entries.map(({ header: { name, type } }) => [name, type])).toEqual([
        ['empty', 'directory'],
        ['main.tf', 'file'],
        ['run.sh', 'file'],
      ]);
      expect(entries[2]?.header).toMatchObject({ mode: 0o755, mtime });
    });

    test('answers with the archive alone when asked', async () => {
      const files = { 'repo/main.tf': old, '../up.tf': 'x' };
      const body = JSON.stringify(files);
      const response = await migrating.post('/v1/migrate', 'application/json', body, {
        accept: 'application/x-tar',
      });
      expect(response.headers.get('content-type')).toBe('application/x-tar');
      const entries = await unpackTar(new Uint8Array(await response.arrayBuffer()), { strict: true });
      expect(entries.map(({ header }) => header.name)).toEqual(['repo/main.tf']);
    });

    test('refuses a template that is not what is required even so', async () => {
      const body = JSON.stringify({ 'main.tf': old });
      const response = await migrating.post('/v1/migrate?require=capable', 'application/json', body);
      expect([response.status, await nameOf(response)]).toEqual([422, 'not-capable']);
    });
  });
});

describe('the other routes', () => {
  test('say whether the server is up', async () => {
    const response = await fetch(`${server.url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('give metrics that Prometheus reads', async () => {
    await server.analyze({ 'README.md': '' });
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const line of text.split('\n')) {
      expect(line).toMatch(/^(#\s(HELP|TYPE)\s.*|[a-z_]+(\{([a-z]+="[^"\\\n]*",?)*\})?\s[\d.e+-]+|)$/);
    }
    expect(text).toContain('tasks_lint_problems_total{problem="not-terraform"}');
    expect(text).toContain('tasks_lint_workers_ready 2');
    expect(text).toMatch(
      /tasks_lint_request_duration_seconds_count\{route="\/v1\/analyze",status="200"\} \d+/,
    );
  });

  test('are all there are', async () => {
    const response = await fetch(`${server.url}/v1/other`);
    expect([response.status, await nameOf(response)]).toEqual([404, 'not-found']);
    for (const [path, allow] of [
      ['/v1/analyze', 'POST'],
      ['/healthz', 'GET, HEAD'],
    ] as const) {
      const refused = await fetch(server.url + path, { method: 'DELETE' });
      expect([refused.status, refused.headers.get('allow'), await nameOf(refused)]).toEqual([
        405,
        allow,
        'method-not-allowed',
      ]);
    }
  });
});

describe('request ids and the log', () => {
  test('take an id that is fit', async () => {
    const response = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': 'abc-123:4.5_6' } });
    expect(response.headers.get('x-request-id')).toBe('abc-123:4.5_6');
    expect(server.log.at(-1)).toMatchObject({ requestId: 'abc-123:4.5_6', route: '/healthz', status: 200 });
  });

  test.each(['', 'a b', 'x'.repeat(129), '"}{', 'é'])('make one where %j is not', async (id) => {
    const response = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': id } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('tell nothing of templates, tokens and queries', async () => {
    const before = server.log.length;
    await server.post('/v1/analyze?coder-version=secret-query', 'application/json', '{"main.tf":"secret"}', {
      authorization: 'Bearer secret-token',
    });
    await server.analyze({ 'secret-name.tf': 'secret-text', '../secret': '' });
    await fetch(`${server.url}/secret-path`);
    const records = server.log.slice(before);
    expect(records).toHaveLength(3);
    expect(JSON.stringify(records)).not.toContain('secret');
    expect(records.map(({ route, status, problem }) => [route, status, problem])).toEqual([
      ['/v1/analyze', 400, 'bad-request'],
      ['/v1/analyze', 200, null],
      [null, 404, 'not-found'],
    ]);
  });
});

describe('a token', () => {
  test('is demanded everywhere but for health', async () => {
    const token = 'correct-horse-battery';
    const guarded = await startServer({ worker: SCRIPTED, workers: 1, token });
    for (const authorization of [
      undefined,
      'Bearer',
      'Bearer wrong',
      `Basic ${token}`,
      token,
      `Bearer ${token}x`,
    ]) {
      for (const path of ['/v1/analyze', '/v1/migrate', '/metrics', '/openapi.json', '/other']) {
        const response = await fetch(guarded.url + path, {
          method: path.startsWith('/v1') ? 'POST' : 'GET',
          headers: authorization === undefined ? {} : { authorization },
        });
        expect([response.status, await nameOf(response)]).toEqual([401, 'unauthorized']);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
    expect((await fetch(`${guarded.url}/healthz`)).status).toBe(200);
    const headers = { authorization: `bearer ${token}` };
    expect((await fetch(`${guarded.url}/metrics`, { headers })).status).toBe(200);
    await guarded.stop();
  });
});

describe('limits', () => {
  const JSON_TYPE = 'application/json';

  test('of bytes are kept while the upload arrives', async () => {
    const small = await startServer({ worker: SCRIPTED, workers: 1, maxBytes: 100_000 });
    const declared = await small.post('/v1/analyze', JSON_TYPE, 'x'.repeat(100_001));
    expect([declared.status, await nameOf(declared)]).toEqual([413, 'too-large']);
    // Without a length, and without an end.
    let sent = 0;
    const body = new ReadableStream({
      async pull(controller) {
        sent += 10_000;
        controller.enqueue(new Uint8Array(10_000));
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    });
    const endless = await fetch(`${small.url}/v1/analyze`, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE },
      body,
      duplex: 'half',
    } as RequestInit);
    expect([endless.status, await nameOf(endless)]).toEqual([413, 'too-large']);
    expect(sent).toBeLessThan(5_000_000);
    expect((await small.post('/v1/analyze', JSON_TYPE, 'x'.repeat(100_000))).status).toBe(200);
    await small.stop();
  });

  test('of what uploads hold together are kept', async () => {
    const small = await startServer({ worker: SCRIPTED, workers: 1, queue: 0, maxBytes: 100_000 });
    const endings: (() => void)[] = [];
    const open = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(60_000));
          endings.push(() => controller.close());
        },
      });
    const send = () =>
      fetch(`${small.url}/v1/analyze`, {
        method: 'POST',
        headers: { 'content-type': JSON_TYPE },
        body: open(),
        duplex: 'half',
      } as RequestInit);
    const both = [send(), send()];
    // Neither upload has ended when one of them is refused.
    expect((await Promise.race(both)).status).toBe(503);
    for (const end of endings) end();
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 503]);
    await untilBusy(small.url, { running: 0 });
    const third = send();
    endings.at(-1)?.();
    expect((await third).status).toBe(200);
    await small.stop();
  });

  test('of time end an upload that does not arrive', async () => {
    const impatient = await startServer({ worker: SCRIPTED, workers: 1, patience: 300 });
    const response = await fetch(`${impatient.url}/v1/analyze`, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE },
      body: new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) }),
      duplex: 'half',
    } as RequestInit);
    expect([response.status, await nameOf(response)]).toEqual([408, 'upload-timeout']);
    await impatient.stop();
  });

  test('of the queue are answered 503 with a time to try again', async () => {
    const busy = await startServer({ worker: SCRIPTED, workers: 1, queue: 1 });
    const send = (word: string) => busy.post('/v1/analyze', JSON_TYPE, word);
    const first = send('wait 2000');
    await untilBusy(busy.url, { running: 1 });
    const second = send('b');
    await untilBusy(busy.url, { running: 1, waiting: 1 });
    const third = await send('c');
    expect([third.status, third.headers.get('retry-after'), await nameOf(third)]).toEqual([503, '1', 'busy']);
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    await busy.stop();
  });

  test.each([
    ['die', 503, 'worker-died'],
    ['throw', 503, 'worker-died'],
    ['hang', 422, 'time-limit'],
    ['eat', 422, 'memory-limit'],
    ['fail', 500, 'internal-error'],
  ] as const)('a thread told to %s fails its request only', async (word, status, problem) => {
    const frail = await startServer({ worker: SCRIPTED, workers: 2, timeout: 1500, maxMemory: 32 });
    const send = (text: string) => frail.post('/v1/analyze', JSON_TYPE, text);
    const healthy = Promise.all(Array.from({ length: 20 }, () => send('wait 20')));
    const response = await send(word);
    expect([response.status, await nameOf(response)]).toEqual([status, problem]);
    expect((await healthy).map((answer) => answer.status)).toEqual(Array(20).fill(200));
    expect((await send('again')).status).toBe(200);
    const replacements = await (await fetch(`${frail.url}/metrics`)).text();
    expect(replacements.includes('workers_replaced_total{')).toBe(word !== 'fail');
    expect(JSON.stringify(frail.log)).not.toContain('secret');
    await frail.stop();
  });
});

describe('a hook that stops', () => {
  test('finishes what it accepted and refuses what is new', async () => {
    const stopping = await startServer({ worker: SCRIPTED, workers: 1 });
    const accepted = stopping.post('/v1/analyze', 'application/json', 'wait 1000');
    await untilBusy(stopping.url, { running: 1 });
    const stopped = stopping.stop();
    await expect(fetch(`${stopping.url}/healthz`)).rejects.toThrow();
    expect(await (await accepted).text()).toBe('waited');
    await stopped;
    await stopping.stop();
  });

  test('answers 503 on connections that are still open', async () => {
    const hook = createImportHook({ worker: SCRIPTED, workers: 1 });
    hook.drain();
    const response = await hook(new Request('http://localhost/healthz'));
    expect([response.status, response.headers.get('connection'), await nameOf(response)]).toEqual([
      503,
      'close',
      'stopping',
    ]);
    await hook.close();
  });
});
