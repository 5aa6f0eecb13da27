import { describe, expect, test } from 'vitest';
import { scan } from '../src/hcl/scan.ts';
import type { Block, Expression, Template } from '../src/hcl/syntax.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { fixtures, outline, parser, parseText, textOf, valueIn, walkSpans } from './support/hcl.ts';

describe('expressions', () => {
  test.each([
    ['12', '12'],
    ['-1.5e3', '(- 1500)'],
    ['true', 'true'],
    ['null', 'null'],
    ['""', '()'],
    ['"a\\n\\"\\\\\\u00e9\\U0001f600"', '("a\\n\\"\\\\é😀")'],
    ['"$${a} %%{b} $ $$${c}"', '("${a} %{b} $ $${c}")'],
    ['data.coder_task.me.prompt', 'data.coder_task.me.prompt'],
    ['module.x[0].y["k"]', 'module.x[0].y[("k")]'],
    ['a.0.b', 'a[0].b'],
    ['a[*].b[0].c', 'a[*].b[0].c'],
    ['a.*.b[0]', 'a.*.b[0]'],
    ['a . b [ * ] . c', 'a.b[*].c'],
    ['f(x)[0].y', 'f(x)[0].y'],
    ['(a).b', '<a>.b'],
    ['{ a = 1 }.a', '{a: 1}.a'],
    ['f()', 'f()'],
    ['f(a, b...)', 'f(a, b...)'],
    ['f(a, b,)', 'f(a, b)'],
    ['provider::coder::decode("x")', 'provider::coder::decode(("x"))'],
    ['-a.b + !c[0]', '((- a.b) + (! c[0]))'],
    ['a || b && c == d < e + f * g', '(a || (b && (c == (d < (e + (f * g))))))'],
    ['a - b - c', '((a - b) - c)'],
    ['a-b', 'a-b'],
    ['a ? b : c ? d : e ? f : g', '(a ? b : (c ? d : (e ? f : g)))'],
    ['a ? b ? c : d : e', '(a ? (b ? c : d) : e)'],
    ['x[a ? b : c ? d : e]', 'x[(a ? b : (c ? d : e))]'],
    ['[1, "b", [c],]', '[1, ("b"), [c]]'],
    ['{ a = 1, "b" : 2, (c) = 3, true = 4, "${d}" = 5 }', '{a: 1, b: 2, <<c>>: 3, true: 4, <(d)>: 5}'],
    ['[for v in l : f(v)]', 'tuple[for v in l: f(v)]'],
    ['[for i, v in l : v if i > 0]', 'tuple[for i, v in l: v if (i > 0)]'],
    ['{ for k, v in m : k => v... if v }', 'object[for k, v in m: k => v... if v]'],
    ['"${a}"', '(a)'],
    ['"x${a}y${"z${b}"}"', '("x" a "y" ("z" b))'],
    ['"a ${~ b ~} c"', '("a" b "c")'],
    ['"${~ b ~}"', '(b)'],
    ['" ${~ b ~} "', '("" b "")'],
    ['"%{ if a }x%{ else }y%{ endif }"', '([if a then "x" else "y"])'],
    ['"a %{~ if b ~} x %{~ endif ~} c"', '("a" [if b then "x"] "c")'],
    ['"%{ for k, v in m }${k}%{ endfor }"', '([for k, v in m do k])'],
    ['<<EOT\na ${b}\n  c\nEOT', 'heredoc("a " b "\\n  c\\n")'],
    ['<<-EOT\n    a\n\n      b ${c}\n  EOT', 'heredoc("a\\n\\n  b " c "\\n")'],
    ['<<-EOT\n  ${a}\n    b\n  EOT', 'heredoc("" a "\\n  b\\n")'],
    ['<<EOT\nEOT', 'heredoc()'],
    ['<<A\n${<<B\nx\nB\n}\nA', 'heredoc(heredoc("x\\n") "\\n")'],
  ])('%s', (text, expected) => {
    expect(outline(valueIn(`x = ${text}`))).toBe(expected);
  });
});

