import { describe, expect, test } from 'vitest';
import { parseJson } from '../src/hcl/parse-json.ts';
import {
  argumentNamed,
  type Block,
  literalString,
  nestedBlocks,
  type ParsedFile,
} from '../src/hcl/syntax.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { outline, parser, textOf, walkSpans } from './support/hcl.ts';

function parseText(text: string): ParsedFile {
  return parseJson(new SourceFile('main.tf.json', text), parser);
}

function blocksOf(parsed: ParsedFile): Block[] {
  return parsed.body.items.filter((item) => item.kind === 'block');
}

function valueIn(json: string): string {
  const { body, problems } = parseText(`{"locals": {"x": ${json}}}`);
  expect(problems).toEqual([]);
  const [locals] = body.items as [Block];
  return outline(argumentNamed(locals.body, 'x')?.value ?? { kind: 'invalid', span: locals.span });
}

describe('blocks', () => {
  test('take as many labels as their type has', () => {
    const parsed = parseText(`{
      "terraform": {"required_version": "1"},
      "resource": {"coder_app": {"a": {"url": "x"}, "b": {}}},
      "data": {"coder_task": {"me": {}}},
      "module": {"m": {}}, "variable": {"v": {}}, "output": {"o": {}}, "provider": {"coder": {}},
      "locals": {"l": 1}
    }`);
    expect(parsed.problems).toEqual([]);
    expect(blocksOf(parsed).map(outline)).toEqual([
      'terraform { required_version = ("1") }',
      'resource "coder_app" "a" { url = ("x") }',
      'resource "coder_app" "b" {  }',
      'data "coder_task" "me" {  }',
      'module "m" {  }',
      'variable "v" {  }',
      'output "o" {  }',
      'provider "coder" {  }',
      'locals { l = 1 }',
    ]);
  });

  test('may come in lists at every level, also of the file', () => {
    const parsed = parseText('[{"resource": [{"a": [{"b": [{"x": 1}, {"x": 2}]}]}]}, {"locals": [{}, {}]}]');
    expect(blocksOf(parsed).map(outline)).toEqual([
      'resource "a" "b" { x = 1 }',
      'resource "a" "b" { x = 2 }',
      'locals {  }',
      'locals {  }',
    ]);
  });

  test('point with the key of the last label', () => {
    const [block] = blocksOf(parseText('{"resource": {"coder_app": {"web": {"url": "x"}}}}')) as [Block];
    expect([block.typeSpan, block.headerSpan, block.span, block.body.span].map(textOf)).toEqual([
      '"resource"',
      '"web"',
      '"web": {"url": "x"}',
      '{"url": "x"}',
    ]);
    expect(block.labels.map((label) => textOf(label.span))).toEqual(['"coder_app"', '"web"']);
    expect(block.body.json).toBe(true);
  });

  test('inside a body are found by their name, as an object or a list', () => {
    const [block] = blocksOf(
      parseText('{"resource": {"a": {"b": {"env": [{"n": "1"}, {"n": "2"}], "lifecycle": {"x": true}}}}}'),
    ) as [Block];
    expect(nestedBlocks(block.body, 'env').map(outline)).toEqual(['env { n = ("1") }', 'env { n = ("2") }']);
    expect(nestedBlocks(block.body, 'lifecycle').map(outline)).toEqual(['lifecycle { x = true }']);
  });

  test('of a top-level name that is none stay arguments', () => {
    expect(parseText('{"locals_": {"a": 1}}').body.items.map(outline)).toEqual(['locals_ = {a: 1}']);
  });

  test('that are no objects are a problem', () => {
    const { problems } = parseText('{"resource": {"a": {"b": 3}}, "module": null}');
    expect(problems.map((problem) => [problem.summary, textOf(problem.span)])).toEqual([
      ['Incorrect JSON value type', '3'],
    ]);
  });
});

