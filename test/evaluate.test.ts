import { describe, expect, it } from 'vitest';
import { SourceFile } from '../src/source/source-file.ts';
import { evaluate, type Scope } from '../src/terraform/evaluate.ts';
import { invalid, list, NULL, object, string, unknown, type Value } from '../src/terraform/value.ts';
import { parser } from './support/hcl.ts';
import { show } from './support/values.ts';

const NAMES: Record<string, Value> = {
  hidden: unknown('it is hidden'),
  missing: invalid('it is missing'),
  either: list([string('a'), string('b')]),
  nothing: NULL,
  partly: object([
    ['known', string('a')],
    ['hidden', unknown('it is hidden')],
  ]),
};

const scope: Scope = {
  resolve(root, steps, key) {
    if (root === 'keyed') {
      const [first] = steps;
      return first === undefined ? null : { value: key(first), used: 1 };
    }
    const value = NAMES[root];
    return value === undefined ? null : { value, used: 0 };
  },
};

function valueOfText(text: string, names: Scope = scope): Value {
  const parsed = parser.parse(new SourceFile('main.tf', `x = ${text}\n`));
  const [argument] = parsed.body.items;
  if (argument?.kind !== 'argument' || parsed.problems.length > 0) throw new Error(`not parsed: ${text}`);
  return evaluate(argument.value, names);
}

