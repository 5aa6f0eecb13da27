import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/cli.ts';
import { hasTerraform, terraform } from './support/terraform.ts';
import { show, valueOfLocal, valueOfLocalIn } from './support/values.ts';

/** Type, default and an expression over `var.v`, with what it is worth. */
const CASES: readonly (readonly [type: string, value: string, expression: string, worth: boolean])[] = [
  ['string', '1', 'var.v == "1"', true],
  ['number', '"1"', 'var.v == 1', true],
  ['bool', '"true"', 'var.v == true', true],
  ['map(string)', '{ a = 1 }', 'var.v.a == "1"', true],
  ['map(number)', '{ a = "1" }', 'var.v == tomap({ a = 1 })', true],
  ['list(string)', '[1, true]', 'var.v == tolist(["1", "true"])', true],
  ['list(string)', '[]', 'var.v == []', false],
  ['set(string)', '["b", "a", "b"]', 'length(var.v) == 2', true],
  ['set(string)', '["b", "a"]', 'var.v == toset(["a", "b"])', true],
  ['list(list(number))', '[["1"]]', 'var.v[0][0] == 1', true],
  ['string', 'null', 'can(regex("a", var.v))', false],
  ['map(string)', 'null', 'merge(var.v, { a = 1 }) == { a = 1 }', true],
  ['list(string)', 'null', 'try(var.v[*], "none") == "none"', true],
  ['any', '{ a = 1 }', 'var.v.a == 1', true],
  ['object({ a = string })', '{ a = 1, b = 2 }', 'var.v == { a = "1" }', true],
  ['object({ a = optional(string) })', '{}', 'var.v.a == null', true],
  ['object({ a = optional(string, 5) })', '{ a = null }', 'var.v.a == "5"', true],
  ['object({ a = optional(object({ b = optional(number, "2") }), {}) })', '{}', 'var.v.a.b == 2', true],
  ['object({ a = object({ b = bool }) })', '{ a = null }', 'var.v.a == null', true],
  ['list(object({ a = string }))', '[{ a = 1 }, { a = "x", b = 2 }]', 'var.v[*].a == ["1", "x"]', false],
  ['list(object({ a = string }))', '[{ a = 1 }, { a = "x" }]', 'join(",", var.v[*].a) == "1,x"', true],
  ['map(object({ a = optional(string, "d") }))', '{ k = {} }', 'var.v.k.a == "d"', true],
  ['map(object({ a = string }))', 'null', 'var.v == null', true],
  ['set(object({ a = string }))', '[{ a = 1 }, { a = "1" }]', 'length(var.v) == 1', true],
  ['list(any)', '[1, "a"]', 'var.v[0] == "1"', true],
  ['list', '[1, "a"]', 'var.v[0] == "1"', true],
  ['map(any)', '{ a = 1, b = "x" }', 'var.v.a == "1"', true],
];

describe.each(CASES)('a variable of type %s with the default %s', (type, value, expression, worth) => {
  const text = `variable "v" {\n  type    = ${type}\n  default = ${value}\n}\nlocals {\n  r = ${expression}\n}\n`;

  it(`makes ${expression} ${worth}`, () => {
    expect(valueOfLocal(text, 'r')).toEqual({ kind: 'bool', value: worth });
  });

  it.runIf(hasTerraform)('is so in Terraform', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'main.tf'), text);
    const { stdout, stderr } = terraform(['console'], { cwd: folder, input: 'local.r\n' });
    expect({ stdout: stdout.trim(), stderr }).toMatchObject({ stdout: String(worth) });
  });
});

describe.each([
  ['nullable = false', '"default"'],
  ['nullable = true', 'null'],
])('a variable with %s that is given null', (nullable, worth) => {
  const files = {
    'main.tf': 'module "m" {\n  source = "./m"\n  v      = null\n}\nlocals {\n  r = module.m.v\n}\n',
    'm/main.tf': `variable "v" {\n  default  = "default"\n  ${nullable}\n}\noutput "v" {\n  value = var.v\n}\n`,
  };

  it(`is worth ${worth}`, () => {
    expect(show(valueOfLocalIn(files, 'r'))).toBe(worth);
  });

  it.runIf(hasTerraform)('is so in Terraform', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'm'));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    terraform(['get'], { cwd: folder });
    const { stdout } = terraform(['console'], { cwd: folder, input: 'jsonencode(local.r)\n' });
    expect(JSON.parse(stdout)).toBe(worth);
  });
});
