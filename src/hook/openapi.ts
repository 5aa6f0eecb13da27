import reportSchema from '../../schema/report.json' with { type: 'json' };
import { DEFAULT_TARGET } from '../coder/releases.ts';
import { VERSION } from '../version.ts';
import { PROBLEM_NAMES, type ProblemName, problemType, statusOf } from './problem.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Schema = { readonly [key: string]: Json };

/** The description of the hook's HTTP interface (OpenAPI 3.1), made from the report's own schema. */
export function openApi(): Schema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'tasks-lint import hook',
      version: VERSION,
      description: 'Says whether a Coder template is Task-capable, for servers that import templates.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    security: [{}, { token: [] }],
    paths: {
      '/v1/analyze': {
        post: {
          operationId: 'analyze',
          summary: 'Analyse a template',
          parameters: PARAMETERS,
          requestBody: UPLOAD,
          responses: {
            '200': { description: 'The report.', headers: HEADERS, content: jsonOf('Analysis') },
            ...UPLOAD_PROBLEMS,
          },
        },
      },
      '/v1/migrate': {
        post: {
          operationId: 'migrate',
          summary: 'Migrate a template',
          parameters: PARAMETERS,
          requestBody: UPLOAD,
          responses: {
            '200': {
              description: 'The migrated template; Accept decides between all of it and the archive alone.',
              headers: HEADERS,
              content: { ...jsonOf('Migration'), 'application/x-tar': {} },
            },
            ...UPLOAD_PROBLEMS,
            ...problems('no-migration'),
          },
        },
      },
      '/healthz': {
        get: {
          operationId: 'health',
          summary: 'Whether the server can take uploads',
          security: [{}],
          responses: {
            '200': { description: 'It can.', headers: HEADERS, content: jsonOf('Health') },
            '503': {
              description: 'It cannot yet, or no more.',
              headers: HEADERS,
              content: { ...jsonOf('Health'), ...problemContent(['stopping']) },
            },
          },
        },
      },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Metrics in the text format of Prometheus',
          responses: {
            '200': {
              description: 'The metrics.',
              headers: HEADERS,
              content: { 'text/plain': { schema: { type: 'string' } } },
            },
            ...problems('unauthorized', 'stopping'),
          },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'openapi',
          summary: 'This description',
          responses: {
            '200': {
              description: 'The description.',
              headers: HEADERS,
              content: { 'application/json': { schema: { type: 'object' } } },
            },
            ...problems('unauthorized', 'stopping'),
          },
        },
      },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      headers: {
        RequestId: {
          description: 'The id that the request brought, or a new one.',
          schema: { type: 'string' },
        },
      },
      schemas: schemas(),
    },
  };
}

const HEADERS: Schema = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };

const PARAMETERS: Json = [
  {
    name: 'coder-version',
    in: 'query',
    description: `Semver range of Coder versions that the template is for; without it the server's, which is "${DEFAULT_TARGET}" by default.`,
    schema: { type: 'string' },
  },
  {
    name: 'require',
    in: 'query',
    description:
      'What the template must be on all of these versions, in addition to what the server demands.',
    schema: { enum: ['capable'] },
  },
  {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Id under which the request is logged.',
    schema: { type: 'string', pattern: '^[\\w.:-]{1,128}$' },
  },
];

const UPLOAD: Schema = {
  description: 'One template, at the top of the upload or in the one folder that holds Terraform files.',
  required: true,
  content: {
    'application/x-tar': {},
    'application/zip': {},
    'application/x-zip-compressed': {},
    'application/json': {
      schema: {
        description: 'Texts by path.',
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      example: { 'main.tf': 'resource "coder_ai_task" "task" {}\n' },
    },
  },
};

const UPLOAD_PROBLEMS = problems(
  ...PROBLEM_NAMES.filter((name) => !['not-found', 'method-not-allowed', 'no-migration'].includes(name)),
);

/** Answers for problems, those of one status together. */
function problems(...names: ProblemName[]): Schema {
  const statuses = [...new Set(names.map(statusOf))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const here = names.filter((name) => statusOf(name) === status);
      return [
        String(status),
        { description: here.join(', '), headers: HEADERS, content: problemContent(here) },
      ];
    }),
  );
}