/** Answers of Terraform 1.11.4, where nothing is hidden. */
const KNOWN: Record<string, readonly (readonly [string, string])[]> = {
  'numbers and conversions': [
    ['1 + 2 * 3', '7'],
    ['"5" + "6"', '11'],
    ['-5 % 3', '-2'],
    ['1e3', '1000'],
    ['true + 1', '!'],
    ['null + 1', '!'],
    ['" 5" + 1', '!'],
    ['1 < "2"', 'true'],
    ['"b" > "a"', '!'],
    ['tostring(1.10)', '"1.1"'],
    ['tostring(1e21)', '"1000000000000000000000"'],
    ['tostring(0.0000001)', '"0.0000001"'],
    ['tobool("1")', 'true'],
    ['tobool(1)', '!'],
    ['tonumber(tobool(null))', '!'],
  ],
  'equality, which compares types': [
    ['1 == "1"', 'false'],
    ['true == "true"', 'false'],
    ['[1] == [1]', 'true'],
    ['[1] == tolist([1])', 'false'],
    ['{ a = 1 } == tomap({ a = 1 })', 'false'],
    ['null == null', 'true'],
    ['1 != null', 'true'],
    ['"e\\u0301" == "é"', 'true'],
  ],
  templates: [
    ['"${[1]}"', '[1]'],
    ['"x${1.50}"', '"x1.5"'],
    ['"x${null}"', '!'],
    ['"x${[1]}"', '!'],
    ['"%{ if true }a%{ else }${[]}%{ endif }"', '"a"'],
    ['"%{ for x in [1, 2] }${x},%{ endfor }"', '"1,2,"'],
  ],
  conditionals: [
    ['true ? 1 : "a"', '"1"'],
    ['true ? 1 : [][0]', '1'],
    ['true ? 1 : null', '1'],
    ['true ? 1 : [1]', '!'],
    ['true ? 1 : true', '!'],
    ['"true" ? 1 : 2', '1'],
    ['null ? 1 : 2', '!'],
    ['true ? { a = 1, b = [1] } : { a = 2 }', '!'],
    ['false ? { for v in ["a", "a"] : v => 1 } : { a = [] }', '!'],
    ['false ? tomap(null) : { a = 1, b = "x" }', '{a:"1",b:"x"}'],
  ],
  'steps and splats': [
    ['[1, 2, 3]["1"]', '2'],
    ['[1][1]', '!'],
    ['[1][-1]', '!'],
    ['{ a = 1 }.b', '!'],
    ['{ "0" = 1 }[0]', '1'],
    ['toset(["a"])[0]', '!'],
    ['null[*]', '[]'],
    ['5[*]', '[5]'],
    ['{ a = 1 }[*].a', '[1]'],
    ['[{ a = [1, 2] }, { a = [3, 4] }][*].a[0]', '[1,3]'],
    ['[{ a = [1, 2] }, { a = [3, 4] }].*.a[0]', '[1,2]'],
    ['[{ a = [{ b = 1 }] }][*].a[*].b', '[[1]]'],
    ['slice(tolist(["a"]), 0, 0)[*].a', '!'],
    ['slice(tolist(["a"]), 0, 0)[*][0]', '!'],
    ['slice(tolist([{ a = 1 }]), 0, 0)[*].a', '[]'],
    ['slice(tolist([{ a = 1 }]), 0, 0)[*].b', '!'],
    ['tolist([])[*].a', '[]'],
    ['[][*].a', '[]'],
  ],
  'for expressions': [
    ['[for k, v in { b = 1, a = 2 } : "${k}${v}"]', '["a2","b1"]'],
    ['[for k, v in toset(["b", "a"]) : "${k}${v}"]', '["aa","bb"]'],
    ['{ for v in ["a", "a"] : v => 1 }', '!'],
    ['{ for i, v in ["a", "b", "a"] : v => i... }', '{a:[0,2],b:[1]}'],
    ['[for v in [1, 2, 3] : v if v > 1]', '[2,3]'],
    ['[for v in [] : v if v != [][0]]', '!'],
    ['[for x in [[1], [2]] : [for y in x : y + 1]]', '[[2],[3]]'],
    ['[for v in "abc" : v]', '!'],
  ],
  functions: [
    ['try("a" + 1, 2)', '2'],
    ['can({ a = 1 }.b)', 'false'],
    ['try(null, 1)', 'null'],
    ['coalesce("", null, 1)', '"1"'],
    ['lookup(tomap({ a = "s" }), "b", 1)', '"1"'],
    ['lookup({ a = 1 }, "b")', '!'],
    ['max([1, 3, 2]...)', '3'],
    ['concat(tolist([1]), tolist(["a"]))', '["1","a"]'],
    ['concat(range(1), compact([]))', '["0"]'],
    ['sort(chunklist([1], 1))', '!'],
    ['lookup(tomap({ a = "1" }), "a", {})', '!'],
    ['compact(["a", "", null, 1])', '["a","1"]'],
    ['tolist(toset([10, 9, 1]))', '[1,9,10]'],
    ['sort([true, "a", 2, 10])', '["10","2","a","true"]'],
    ['substr("hello", -3, 2)', '"ll"'],
    ['range(5, 0)', '[5,4,3,2,1]'],
    ['range(1025)', '!'],
    ['chunklist([1, "a", 2], 2)', '[["1","a"],["2"]]'],
    ['zipmap(["a", "b"], [1, 2])', '{a:1,b:2}'],
    [
      'jsonencode({ b = [true, null], a = "<&>" })',
      JSON.stringify('{"a":"\\u003c\\u0026\\u003e","b":[true,null]}'),
    ],
    ['jsondecode("{\\"a\\":[1,2.50,null]}")', '{a:[1,2.5,null]}'],
    ['base64decode("/w==")', '!'],
    ['format("%s-%03d-%q-%-4s|%5.2f", 1, 7, "a", "b", 1.5)', JSON.stringify('1-007-"a"-b   | 1.50')],
    ['format("%s %v", 12345678, 12345)', '"12345678 12345"'],
    ['format("%s")', '!'],
    ['format("%s", "a", "b")', '!'],
    ['regex("^([a-z]+)(-[0-9]+)?$", "abc")', '["abc",null]'],
    ['regex("z", "a")', '!'],
    ['replace("a1b2", "/([a-z])([0-9])/", "$2$1")', '"1a2b"'],
    ['replace("abc", "", "-")', '"-a-b-c-"'],
    ['upper("a", "b")', '!'],
    ['core::upper("a")', '"A"'],
  ],
};

