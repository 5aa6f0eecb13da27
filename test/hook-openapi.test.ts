import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import reportSchema from '../schema/report.json' with { type: 'json' };
import { openApi } from '../src/hook/openapi.ts';
import { PROBLEM_NAMES, problemType, statusOf } from '../src/hook/problem.ts';
import { buildThreads } from './support/hook-build.ts';
import { startServer, type TestServer } from './support/hook-server.ts';
import { CAPABLE, PLAIN, tar } from './support/hook-templates.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is walked whose shape is what is tested.
type Json = any;

const document: Json = openApi();
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'];

function operations(): { path: string; method: string; operation: Json }[] {
  return Object.entries(document.paths as Json).flatMap(([path, item]) =>
    Object.entries(item as Json).map(([method, operation]) => ({ path, method, operation })),
  );
}

function at(pointer: string): Json {
  return pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce((value: Json, part) => value?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

function referencesIn(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' ? [member as string] : referencesIn(member),
  );
}

/** A validator of a schema in the document. */
function validator(pointer: string): ValidateFunction {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    formats: { uri: true },
  });
  // OpenAPI's own keywords stand around schemas, never in them.
  ajv.addKeyword('components');
  return ajv.compile({
    $id: 'https://example.test/document',
    components: document.components,
    ...at(pointer),
  });
}

describe('/openapi.json', () => {
  test('has the structure of OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(Object.keys(document).sort()).toEqual([
      'components',
      'info',
      'jsonSchemaDialect',
      'openapi',
      'paths',
      'security',
    ]);
    const ids = new Set<string>();
    for (const { path, method, operation } of operations()) {
      expect(path).toMatch(/^\/[\w./]+$/);
      expect(METHODS).toContain(method);
      expect(ids.has(operation.operationId)).toBe(false);
      ids.add(operation.operationId);
      for (const parameter of operation.parameters ?? []) {
        expect(['query', 'header']).toContain(parameter.in);
        expect(parameter).toMatchObject({ name: expect.any(String), schema: expect.any(Object) });
      }
      if (operation.requestBody !== undefined) {
        expect(Object.keys(operation.requestBody.content).every((type) => /^\w+\/[\w.+-]+$/.test(type))).toBe(
          true,
        );
      }
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
      for (const [status, response] of Object.entries(operation.responses as Json)) {
        expect(status).toMatch(/^[2-5]\d\d$/);
        expect(response).toMatchObject({ description: expect.any(String), content: expect.any(Object) });
      }
      for (const requirement of operation.security ?? document.security) {
        for (const name of Object.keys(requirement)) {
          expect(document.components.securitySchemes).toHaveProperty(name);
        }
      }
    }
  });

  test('leads nowhere with a reference', () => {
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/(schemas|headers)\/\w+$/);
      expect(at(reference), reference).toBeDefined();
    }
  });

  test('holds schemas that JSON Schema 2020-12 takes', () => {
    for (const name of Object.keys(document.components.schemas)) validator(`#/components/schemas/${name}`);
  });

  test('has the report as schema/report.json has it, and notes', () => {
    const { Analysis, Report } = document.components.schemas;
    expect(Object.keys(Report.properties)).toEqual(Object.keys(reportSchema.properties));
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(Object.keys(reportSchema.definitions)),
    );
    const { notes, ...properties } = Analysis.properties;
    expect(properties).toEqual(Report.properties);
    expect(notes.type).toBe('array');
  });

  test('names every problem at its status', () => {
    const text = JSON.stringify(document.paths);
    for (const name of PROBLEM_NAMES) {
      if (name === 'not-found' || name === 'method-not-allowed') continue;
      expect(text).toContain(problemType(name));
      expect(document.paths['/v1/migrate'].post.responses).toHaveProperty(String(statusOf(name)));
    }
  });
});

describe('what the server answers', () => {
  let server: TestServer;
  beforeAll(async () => {
    const folder = await buildThreads({
      worker: 'src/hook/worker.ts',
      migrating: 'test/support/hook-migrating-worker.ts',
    });
    server = await startServer({ worker: new URL('migrating.js', folder), workers: 1, maxBytes: 100_000 });
  });
  afterAll(() => server.stop());

  async function check(path: string, method: string, response: Response): Promise<void> {
    const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    const pointer = ['paths', path.replaceAll('/', '~1'), method, 'responses', response.status, 'content']
      .concat(type.replaceAll('/', '~1'))
      .join('/');
    expect(at(`#/${pointer}`), `${pointer} is described`).toBeDefined();
    expect(response.headers.get('x-request-id')).not.toBeNull();
    if (!type.endsWith('json')) return;
    const validate = validator(`#/${pointer}/schema`);
    const isValid = validate(await response.json());
    expect(validate.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
  }

  const json = (files: object) => ['application/json', JSON.stringify(files)] as const;

  test.each([
    ['a report', '', ...json({ 'main.tf': CAPABLE, '../x': '' }), 200],
    ['a report with findings', '', ...json({ 'main.tf': 'resource "coder_ai_task" "t" {}\nx = ' }), 200],
    ['a refusal', '?require=capable', ...json({ 'main.tf': PLAIN }), 422],
    ['no Terraform', '', ...json({ 'a.yaml': '' }), 422],
    ['several templates', '', ...json({ 'a/a.tf': '', 'b/b.tf': '' }), 422],
    ['no archive', '', 'application/x-tar', 'x', 422],
    ['a wrong query', '?require=x', ...json({}), 400],
    ['a wrong type', '', 'text/plain', '', 415],
    ['too much', '', 'application/zip', 'x'.repeat(100_001), 413],
  ] as const)('is as described: %s', async (_name, query, type, body, status) => {
    for (const path of ['/v1/analyze', '/v1/migrate']) {
      const response = await server.post(path + query, type, body);
      expect(response.status).toBe(status);
      await check(path, 'post', response);
    }
  });

  test('is as described: a migrated archive', async () => {
    const body = await tar({ 'main.tf': CAPABLE });
    const accept = { accept: 'application/x-tar' };
    await check('/v1/migrate', 'post', await server.post('/v1/migrate', 'application/x-tar', body, accept));
  });

  test.each(['/healthz', '/metrics', '/openapi.json'])('is as described: %s', async (path) => {
    const response = await fetch(server.url + path);
    if (path === '/openapi.json') expect(await response.clone().json()).toEqual(document);
    await check(path, 'get', response);
  });
});