describe('spans', () => {
  test('a block: type, labels with quotes, header, body between the braces, and the whole', () => {
    const text = '# a\nresource "coder_app" web {\n  url = 1 # b\n}\n';
    const [block] = parseText(text).body.items as [Block];
    expect(textOf(block.typeSpan)).toBe('resource');
    expect(block.labels.map((label) => [label.text, textOf(label.span)])).toEqual([
      ['coder_app', '"coder_app"'],
      ['web', 'web'],
    ]);
    expect(textOf(block.headerSpan)).toBe('resource "coder_app" web');
    expect(textOf(block.body.span)).toBe('\n  url = 1 # b\n');
    expect([block.span.start, block.span.end]).toEqual([4, text.length - 1]);
    expect(textOf((block.body.items[0] as Block).span)).toBe('url = 1');
  });

  test.each<[text: string, pick: (value: Expression) => unknown, expected: unknown]>([
    [
      'x = data.a[0].b',
      (v) => v.kind === 'traversal' && v.steps.map((s) => textOf(s.span)),
      ['.a', '[0]', '.b'],
    ],
    ['x = a.0.b', (v) => v.kind === 'traversal' && v.steps.map((s) => textOf(s.span)), ['.0', '.b']],
    ['x = a.*.b', (v) => v.kind === 'traversal' && v.steps.map((s) => textOf(s.span)), ['.*', '.b']],
    ['x = a[ * ].b', (v) => v.kind === 'traversal' && v.steps.map((s) => textOf(s.span)), ['[ * ]', '.b']],
    ['x = f ( a , b )', (v) => textOf(v.span), 'f ( a , b )'],
    ['x = ( a ) . b', (v) => textOf(v.span), '( a ) . b'],
    ['x = a ? b : c ? d : e', (v) => v.kind === 'conditional' && textOf(v.else.span), 'c ? d : e'],
    ['x = - a', (v) => textOf(v.span), '- a'],
    ['x = { a = 1, }', (v) => v.kind === 'object' && v.entries.map((e) => textOf(e.span)), ['a = 1']],
    ['x = "a${ b }c"', (v) => (v as Template).parts.map((p) => textOf(p.span)), ['a', '${ b }', 'c']],
    ['x = "${~ b ~}"', (v) => (v as Template).parts.map((p) => textOf(p.span)), ['${~ b ~}']],
    ['x = <<-E\n  a\n  E', (v) => textOf(v.span), '<<-E\n  a\n  E'],
    ['x = <<-E\n  a\n  E', (v) => (v as Template).parts.map((p) => textOf(p.span)), ['  a\n']],
    [
      'x = "%{ if a }b%{ endif }"',
      (v) => (v as Template).parts.map((p) => textOf(p.span)),
      ['%{ if a }b%{ endif }'],
    ],
  ])('%s', (text, pick, expected) => {
    expect(pick(valueIn(text))).toEqual(expected);
  });

  test('count UTF-16 units behind text beyond ASCII, and skip a BOM', () => {
    const text = '\ufeffgröße = "é😀${naïve}"\r\nb = 1';
    const { body, doubt } = parseText(text);
    expect(doubt).toBeNull();
    expect(body.items.map((item) => [item.span.start, textOf(item.span)])).toEqual([
      [1, 'größe = "é😀${naïve}"'],
      [text.length - 5, 'b = 1'],
    ]);
  });

  test.each(fixtures('valid'))('of %s lie inside one another', (_name, text) => {
    const { body, comments } = parseText(text);
    walkSpans([body, comments], (span, within) => {
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      if (within === null) return;
      expect(span.start).toBeGreaterThanOrEqual(within.start);
      expect(span.end).toBeLessThanOrEqual(within.end);
    });
  });
});