describe.each(Object.entries(KNOWN))('evaluates %s as Terraform does', (_, cases) => {
  it.each(cases)('%s is %s', (text, expected) => {
    expect(show(valueOfText(text))).toBe(expected);
  });
});

describe('keeps what is not known apart from what is', () => {
  it.each([
    ['hidden', '?'],
    ['hidden + 1', '?'],
    ['hidden + []', '!'],
    ['missing', '!'],
    ['nobody', '!'],
    ['false && hidden', 'false'],
    ['hidden && false', 'false'],
    ['true && hidden', '?'],
    ['true || hidden', 'true'],
    ['false && [][0]', '?'],
    ['hidden ? 1 : 1', '1'],
    ['hidden ? 1 : 2', '?'],
    ['hidden ? [] : "a"', '!'],
    ['true ? "a" : hidden', '"a"'],
    // A hidden text would make it "1".
    ['true ? 1 : hidden', '?'],
    ['true ? null : hidden', 'null'],
    ['[hidden]', '[?]'],
    ['length([hidden])', '1'],
    ['length(toset([hidden, "a"]))', '?'],
    ['{ a = hidden, b = 1 }.b', '1'],
    ['{ (hidden) = 1 }', '?'],
    ['keys(partly)', '["hidden","known"]'],
    ['partly.known', '"a"'],
    ['[missing, 1][1]', '!'],
    ['contains([hidden, "a"], "a")', 'true'],
    ['contains([hidden, "a"], "b")', '?'],
    ['merge(partly, { hidden = 1 }).hidden', '1'],
    ['try(hidden, 1)', '?'],
    ['try(missing, 1)', '1'],
    ['try(nothing.a, 1)', '1'],
    ['can(hidden)', '?'],
    ['try({ a = hidden, b = 1 }.b, 2)', '?'],
    ['try([for v in ["a"] : v if v != ""][0], 2)', '"a"'],
    ['coalesce(hidden, "a")', '?'],
    ['coalesce("a", hidden)', '"a"'],
    ['coalesce(1, hidden)', '?'],
    ['[for v in hidden : 1]', '?'],
    ['[for v in [1, hidden] : v]', '[1,?]'],
    ['[for v in [1] : v if hidden]', '?'],
    ['"${hidden}"', '?'],
    ['"a${hidden}${[]}"', '!'],
    ['hidden[0].a', '?'],
    ['[1, 2][hidden]', '?'],
    ['md5("a")', '?'],
    ['provider::coder::x("a")', '?'],
    // Neither a list nor a tuple for certain, so equal elements do not make equal values.
    ['either == ["a", "b"]', '?'],
    ['either == ["a", "c"]', 'false'],
    // Whether the branch fails, and so has no type to agree with, hangs on what is hidden.
    ['hidden ? coalesce(100, tonumber(hidden)) : tobool(null)', '?'],
    ['"0" != tobool((true ? tonumber(null) : hidden))', 'true'],
    ['merge(nothing, { a = 1 })', '?'],
  ])('%s is %s', (text, expected) => {
    expect(show(valueOfText(text))).toBe(expected);
  });

  it('gives the reason and the place', () => {
    const value = valueOfText('1 + upper(missing)');
    expect(value).toMatchObject({ kind: 'unknown', reason: { text: 'it is missing', error: true } });
    if (value.kind === 'unknown') expect(value.reason.span).toMatchObject({ start: 14, end: 21 });
  });

  it('lets the scope look at the keys of steps', () => {
    expect(show(valueOfText('keyed["a${1}"]'))).toBe('"a1"');
    expect(show(valueOfText('keyed.name'))).toBe('"name"');
    expect(show(valueOfText('[for keyed in ["bound"] : keyed]'))).toBe('["bound"]');
  });
});