function problemContent(names: readonly ProblemName[]): Schema {
  const schema = {
    type: 'object',
    allOf: [
      {
        $ref: names.includes('not-capable') ? '#/components/schemas/Refusal' : '#/components/schemas/Problem',
      },
    ],
    properties: { type: { enum: names.map(problemType) } },
  };
  return { 'application/problem+json': { schema } };
}

function jsonOf(name: string): Schema {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

/** The report's schema with its definitions as components: what it uses of draft 7 means the same in 2020-12. */
function schemas(): Schema {
  const {
    $schema: _dialect,
    $id: _id,
    definitions,
    ...report
  } = relocate(reportSchema as Json) as {
    $schema: Json;
    $id: Json;
    definitions: Schema;
    properties: Schema;
    required: readonly Json[];
    [key: string]: Json;
  };
  const notes: Schema = {
    description: 'What was left out of the upload, or is odd about it, and what the report leaves out.',
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['path', 'text'],
      properties: { path: { type: 'string' }, text: { type: 'string' } },
    },
  };
  return {
    ...definitions,
    Report: report,
    Analysis: {
      ...report,
      title: 'tasks-lint report on an upload',
      required: [...report.required, 'notes'],
      properties: { ...report.properties, notes },
    },
    Migration: {
      type: 'object',
      additionalProperties: false,
      required: ['report', 'diff', 'complete', 'manual', 'archive', 'notes'],
      properties: {
        report: { description: 'On the migrated template.', $ref: '#/components/schemas/Report' },
        diff: { description: 'Unified diff; empty when nothing changes.', type: 'string' },
        complete: {
          description: 'Whether the migrated template works on all of the target without a blocking step.',
          type: 'boolean',
        },
        manual: {
          description: 'Steps left to a person, in order.',
          type: 'array',
          items: { $ref: '#/components/schemas/ManualStep' },
        },
        archive: { description: 'The migrated upload, a tar.', type: 'string', contentEncoding: 'base64' },
        notes,
      },
    },
    ManualStep: {
      type: 'object',
      additionalProperties: false,
      required: ['text', 'address', 'file', 'at', 'ruleId', 'blocking'],
      properties: {
        text: { type: 'string' },
        address: { type: ['string', 'null'] },
        file: { type: ['string', 'null'] },
        at: { description: 'Line in the file of the migrated template, from 1.', type: ['integer', 'null'] },
        ruleId: { type: ['string', 'null'] },
        blocking: { description: 'Whether the template does not do its work before.', type: 'boolean' },
      },
    },
    Health: {
      type: 'object',
      additionalProperties: false,
      required: ['status'],
      properties: { status: { enum: ['ok', 'starting'] } },
    },
    Problem: {
      description: 'A problem as RFC 9457 writes it down.',
      type: 'object',
      required: ['type', 'title', 'status', 'detail', 'requestId'],
      properties: {
        type: { type: 'string', format: 'uri' },
        title: { type: 'string' },
        status: { type: 'integer' },
        detail: { type: 'string' },
        requestId: { type: 'string' },
      },
    },
    Refusal: {
      description: 'A problem; of a template that is refused, with the reasons.',
      type: 'object',
      allOf: [{ $ref: '#/components/schemas/Problem' }],
      if: { type: 'object', properties: { type: { const: problemType('not-capable') } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it that
      then: {
        type: 'object',
        required: ['coderVersion', 'reasons', 'verdict', 'notes'],
        properties: {
          coderVersion: { type: 'string' },
          verdict: { $ref: '#/components/schemas/verdict' },
          notes,
          reasons: {
            type: 'array',
            minItems: 1,
            items: { $ref: '#/components/schemas/Reason' },
          },
        },
      },
    },
    Reason: {
      description: 'Why a template is refused.',
      type: 'object',
      additionalProperties: false,
      required: ['ruleId', 'message', 'advice', 'file', 'at', 'lines'],
      properties: {
        lines: {
          description: 'Release lines on which this is a reason.',
          type: 'array',
          items: { $ref: '#/components/schemas/line' },
        },
        ruleId: { description: 'Null where no rule is the cause.', type: ['string', 'null'] },
        message: { type: 'string' },
        advice: { type: ['string', 'null'] },
        file: { type: ['string', 'null'] },
        at: { description: 'Line in the file, from 1.', type: ['integer', 'null'] },
      },
    },
  };
}

/** A schema whose references lead to components. */
function relocate(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(relocate);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace(/^#\/definitions\//, '#/components/schemas/')
        : relocate(member),
    ]),
  );
}