test('each step of a reference has its own span', () => {
  const value = valueIn('x = data.b . c[0].d.e') as Extract<Expression, { kind: 'traversal' }>;
  expect([value.rootSpan, ...value.steps.map(({ span }) => span)].map(textOf)).toEqual([
    'data',
    '.b',
    '. c',
    '[0]',
    '.d',
    '.e',
  ]);
});

test('comments of all styles, without the carriage return of a CRLF file', () => {
  const { comments } = parseText('# one\r\na = 1 //two\r\n/* three\r\n */ b = "# no" // last');
  expect(comments.map((comment) => [comment.style, comment.text, textOf(comment.span)])).toEqual([
    ['#', 'one', '# one'],
    ['//', 'two', '//two'],
    ['/*', 'three', '/* three\r\n */'],
    ['//', 'last', '// last'],
  ]);
});

test('text in heredocs is neither comment nor block', () => {
  const { body, comments } = parseText('a = <<E\n# no\nresource "x" "y" {\nE\n');
  expect([body.items.length, comments.length]).toEqual([1, 0]);
});

test.each(['', '\ufeff', '\n', '# only', '\r\n\r\n'])('an empty file: %j', (text) => {
  expect(parseText(text)).toMatchObject({ body: { items: [] }, problems: [], doubt: null });
});

describe('broken files', () => {
  test.each([
    ['an unclosed block', 'resource "a" "b" {\n  x = 1\n\nresource "c" "d" {\n}\nlocals {\n}\n'],
    ['a stray word', 'locals {\n}\nthis is wrong\nlocals {\n}\nlocals {\n  a = [1, 2\n}\n'],
    ['shell in a heredoc', 'locals {\n  a = <<E\n${X:-}\nE\n}\nlocals {\n}\nlocals {\n}\n'],
    [
      'a URL in an interpolation that it comments out',
      'locals {\n  a = <<E\n${X:-http://x}\ncheck() {\nE\n}\nlocals {\n}\nmodule "m" {\n}\n',
    ],
  ])('%s leaves the other blocks', (_name, text) => {
    const { body, doubt } = parseText(text);
    expect(doubt).not.toBeNull();
    expect(body.items.filter((item) => item.kind === 'block')).toHaveLength(3);
  });

  test.each(['a.b = 1\n', 'a.b {\n}\n', 'a b.c {\n}\n', 'x = f.g(1)\n', 'x = [for a.b in c : 1]\n'])(
    'a reference where a name must stand: %j',
    (text) => {
      expect(parseText(text).problems).not.toEqual([]);
    },
  );

  test('a heredoc that holds Terraform is not taken up as blocks', () => {
    const { body } = parseText('a = <<E\nresource "x" "y" {\n}\nE\nb = = 1\nlocals {\n}\n');
    expect(body.items.filter((item) => item.kind === 'block').map((item) => item.type)).toEqual(['locals']);
  });

  test.each(fixtures('valid'))(
    'no prefix of %s throws, and every span lies in the file',
    { timeout: 30_000 },
    (_name, text) => {
      for (let length = 0; length < text.length; length += text.length > 1000 ? 3 : 1) {
        const parsed = parseText(text.slice(0, length));
        walkSpans([parsed.body, parsed.problems, parsed.comments], (span) => {
          if (span.start < 0 || span.end < span.start || span.end > length) {
            throw new Error(`span ${span.start}-${span.end} of a prefix of ${length}`);
          }
        });
      }
    },
  );
});

describe('doubt', () => {
  test.each(fixtures('valid'))('%s raises none', (_name, text) => {
    expect(parseText(text)).toMatchObject({ problems: [], doubt: null });
  });

  test.each(fixtures('refused'))('%s raises one', (_name, text) => {
    expect(parseText(text).doubt).not.toBeNull();
  });
});