describe('values', () => {
  test.each([
    ['null', 'null'],
    ['-1.5e3', '-1500'],
    ['[1, [true]]', '[1, [true]]'],
    ['{"a": {"b": 1}}', '{a: {b: 1}}'],
    ['{"${k}": 1, "a${k}": 2}', '{<(k)>: 1, <("a" k)>: 2}'],
    ['""', '()'],
    ['"a\\n\\"\\u00e9\\/"', '("a\\n\\"é/")'],
    ['"${a.b}"', '(a.b)'],
    ['"x ${a[\\"k\\"]} y"', '("x " a[("k")] " y")'],
    ['"%{ if a }b%{ else }${c}%{ endif }"', '([if a then "b" else c])'],
    ['"$${a} \\\\n"', '("${a} \\\\n")'],
    ['"a\\nEOT\\n${b}\\n"', '("a\\nEOT\\n" b "\\n")'],
    ['"${\\"${\\"a\\"}\\"}"', '((("a")))'],
    ['"$ {a} 100%"', '("$ {a} 100%")'],
  ])('%s', (json, expected) => {
    expect(valueIn(json)).toBe(expected);
  });

  test('have spans in the file, behind any escape', () => {
    const { body } = parseText('{"locals": {"x": "\\"\\n\\u00e9😀${ a[\\"k\\"].b } z"}}');
    const value = argumentNamed((body.items[0] as Block).body, 'x')?.value;
    if (value?.kind !== 'template') throw new Error('no template');
    expect(textOf(value.span)).toBe('"\\"\\n\\u00e9😀${ a[\\"k\\"].b } z"');
    const [before, inner, behind] = value.parts;
    expect([before, inner, behind].map((part) => part && textOf(part.span))).toEqual([
      '\\"\\n\\u00e9😀',
      '${ a[\\"k\\"].b }',
      ' z',
    ]);
    if (inner?.kind !== 'interpolation' || inner.value.kind !== 'traversal') throw new Error('no traversal');
    expect(inner.value.steps.map((step) => textOf(step.span))).toEqual(['[\\"k\\"]', '.b']);
  });

  test('that are references by name stay strings', () => {
    const [block] = blocksOf(parseText('{"module": {"m": {"depends_on": ["a.b"], "source": "./m"}}}')) as [
      Block,
    ];
    expect(outline(block)).toBe('module "m" { depends_on = [("a.b")]; source = ("./m") }');
  });
});

test('"//" properties are comments', () => {
  const { comments, body } = parseText('{"//": " note ", "locals": {"//": "two", "a": 1}}');
  expect(comments.map((comment) => [comment.style, comment.text, textOf(comment.span)])).toEqual([
    ['//', 'note', '"//": " note "'],
    ['//', 'two', '"//": "two"'],
  ]);
  expect(body.items.map(outline)).toEqual(['locals { a = 1 }']);
});

test('"__proto__", "constructor" and repeated keys are names like any other', () => {
  const [locals] = blocksOf(
    parseText('{"locals": {"__proto__": {"a": 1}, "constructor": 2, "a": 1, "a": 2, "b": {"__proto__": 3}}}'),
  ) as [Block];
  expect(outline(locals)).toBe(
    'locals { __proto__ = {a: 1}; constructor = 2; a = 1; a = 2; b = {__proto__: 3} }',
  );
  expect(literalString(argumentNamed(locals.body, 'toString')?.value)).toBeNull();
});

describe('problems', () => {
  test.each([
    ['{"a": 1,}', 'Property name expected.'],
    ['{"a": 1} {}', 'End of file expected.'],
    ['// no\n{}', 'JSON knows no comments; a "//" property holds one.'],
    ['', 'Value expected.'],
    ['{"a": "b', 'Unexpected end of string.'],
    ['{"a": "\\x"}', 'Invalid escape character.'],
    ["{'a': 1}", 'Invalid symbol.'],
  ])('of JSON: %s', (text, detail) => {
    const { problems, doubt } = parseText(text);
    expect(problems[0]).toMatchObject({ summary: 'Invalid JSON', detail });
    expect(doubt).toBeNull();
  });

  test.each(['"${"', '"${}"', '"${a b}"', '"%{ if a }"', '"${HOME:-x}"'])('of a template: %s', (json) => {
    const { problems } = parseText(`{"locals": {"x": ${json}}}`);
    expect(problems).not.toEqual([]);
    for (const { span } of problems) expect(span.start).toBeGreaterThanOrEqual(17);
  });

  test('of nesting', () => {
    expect(parseText('['.repeat(100_000)).problems[0]?.summary).toBe('Nested too deeply');
    const inString = `{"a": "${'${[['.repeat(1000)}"}`;
    expect(parseText(inString).problems[0]?.summary).toBe('Nested too deeply');
  });
});

test('a BOM and CRLF leave positions right', () => {
  const { body, problems } = parseText('\ufeff{\r\n  "locals": {"a": "${b}"}\r\n}\r\n');
  expect(problems).toEqual([]);
  expect(body.items.map((item) => textOf(item.span))).toEqual(['"locals": {"a": "${b}"}']);
});

test('no prefix throws', () => {
  const text =
    '{"resource": {"a": {"b": {"c": ["x ${d[\\"e\\"]} \\u00e9", 1.5, null, {"f": "%{ if g }h%{ endif }"}]}}}}';
  for (let length = 0; length < text.length; length++) {
    const { body, problems } = parseText(text.slice(0, length));
    walkSpans([body, problems], (span) => {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(length);
    });
  }
});