describe('knows a number to the last digit, or not at all', () => {
  it.each([
    ['0.1 + 0.2', '?'],
    ['10 / 3', '?'],
    ['floor(10 / 3)', '3'],
    ['ceil(10 / 3)', '4'],
    ['10 / 3 > 3', 'true'],
    ['10 / 3 == 3', 'false'],
    ['floor(0.1 * 10)', '?'],
    ['tostring(10 / 4)', '"2.5"'],
    ['tostring(12345678901234567890)', '?'],
    ['9007199254740991 + 1', '?'],
    ['1 / 0', '?'],
  ])('%s is %s', (text, expected) => {
    expect(show(valueOfText(text))).toBe(expected);
  });
});

it('leaves what Go writes with an exponent unknown', () => {
  expect(show(valueOfText('format("%v", 12345678)'))).toBe('?');
});

describe('leaves patterns that mean something else in Go, or that might not end, unknown', () => {
  it.each([
    ['(a+)+$'],
    ['(a|aa)+$'],
    ['(?i)a'],
    ['[[:alpha:]]'],
    ['\\\\p{L}'],
    ['a{2}{3}'],
    ['(?P<x>a)(b)'],
    ['\\\\bword'],
    ['(?=a)'],
    ['a*a*a*a*a*a*a*b'],
  ])('%s', (pattern) => {
    expect(show(valueOfText(`regex("${pattern}", "${'a'.repeat(60)}")`))).toBe('?');
  });
});

describe('ends soon on hostile expressions', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const loops = (depth: number, inner: string): string =>
    depth === 0 ? inner : `[for x${depth} in range(1000) : ${loops(depth - 1, inner)}]`;

  it.each([
    ['loops in loops', loops(6, '1')],
    ['loops of joins', `length(${loops(2, 'join("", range(1000))')})`],
    [
      'texts that double',
      '[for t in [join("", [for i in range(1000) : "0123456789"])] : "${t}${t}"][0] == format("%1000s", "")',
    ],
    [
      'replacing by long texts',
      `[for t in [join("", [for i in range(1000) : "${'a'.repeat(500)}"])] : replace(t, "a", t)]`,
    ],
    ['wide padding', 'format("%9999s", "")'],
    ['indenting', 'indent(1e15, "a\\nb")'],
    ['deep nesting', nested(90)],
    ['many arguments', `concat(${Array.from({ length: 1000 }, () => 'range(1000)').join(', ')})`],
  ])('%s', { timeout: 60_000 }, (_, text) => {
    const start = performance.now();
    valueOfText(text);
    // A second on an idle machine; without the limits it would be hours, or all memory.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('sees that values which share parts are large for whoever walks them', () => {
    const doubled = `l${40}`;
    const names: Scope = {
      resolve(root) {
        const level = Number(root.slice(1));
        return {
          value: level === 0 ? string('a') : valueOfText(`[l${level - 1}, l${level - 1}]`, remembering),
          used: 0,
        };
      },
    };
    const memory = new Map<string, Value>();
    const remembering: Scope = {
      resolve(root, steps, key) {
        const known = memory.get(root);
        if (known !== undefined) return { value: known, used: 0 };
        const resolved = names.resolve(root, steps, key);
        if (resolved !== null) memory.set(root, resolved.value);
        return resolved;
      },
    };
    expect(JSON.stringify(valueOfText(doubled, remembering)).length).toBeLessThan(10_000_000);
  });

  it('gives up on a scope that asks again and again', () => {
    const endless: Scope = { resolve: () => ({ value: valueOfText('again + 1', endless), used: 0 }) };
    expect(valueOfText('again', endless)).toMatchObject({ reason: { text: 'it is too large to evaluate' } });
    // The next evaluation is not held back by what that one used up.
    expect(show(valueOfText('1 + 1'))).toBe('2');
  });
});
