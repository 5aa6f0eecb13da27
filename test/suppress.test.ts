import { describe, expect, test } from 'vitest';
import { LINE_IDS } from '../src/coder/releases.ts';
import { SUPPRESSION_RULES, type Suppressed, suppress } from '../src/engine/suppress.ts';
import { parseJson } from '../src/hcl/parse-json.ts';
import type { ParsedFile } from '../src/hcl/syntax.ts';
import type { Finding } from '../src/rule.ts';
import { applyEdits } from '../src/source/edit.ts';
import { SourceFile, textOf } from '../src/source/source-file.ts';
import { parser } from './support/hcl.ts';

const RULES = [{ id: 'task/a' }, { id: 'task/b' }, { id: 'task/fixed', ignorable: false }];

function parse(text: string, path = 'main.tf'): ParsedFile {
  const file = new SourceFile(path, text);
  return path.endsWith('.json') ? parseJson(file, parser) : parser.parse(file);
}

/** A finding at the first place of a text in a file. */
function findingAt(
  parsed: ParsedFile,
  text: string,
  ruleId = 'task/a',
  address: string | null = null,
): Finding {
  const start = parsed.file.text.indexOf(text);
  if (start === -1) throw new Error(`no ${text}`);
  return {
    ruleId,
    messageId: 'x',
    message: { problem: '', advice: '', effects: {} },
    at: { file: parsed.file, start, end: start + text.length },
    address,
    related: [],
    fix: null,
  };
}

/** Texts of the findings of `task/a` at these texts that stay. */
function staying(text: string, places: readonly string[], path?: string): string[] {
  const parsed = parse(text, path);
  const result = suppress(
    [parsed],
    places.map((place) => findingAt(parsed, place)),
    RULES,
  );
  return result.findings
    .filter(({ suppression }) => suppression === null)
    .map(({ finding }) => textOf(finding.at));
}

function problemsIn({ problems }: Suppressed): string[] {
  return problems.map(({ ruleId, messageId, at, message }) => {
    const { line, column } = at.file.positionAt(at.start);
    return `${line}:${column} ${ruleId} ${messageId}: ${message.problem}`;
  });
}

function problemsOf(text: string, places: readonly [string, string][] = [], path?: string): string[] {
  const parsed = parse(text, path);
  return problemsIn(
    suppress(
      [parsed],
      places.map(([place, rule]) => findingAt(parsed, place, rule)),
      RULES,
    ),
  );
}

const BLOCK = 'resource "x" "y" {\n  first = 1\n  nested {\n    inner = 2\n  }\n}\nlast = 3\n';
const PLACES = ['resource', 'first', 'inner', 'last'];