describe('hostile input', () => {
  const nested: [string, string][] = [
    ['brackets', `a = ${'['.repeat(100_000)}`],
    ['closed brackets', `a = ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['blocks', 'a {\n'.repeat(5000)],
    ['parentheses', `a = ${'('.repeat(5000)}`],
    ['interpolations', `a = ${'"${'.repeat(5000)}`],
    ['unary operators', `a = ${'!'.repeat(50_000)}b`],
    ['binary operators', `a = b${' + b'.repeat(50_000)}`],
    ['conditionals', `a = ${'b ? c : '.repeat(50_000)}d`],
    ['heredocs', `a = ${'<<E\n${'.repeat(5000)}`],
  ];
  test.each(nested)('%s nested too deeply are a problem, not a crash', (_name, text) => {
    const { problems, doubt } = parseText(text);
    expect(problems[0]?.summary).toBe('Nested too deeply');
    expect(doubt).not.toBeNull();
  });

  test('200 levels are fine', () => {
    expect(parseText(`a = ${'['.repeat(200)}${']'.repeat(200)}`)).toMatchObject({
      problems: [],
      doubt: null,
    });
    expect(valueIn(`a = ${'"${'.repeat(45)}b${'}"'.repeat(45)}`).kind).toBe('template');
  });

  test.each([
    ['one string', `a = "${'x'.repeat(5_000_000)}"`],
    ['one comment', `# ${'x'.repeat(5_000_000)}`],
    ['blanks', `a = ${' '.repeat(5_000_000)}1`],
    ['one name', 'a'.repeat(5_000_000)],
    ['a heredoc', `a = <<E\n${'line\n'.repeat(1_000_000)}E\n`],
  ])('5 MB of %s', { timeout: 20_000 }, (_name, text) => {
    const before = performance.now();
    parseText(text);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test.each([
    ['strings', '"" '],
    ['braces', '{}'],
    ['words', 'a '],
    ['blocks with an error each', 'resource "a" "b" {\n  x =\n}\n'],
    ['brackets of all kinds', '[)]{('],
  ])('100 kB of %s do not take long, nor spoil the next file', { timeout: 20_000 }, (_name, unit) => {
    const before = performance.now();
    const { problems, doubt } = parseText(unit.repeat(100_000 / unit.length));
    expect(performance.now() - before).toBeLessThan(8000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(50);
    expect(doubt).not.toBeNull();
    expect(parseText('a = 1\n')).toMatchObject({ problems: [], doubt: null });
  });

  test('a thousand strings in a row are no HCL, whatever is between the others', () => {
    const list = `a = [${'"x", '.repeat(5000)}]\n`;
    expect(parseText(list)).toMatchObject({ problems: [], doubt: null });
    expect(parseText(`${list}b = [\n${'"x" # \n'.repeat(1001)}]\n`).problems).toMatchObject([
      { summary: 'Not readable', span: { start: list.length + 6 + 1000 * 7 } },
    ]);
  });

  test('trees are freed', { timeout: 60_000 }, () => {
    const file = new SourceFile('main.tf', 'resource "a" "b" {\n  x = [1, 2, "${c.d}"]\n}\n'.repeat(4));
    for (let times = 0; times < 500; times++) parser.parse(file);
    const before = process.memoryUsage().arrayBuffers;
    for (let times = 0; times < 10_000; times++) parser.parse(file);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  test('control characters, lone surrogates and stray bytes are doubted', () => {
    for (const text of [
      '\u0000',
      'a = \u0001',
      '\ud800',
      'a = "\ud800',
      '\ufeff\ufeff',
      '`',
      ';',
      'a = \u2028 1',
    ]) {
      expect(parseText(text).doubt, JSON.stringify(text)).not.toBeNull();
    }
  });
});

test('the scan shows the grammar neither blanks nor text nor which word it is', () => {
  const file = new SourceFile('main.tf', 'arg  =  "text ${ data.b.c } more" # c\n');
  const { compact } = scan(file);
  expect(compact).toBe('a ="${a}"');
});
