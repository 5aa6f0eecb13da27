import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

/** Holds a log against the schema of SARIF 2.1.0; returns what is wrong with it. */
export function sarifErrors(log: unknown): unknown[] {
  validate ??= compile();
  return validate(log) ? [] : (validate.errors ?? []);
}

let validate: ReturnType<typeof compile> | undefined;

function compile() {
  const path = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const {
    id: _id,
    $schema: _schema,
    ...schema
  } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return new Ajv({
    strict: false,
    // One pattern of the schema is not valid with the u flag.
    unicodeRegExp: false,
    allErrors: true,
    formats: {
      uri: (text: string) => URL.canParse(text),
      'uri-reference': (text: string) =>
        /^[\w.~!$&'()*+,;=:@/?#%-]*$/.test(text) && !/%(?![0-9A-F]{2})/.test(text),
      'date-time': true,
    },
  }).compile(schema);
}