describe('a comment', () => {
  test.each([
    ['#', '#', ''],
    ['//', '//', ''],
    ['/* */', '/*', ' */'],
  ])('with %s at the end of a line is about what starts there', (_style, open, close) => {
    const text = BLOCK.replace('first = 1', `first = 1 ${open} tasks-lint-ignore task/a${close}`);
    expect(staying(text, PLACES)).toEqual(['resource', 'inner', 'last']);
  });

  test('at the end of a block header is about the header only', () => {
    const text = BLOCK.replace('"y" {', '"y" { # tasks-lint-ignore task/a');
    expect(staying(text, PLACES)).toEqual(['first', 'inner', 'last']);
  });

  test('in front of code on its line is about that line', () => {
    expect(staying(`/* tasks-lint-ignore task/a */ ${BLOCK}`, PLACES)).toEqual(['first', 'inner', 'last']);
  });

  test('on its own line is about the next line of code', () => {
    const text = BLOCK.replace('  first', '  # tasks-lint-ignore task/a\n\n  # because\n  first');
    expect(staying(text, PLACES)).toEqual(['resource', 'inner', 'last']);
  });

  test('above a line inside an expression is about that line', () => {
    const text = 'x = [\n  # tasks-lint-ignore task/a\n  one,\n  two,\n]\n';
    expect(staying(text, ['one', 'two'])).toEqual(['two']);
  });

  test('right above a block is about the whole block', () => {
    expect(staying(`# tasks-lint-ignore task/a\n${BLOCK}`, PLACES)).toEqual(['last']);
    const nested = BLOCK.replace('  nested', '  # tasks-lint-ignore task/a\n  nested');
    expect(staying(nested, PLACES)).toEqual(['resource', 'first', 'last']);
  });

  test('may have other comments between itself and the block', () => {
    const text = `# tasks-lint-ignore task/a\n# tasks-lint-ignore task/b\n/* more\n words */\n${BLOCK}`;
    expect(staying(text, PLACES)).toEqual(['last']);
  });

  test('with an empty line below is about the header of a block only', () => {
    expect(staying(`# tasks-lint-ignore task/a\n\n${BLOCK}`, PLACES)).toEqual(['first', 'inner', 'last']);
  });

  test('works with CRLF and a BOM', () => {
    const text = `\uFEFF# tasks-lint-ignore task/a -- why\r\n${BLOCK.replaceAll('\n', '\r\n')}`;
    expect(staying(text, PLACES)).toEqual(['last']);
    const trailing = BLOCK.replace('first = 1', 'first = 1 # tasks-lint-ignore task/a').replaceAll(
      '\n',
      '\r\n',
    );
    expect(staying(trailing, PLACES)).toEqual(['resource', 'inner', 'last']);
  });

  test('inside a heredoc is text', () => {
    const text = 'x = <<EOT\n# tasks-lint-ignore task/a\nEOT\ny = 1\n';
    expect(staying(text, ['y = 1'])).toEqual(['y = 1']);
    expect(problemsOf(text)).toEqual([]);
  });

  test('is read in a file with syntax errors', () => {
    expect(staying(`x = = 1\n# tasks-lint-ignore task/a\n${BLOCK}`, PLACES)).toEqual(['last']);
  });

  test('is about findings of the rules it names, in its own file', () => {
    const one = parse('x = 1 # tasks-lint-ignore task/a,task/b\n', 'a.tf');
    const two = parse('x = 1\n', 'b.tf');
    const findings = [
      findingAt(one, 'x'),
      findingAt(one, 'x', 'task/b'),
      findingAt(one, 'x', 'other'),
      findingAt(two, 'x'),
    ];
    const result = suppress([one, two], findings, RULES);
    expect(result.findings.map(({ suppression }) => suppression !== null)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(result.problems).toEqual([]);
  });

  test('for all silences every rule that can be', () => {
    const parsed = parse('x = 1 # tasks-lint-ignore all\n');
    const findings = [findingAt(parsed, 'x', 'task/b'), findingAt(parsed, 'x', 'task/fixed')];
    const result = suppress([parsed], findings, RULES);
    expect(result.findings.map(({ suppression }) => suppression !== null)).toEqual([true, false]);
  });

  test.each([
    ['task/a', ''],
    ['task/a -- the server is old', 'the server is old'],
    ['task/a, all --   two   words ', 'two words'],
    ['task/a --', ''],
    ['task/a -- a -- b', 'a -- b'],
  ])('%j gives the reason %j', (words, reason) => {
    const parsed = parse(`x = 1 # tasks-lint-ignore: ${words}\n`);
    const result = suppress([parsed], [findingAt(parsed, 'x')], RULES);
    expect(result.findings[0]?.suppression?.reason).toBe(reason);
  });

  test('keeps a reason of several lines on one', () => {
    const parsed = parse('/* tasks-lint-ignore task/a -- one\r\n   two */\nx = 1\n');
    const result = suppress([parsed], [findingAt(parsed, 'x')], RULES);
    expect(result.findings[0]?.suppression?.reason).toBe('one two');
  });
});

describe('for the whole file', () => {
  test('it stands above everything else', () => {
    const text = `# Copyright\n\n# tasks-lint-ignore-file task/a -- old\n\n${BLOCK}`;
    expect(staying(text, PLACES)).toEqual([]);
  });

  test('it does nothing further down, and says so', () => {
    const text = `${BLOCK}# tasks-lint-ignore-file task/a\n`;
    expect(staying(text, PLACES)).toEqual(PLACES);
    expect(problemsOf(text)).toEqual([
      '8:26 suppression/unused misplaced: The suppression comment does nothing where it stands.',
    ]);
  });

  test('it may stand in a file without anything else', () => {
    expect(problemsOf('# tasks-lint-ignore-file task/a\n')).toEqual([
      '1:26 suppression/unused unused: The suppression comment silences no finding of `task/a`.',
    ]);
  });
});

describe('above a module call', () => {
  const CALL =
    '# tasks-lint-ignore task/a\nmodule "m" {\n  source = "./m"\n}\nmodule "m2" {\n  source = "./m"\n}\n';

  function stayingAddresses(
    caller: ParsedFile,
    callee: ParsedFile,
    files: readonly ParsedFile[],
  ): (string | null)[] {
    const addresses = [
      'module.m',
      'module.m.coder_app.x',
      'module.m.module.n.x.y',
      'module.m2.x.y',
      'x.y',
      null,
    ];
    const findings = [
      ...addresses.map((address) => findingAt(callee, 'inner', 'task/a', address)),
      findingAt(caller, 'source'),
    ];
    const result = suppress(files, findings, RULES);
    return result.findings
      .filter(({ suppression }) => suppression === null)
      .map(({ finding }) => finding.address);
  }

  test('of the template it is about all that the module brings along', () => {
    const root = parse(CALL, 't/main.tf');
    const child = parse('inner = 1\n', 't/m/main.tf');
    expect(stayingAddresses(root, child, [root, child])).toEqual(['module.m2.x.y', 'x.y', null]);
  });

  test('inside a local module it is about the block, since the address depends on who calls', () => {
    const root = parse('', 't/main.tf');
    const child = parse(CALL, 't/m/main.tf');
    const grandchild = parse('inner = 1\n', 't/m/m/main.tf');
    expect(stayingAddresses(child, grandchild, [root, child, grandchild])).toHaveLength(6);
  });
});

describe('in JSON', () => {
  const JSON_TEXT = `{
  "resource": {
    "x": {
      "//": "about x",
      "one": {"in_one": 1, "list": [{"in_list": 1}, {"deep": {"bottom": 1}}]},
      "two": {"in_two": 1}
    }
  },
  "module": {"m": {"source": "./m"}}
}`;
  const JSON_PLACES = ['"one"', 'in_one', 'in_list', '"list"', 'bottom', '"two"', 'in_two', 'source'];

  function without(place: string): string[] {
    const text = JSON_TEXT.replace(place, (found) => `${found}"//": "tasks-lint-ignore task/a -- why", `);
    return staying(text, JSON_PLACES, 'main.tf.json');
  }

  test.each([
    ['one block', '"one": {', ['"two"', 'in_two', 'source']],
    ['an element of a list, with its name', '"deep": {', JSON_PLACES.filter((place) => place !== 'bottom')],
    ['all blocks of a type', '"x": {', ['source']],
    ['everything', '{', []],
  ])('the comment of an object is about %s', (_what, place, rest) => {
    expect(without(place)).toEqual(rest);
  });

  test('the comment of a listed object is about the object and the name of the list', () => {
    expect(without('"list": [{')).toEqual(['"one"', 'in_one', 'bottom', '"two"', 'in_two', 'source']);
  });

  test('for the file it stands in the outermost object', () => {
    const text = JSON_TEXT.replace('{', '{"//": "tasks-lint-ignore-file task/a",');
    expect(staying(text, JSON_PLACES, 'main.tf.json')).toEqual([]);
    const inner = JSON_TEXT.replace('about x', 'tasks-lint-ignore-file task/a');
    expect(staying(inner, JSON_PLACES, 'main.tf.json')).toEqual(JSON_PLACES);
    expect(problemsOf(inner, [], 'main.tf.json')).toEqual([
      '4:37 suppression/unused misplaced: The suppression comment does nothing where it stands.',
    ]);
  });

  test('a module call covers what the module brings along', () => {
    const text = JSON_TEXT.replace('{"source"', '{"//": "tasks-lint-ignore task/a", "source"');
    const parsed = parse(text, 'main.tf.json');
    const result = suppress([parsed], [findingAt(parsed, 'in_one', 'task/a', 'module.m.x.y')], RULES);
    expect(result.findings[0]?.suppression?.reason).toBe('');
  });

  test('problems have a place even when the comment is written with escapes', () => {
    const text = '{"//": "tasks-lint-ignore task\\u002fa, none\\/such", "x": "\\"//\\": {"}';
    const parsed = parse(text, 'main.tf.json');
    const result = suppress([parsed], [], RULES);
    expect(problemsIn(result)).toEqual([
      expect.stringMatching(/^1:2 suppression\/unknown-rule /),
      expect.stringMatching(/^1:2 suppression\/unused /),
    ]);
    expect(result.problems.every(({ fix }) => fix === null)).toBe(true);
  });

  test('broken text is no obstacle', () => {
    for (let end = 0; end < JSON_TEXT.length; end++) {
      const text = JSON_TEXT.replace('about x', 'tasks-lint-ignore task/a').slice(0, end);
      expect(() => problemsOf(text, [], 'main.tf.json')).not.toThrow();
    }
  });
});

describe('problems', () => {
  test.each([
    [
      'tasks-lint-ignore task/a',
      ['1:27 suppression/unused unused: The suppression comment silences no finding of `task/a`.'],
    ],
    [
      'tasks-lint-ignore all',
      ['1:27 suppression/unused unused: The suppression comment silences no finding of any rule.'],
    ],
    [
      'tasks-lint-ignore task/fixed',
      ['1:27 suppression/unused not-ignorable: `task/fixed` cannot be ignored.'],
    ],
    ['tasks-lint-ignore tsak/a', ['1:27 suppression/unknown-rule unknown-rule: There is no rule `tsak/a`.']],
    [
      'tasks-lint-ignore task/a for now',
      ['1:27 suppression/unknown-rule unknown-rule: `task/a for now` is no rule.'],
    ],
    [
      'tasks-lint-ignore task/b,none , task/a',
      [
        '1:27 suppression/unused unused: The suppression comment silences no finding of `task/b`.',
        '1:34 suppression/unknown-rule unknown-rule: There is no rule `none`.',
        '1:41 suppression/unused unused: The suppression comment silences no finding of `task/a`.',
      ],
    ],
    ['tasks-lint-ignore', ['1:7 suppression/unknown-rule no-rule: The suppression comment names no rule.']],
    [
      'tasks-lint-ignore -- why',
      ['1:7 suppression/unknown-rule no-rule: The suppression comment names no rule.'],
    ],
    [
      'tasks-lint-ignore-next-line task/a',
      [
        '1:7 suppression/unknown-rule unknown-comment: `tasks-lint-ignore-next-line` is no suppression comment.',
      ],
    ],
    [
      'tasks-lint-ignored once',
      ['1:7 suppression/unknown-rule unknown-comment: `tasks-lint-ignored` is no suppression comment.'],
    ],
    [
      'tasks-lint-ignor task/a',
      ['1:7 suppression/unknown-rule unknown-comment: `tasks-lint-ignor` is no suppression comment.'],
    ],
    [
      'tasks-lint-disable task/a',
      ['1:7 suppression/unknown-rule unknown-comment: `tasks-lint-disable` is no suppression comment.'],
    ],
    ['about tasks-lint-ignore task/a', []],
    ['tasks-lint-fix is a hook', []],
    ['tasks-lint is fine', []],
    ['tasks-lint-ignore suppression/unused', [expect.stringContaining('suppression/unused unused')]],
  ])('of %j', (comment, problems) => {
    expect(problemsOf(`x = 1 # ${comment}\n`)).toEqual(problems);
  });

  test('a comment with nothing behind it is unused', () => {
    expect(problemsOf('x = 1\n# tasks-lint-ignore task/a\n')).toEqual([
      '2:21 suppression/unused misplaced: The suppression comment does nothing where it stands.',
    ]);
  });

  test('one of two comments for the same finding is not called unused', () => {
    const text = '# tasks-lint-ignore-file task/a\nx = 1 # tasks-lint-ignore task/a\n';
    expect(problemsOf(text, [['x', 'task/a']])).toEqual([]);
  });

  test('are findings with advice on every line of releases', () => {
    const { problems } = suppress([parse('# tasks-lint-ignore tsak/a\nx = 1\n')], [], RULES);
    expect(Object.keys(problems[0]?.message.effects ?? {})).toEqual([...LINE_IDS]);
    expect(SUPPRESSION_RULES.map(({ id }) => id)).toContain(problems[0]?.ruleId);
  });

  test.each([
    ['x = 1 # tasks-lint-ignore task/a\r\ny = 2\r\n', 'x = 1\r\ny = 2\r\n'],
    ['  # tasks-lint-ignore task/a\n  x = 1\n', '  x = 1\n'],
    ['\uFEFF# tasks-lint-ignore task/a\nx = 1\n', '\uFEFFx = 1\n'],
    ['/* tasks-lint-ignore task/a\n -- why */\nx = 1\n', 'x = 1\n'],
    ['/* tasks-lint-ignore task/a */ x = 1\n', ' x = 1\n'],
    ['x = 1 # tasks-lint-ignore all', 'x = 1'],
    ['x = 1 # tasks-lint-ignore tsak/a\n', 'x = 1 # tasks-lint-ignore task/a\n'],
    ['x = 1 # tasks-lint-ignore task/a, tsak/b\n', 'x = 1 # tasks-lint-ignore task/a, task/b\n'],
  ])('in %j are mended to %j', (before, after) => {
    const parsed = parse(before);
    const { problems } = suppress([parsed], [], RULES);
    const edits = problems.flatMap(({ fix }) => fix?.edits ?? []);
    expect(applyEdits(parsed.file, edits.slice(0, 1))).toBe(after);
  });
});

test('a file of nothing but comments takes no time', () => {
  const lines = parse('# tasks-lint-ignore task/a\n'.repeat(20_000) + BLOCK);
  const oneLine = parse(`${'/* tasks-lint-ignore task/a */ '.repeat(20_000)}\n${BLOCK}`);
  const start = performance.now();
  suppress([lines, oneLine], [findingAt(lines, 'inner')], RULES);
  expect(performance.now() - start).toBeLessThan(3_000);
});
