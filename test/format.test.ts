import { describe, expect, it } from 'vitest';
import { editFile, type FileEditor } from '../src/hcl/file-editor.ts';
import { misalignedLines } from '../src/hcl/format.ts';
import {
  type Argument,
  argumentNamed,
  type Block,
  type Body,
  nestedBlocks,
  type ObjectExpression,
  type ParsedFile,
} from '../src/hcl/syntax.ts';
import { applyEdits } from '../src/source/edit.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { parser } from './support/hcl.ts';
import { hasTerraform, unformatted } from './support/terraform.ts';

/** A change to the first block of a file, `b`, and what is in it. */
interface Case {
  readonly name: string;
  readonly before: string;
  readonly change: (edit: FileEditor, b: Handle) => FileEditor;
  readonly after: string;
  /** The text before is not what `terraform fmt` writes, so the text after need not be. */
  readonly unformatted?: true;
}

class Handle {
  readonly block: Block;
  readonly file: ParsedFile;

  constructor(block: Block, file: ParsedFile) {
    this.block = block;
    this.file = file;
  }

  arg(name: string): Argument {
    return argumentNamed(this.block.body, name) as Argument;
  }

  object(name: string): ObjectExpression {
    return this.arg(name).value as ObjectExpression;
  }

  entry(object: string, key: string) {
    const found = this.object(object).entries.find((entry) => entry.name === key);
    if (!found) throw new Error(`no entry ${key}`);
    return found;
  }

  nested(type: string): Block {
    return nestedBlocks(this.block.body, type)[0] as Block;
  }

  top(index: number): Block {
    return blocksOf(this.file.body)[index] as Block;
  }
}

function blocksOf(body: Body): Block[] {
  return body.items.filter((item): item is Block => item.kind === 'block');
}

const cases: Case[] = [
  {
    name: 'removes an argument and closes up its group',
    before: `resource "coder_ai_task" "task" {
  count              = 1 # one
  a_really_long_name = 2 # two
  app_id             = 3
}
`,
    change: (edit, b) => edit.remove(b.arg('a_really_long_name')),
    after: `resource "coder_ai_task" "task" {
  count  = 1 # one
  app_id = 3
}
`,
  },
  {
    name: 'removes the comments above and behind an argument',
    before: `x "y" {
  a = 1

  # not of b

  # about b
  // more
  bb = 2 # behind
  c  = 3
}
`,
    change: (edit, b) => edit.remove(b.arg('bb')),
    after: `x "y" {
  a = 1

  # not of b

  c = 3
}
`,
  },
  {
    name: 'leaves the comments above an argument when told so',
    before: `x "y" {
  # for all
  bb = 2
  c  = 3
}
`,
    change: (edit, b) => edit.remove(b.arg('bb'), { withComments: false }),
    after: `x "y" {
  # for all
  c = 3
}
`,
  },
  {
    name: 'joins no blank lines where an argument was',
    before: `x "y" {
  a = 1

  b = 2

  c = 3
}
`,
    change: (edit, b) => edit.remove(b.arg('b')),
    after: `x "y" {
  a = 1

  c = 3
}
`,
  },
  {
    name: 'leaves no blank line in front of the closing brace',
    before: `x "y" {
  a = 1

  b = {
    c = 1
  }
}
`,
    change: (edit, b) => edit.remove(b.arg('b')),
    after: `x "y" {
  a = 1
}
`,
  },
  {
    name: 'leaves an empty body',
    before: `x "y" {
  a = 1

  b = 2
}
`,
    change: (edit, b) => edit.remove(b.arg('a')).remove(b.arg('b')),
    after: `x "y" {
}
`,
  },
  {
    name: 'removes the only argument of a block on one line',
    before: `x "y" { a = 1 } # c
`,
    change: (edit, b) => edit.remove(b.arg('a')),
    after: `x "y" {} # c
`,
  },
  {
    name: 'removes a heredoc that stood in a group',
    before: `x "y" {
  a         = 1
  long_name = <<-EOT
    \${var.x} text = 1
  EOT
  cc        = 3
}
`,
    change: (edit, b) => edit.remove(b.arg('long_name')),
    after: `x "y" {
  a  = 1
  cc = 3
}
`,
  },
  {
    name: 'joins the groups on both sides of a removed argument of several lines',
    before: `x "y" {
  a = 1
  b = [
    1,
  ]
  long_name = 3
}
`,
    change: (edit, b) => edit.remove(b.arg('b')),
    after: `x "y" {
  a         = 1
  long_name = 3
}
`,
  },
  {
    name: 'keeps the look of a group that was not aligned',
    before: `x "y" {
  a = 1
  bbbb = 2
  cc = 3
}
`,
    change: (edit, b) => edit.rename(b.arg('a'), 'another').remove(b.arg('bbbb')),
    after: `x "y" {
  another = 1
  cc = 3
}
`,
    unformatted: true,
  },
  {
    name: 'follows the column of a group that is aligned further out',
    before: `x "y" {
  a      = 1
  bbbb   = 2
}
`,
    change: (edit, b) => edit.insertArgument(b.block, 'c', '3'),
    after: `x "y" {
  a      = 1
  bbbb   = 2
  c      = 3
}
`,
    unformatted: true,
  },
  {
    name: 'renames an argument and moves its group, with the comments from the header line on',
    before: `x "y" { # head
  a = 1 # one
  b = 2 # two
  c = [
    1
  ]
}
`,
    change: (edit, b) => edit.rename(b.arg('a'), 'longer_name'),
    after: `x "y" {           # head
  longer_name = 1 # one
  b           = 2 # two
  c = [
    1
  ]
}
`,
  },
  {
    name: 'aligns by what a reader takes for one character',
    before: `x "y" {
  a = "é👩‍👩‍👧" # one
  b = "12" # two
}
`,
    change: (edit, b) => edit.rename(b.arg('a'), 'abc'),
    after: `x "y" {
  abc = "é👩‍👩‍👧" # one
  b   = "12" # two
}
`,
  },
  {
    name: 'inserts behind the last argument',
    before: `x "y" {
  a    = 1 # c
  bbbb = 2

  z {
    a = 1
  }
}
`,
    change: (edit, b) => edit.insertArgument(b.block, 'longer', 'var.x'),
    after: `x "y" {
  a      = 1 # c
  bbbb   = 2
  longer = var.x

  z {
    a = 1
  }
}
`,
  },
  {
    name: 'inserts behind and before a given argument, in front of its comments',
    before: `x "y" {
  a = 1

  # about bb
  bb = 2
}
`,
    change: (edit, b) =>
      edit
        .insertArgument(b.block, 'zero', '0', { before: b.arg('a') })
        .insertArgument(b.block, 'c', '3', { before: b.arg('bb') })
        .insertArgument(b.block, 'dddd', '4', { after: b.arg('bb') }),
    after: `x "y" {
  zero = 0
  a    = 1

  c = 3
  # about bb
  bb   = 2
  dddd = 4
}
`,
  },
  {
    name: 'inserts into an empty block',
    before: `x "y" {} # c
`,
    change: (edit, b) =>
      edit.insertArgument(b.block, 'a', '1').insertArgument(b.block, 'bbb', '{ # two\nc = 1\n}'),
    after: `x "y" {
  a = 1
  bbb = { # two
    c = 1
  }
} # c
`,
  },
  {
    name: 'inserts into an empty block of two lines',
    before: `x "y" {
}
`,
    change: (edit, b) => edit.insertArgument(b.block, 'a', '1'),
    after: `x "y" {
  a = 1
}
`,
  },
  {
    name: 'opens a block on one line to insert',
    before: `x "y" { a = 1 } # c
`,
    change: (edit, b) =>
      edit
        .insertArgument(b.block, 'bb', '2')
        .insertArgument(b.block, 'zero', '0', { before: b.arg('a') })
        .rename(b.arg('a'), 'aaa'),
    after: `x "y" {
  zero = 0
  aaa  = 1
  bb   = 2
} # c
`,
  },
  {
    name: 'replaces the only argument of a block on one line by another',
    before: `x "y" { a = 1 }
`,
    change: (edit, b) => edit.remove(b.arg('a')).insertArgument(b.block, 'bb', '2'),
    after: `x "y" {
  bb = 2
}
`,
  },
  {
    name: 'inserts into a body of comments',
    before: `x "y" {
  # nothing yet
}
`,
    change: (edit, b) => edit.insertArgument(b.block, 'a', '1'),
    after: `x "y" {
  # nothing yet
  a = 1
}
`,
  },
  {
    name: 'inserts before the nested blocks of a body without arguments',
    before: `x "y" {
  # about z
  z {
  }
}
`,
    change: (edit, b) => edit.insertArgument(b.block, 'a', '1').insertArgument(b.block, 'bb', '2'),
    after: `x "y" {
  a  = 1
  bb = 2

  # about z
  z {
  }
}
`,
  },
  {
    name: 'inserts a heredoc as a member of the group and leaves its text alone',
    before: `x "y" {
  a = 1
}
`,
    change: (edit, b) => edit.insertArgument(b.block, 'text', '<<-EOT\n    a = 1\n  EOT'),
    after: `x "y" {
  a    = 1
  text = <<-EOT
    a = 1
  EOT
}
`,
  },
  {
    name: 'sets an argument that is there and one that is not',
    before: `x "y" {
  a = 1 # c
}
`,
    change: (edit, b) => edit.setArgument(b.block, 'a', '"long"').setArgument(b.block, 'bb', '2'),
    after: `x "y" {
  a  = "long" # c
  bb = 2
}
`,
  },
  {
    name: 'takes an argument out of its group when its value grows over lines',
    before: `x "y" {
  a           = 1
  longer_name = 2
  c           = 3
}
`,
    change: (edit, b) => edit.replace(b.arg('longer_name').value, '[\n1,\n]'),
    after: `x "y" {
  a = 1
  longer_name = [
    1,
  ]
  c = 3
}
`,
  },
  {
    name: 'takes an argument into its group when its value shrinks to a line',
    before: `x "y" {
  a = 1
  longer_name = [
    1,
  ]
  c = 3
}
`,
    change: (edit, b) => edit.replace(b.arg('longer_name').value, '[]'),
    after: `x "y" {
  a           = 1
  longer_name = []
  c           = 3
}
`,
  },
  {
    name: 'puts the comment behind a new heredoc on a line of its own',
    before: `x "y" {
  a = 1 # c
  b = f(2)
}
`,
    change: (edit, b) => edit.replace(b.arg('a').value, '<<EOT\nx\nEOT'),
    after: `x "y" {
  a = <<EOT
x
EOT
  # c
  b = f(2)
}
`,
  },
  {
    name: 'does several things to one group',
    before: `x "y" {
  a       = 1 # one
  bbbbbbb = 2 # two
  ccc     = 3 # three
}
`,
    change: (edit, b) =>
      edit
        .remove(b.arg('bbbbbbb'))
        .rename(b.arg('a'), 'alpha')
        .replace(b.arg('ccc').value, '"three"')
        .insertArgument(b.block, 'd', '4', { after: b.arg('bbbbbbb') }),
    after: `x "y" {
  alpha = 1 # one
  d     = 4
  ccc   = "three" # three
}
`,
  },
  {
    name: 'removes a top-level block with its comments and one blank line',
    before: `x "y" {
}

# about z
# more
z {
  a = 1
}

w {}
`,
    change: (edit, b) => edit.remove(b.top(1)),
    after: `x "y" {
}

w {}
`,
  },
  {
    name: 'removes the first and the last block',
    before: `x "y" {
}

w {}

z {
  a = 1
}
`,
    change: (edit, b) => edit.remove(b.top(0)).remove(b.top(2)),
    after: `w {}
`,
  },
  {
    name: 'removes a nested block',
    before: `x "y" {
  a = 1

  z {
    b = 1
  }
}
`,
    change: (edit, b) => edit.remove(b.nested('z')),
    after: `x "y" {
  a = 1
}
`,
  },
  {
    name: 'replaces a nested block by an argument',
    before: `resource "coder_ai_task" "task" {
  count = 1
  sidebar_app {
    id = coder_app.ui.id
  }
}
`,
    change: (edit, b) => edit.replaceByArgument(b.nested('sidebar_app'), 'app_id', 'coder_app.ui.id'),
    after: `resource "coder_ai_task" "task" {
  count  = 1
  app_id = coder_app.ui.id
}
`,
  },
  {
    name: 'keeps the comments of a nested block that becomes an argument',
    before: `resource "coder_ai_task" "task" {
  count = 1

  # above
  sidebar_app { # head
    # inside
    id = coder_app.ui.id # why
    # below
  }
}
`,
    change: (edit, b) => edit.replaceByArgument(b.nested('sidebar_app'), 'app_id', 'coder_app.ui.id'),
    after: `resource "coder_ai_task" "task" {
  count = 1

  # above
  # head
  # inside
  # below
  app_id = coder_app.ui.id # why
}
`,
  },
  {
    name: 'replaces a nested block on one line by an argument',
    before: `x "y" {
  a = 1
  z { id = 1 } # why
}
`,
    change: (edit, b) => edit.replaceByArgument(b.nested('z'), 'app_id', '1'),
    after: `x "y" {
  a      = 1
  app_id = 1 # why
}
`,
  },
  {
    name: 'inserts blocks behind, before and at the end',
    before: `x "y" {
}
# about w
w {}


# the end
`,
    change: (edit, b) =>
      edit
        .insertBlock('after {\n    a = 1\n  }\n', { after: b.top(0) })
        .insertBlock('before {}', { before: b.top(1) })
        .insertBlock('last {}'),
    after: `x "y" {
}

after {
  a = 1
}

before {}

# about w
w {}


# the end

last {}
`,
  },
  {
    name: 'puts a block in the place of another',
    before: `x "y" {
}

w {}
`,
    change: (edit, b) => edit.remove(b.top(0)).insertBlock('z {}', { after: b.top(0) }),
    after: `z {}

w {}
`,
  },
  {
    name: 'inserts a nested block',
    before: `x "y" {
  a = 1
}

w {}
`,
    change: (edit, b) =>
      edit.insertBlock('z {\nb = 1\n}', { inside: b.block }).insertBlock('v {}', { inside: b.top(1) }),
    after: `x "y" {
  a = 1

  z {
    b = 1
  }
}

w {
  v {}
}
`,
  },
  {
    name: 'removes entries of an object on one line',
    before: `x "y" {
  a = { b = 1, c = 2, d = 3, e = 4 }
  f = { b = 1, c = 2 }
  g = { b = 1 }
}
`,
    change: (edit, b) =>
      edit
        .removeEntry(b.object('a'), b.entry('a', 'b'))
        .removeEntry(b.object('a'), b.entry('a', 'd'))
        .removeEntry(b.object('a'), b.entry('a', 'e'))
        .removeEntry(b.object('f'), b.entry('f', 'b'))
        .removeEntry(b.object('g'), b.entry('g', 'b')),
    after: `x "y" {
  a = { c = 2 }
  f = { c = 2 }
  g = {}
}
`,
  },
  {
    name: 'removes entries of an object over lines',
    before: `x "y" {
  a = {
    b = 1, # one
    # about c
    long_name = 2,
    d         = 3
  }
}
`,
    change: (edit, b) => edit.removeEntry(b.object('a'), b.entry('a', 'long_name')),
    after: `x "y" {
  a = {
    b = 1, # one
    d = 3
  }
}
`,
  },
  {
    name: 'shrinks an object that loses all its entries, and takes it into the group',
    before: `x "y" {
  long_name = 1
  a = {
    # about b
    b = 1
    c = 2 # two
  }
}
`,
    change: (edit, b) =>
      edit.removeEntry(b.object('a'), b.entry('a', 'b')).removeEntry(b.object('a'), b.entry('a', 'c')),
    after: `x "y" {
  long_name = 1
  a         = {}
}
`,
  },
  {
    name: 'keeps an object without entries open for a comment of its own',
    before: `x "y" {
  a = { # why
    b = 1
  }
}
`,
    change: (edit, b) => edit.removeEntry(b.object('a'), b.entry('a', 'b')),
    after: `x "y" {
  a = { # why
  }
}
`,
  },
  {
    name: 'inserts entries in the style of the object',
    before: `x "y" {
  a = {}
  b = { c = 1 }
  d = {
    e = 1
  }
  f = {
    g = 1,
    h = 2
  }
  i = {
    j : 1,
  }
  k = {
  }
}
`,
    change: (edit, b) =>
      edit
        .insertEntry(b.object('a'), 'new', 'true')
        .insertEntry(b.object('b'), 'new', 'true')
        .insertEntry(b.object('d'), 'new', '[\n1\n]')
        .insertEntry(b.object('f'), 'new', 'true')
        .insertEntry(b.object('i'), 'new', 'true')
        .insertEntry(b.object('k'), 'new', 'true'),
    after: `x "y" {
  a = { new = true }
  b = { c = 1, new = true }
  d = {
    e = 1
    new = [
      1
    ]
  }
  f = {
    g   = 1,
    h   = 2,
    new = true
  }
  i = {
    j : 1,
    new : true,
  }
  k = {
    new = true
  }
}
`,
  },
  {
    name: 'replaces an entry of an object',
    before: `x "y" {
  a = {
    b = 1
    c = 2
  }
  d = { e = 1 }
}
`,
    change: (edit, b) =>
      edit
        .removeEntry(b.object('a'), b.entry('a', 'c'))
        .insertEntry(b.object('a'), '"long key"', '3')
        .removeEntry(b.object('d'), b.entry('d', 'e'))
        .insertEntry(b.object('d'), 'f', '{\ng = 1\n}'),
    after: `x "y" {
  a = {
    b          = 1
    "long key" = 3
  }
  d = { f = {
    g = 1
  } }
}
`,
  },
  {
    name: 'puts a heredoc in parentheses where a comma follows',
    before: `x "y" {
  a = { b = 1, c = 2 }
}
`,
    change: (edit, b) =>
      edit
        .replace(b.entry('a', 'b').value, '<<EOT\nb\nEOT')
        .insertEntry(b.object('a'), 'd', '<<EOT\nd\nEOT')
        .insertEntry(b.object('a'), 'e', '5'),
    after: `x "y" {
  a = { b = (<<EOT
b
EOT
    ), c = 2, d = (<<EOT
d
EOT
  ), e = 5 }
}
`,
  },
  {
    name: 'indents like its neighbours',
    before: `x "y" {
    a = 1

    z {}
}
`,
    change: (edit, b) =>
      edit
        .insertArgument(b.block, 'bb', '{\n  c = 1\n}')
        .insertArgument(b.block, 'zero', '0', { before: b.arg('a') }),
    after: `x "y" {
    zero = 0
    a    = 1
    bb = {
      c = 1
    }

    z {}
}
`,
    unformatted: true,
  },
];

const clean: { name: string; text: string }[] = [];

function run({ change }: Case, text: string): string {
  const file = new SourceFile('main.tf', text);
  const parsed = parser.parse(file);
  expect(parsed.problems).toEqual([]);
  const edits = change(editFile(file), new Handle(blocksOf(parsed.body)[0] as Block, parsed)).edits();
  return applyEdits(file, edits ?? []);
}

describe('edits of formatted files', () => {
  for (const one of cases) {
    it(one.name, () => {
      const after = run(one, one.before);
      expect(after).toBe(one.after);
      expect(parser.parse(new SourceFile('main.tf', after)).problems).toEqual([]);
      const crlf = run(one, `\ufeff${one.before.replaceAll('\n', '\r\n')}`);
      expect(crlf).toBe(`\ufeff${one.after.replaceAll('\n', '\r\n')}`);
      if (one.unformatted) return;
      expect(misalignedLines(new SourceFile('main.tf', one.before))).toEqual([]);
      expect(misalignedLines(new SourceFile('main.tf', after))).toEqual([]);
      clean.push({ name: one.name, text: one.before }, { name: one.name, text: after });
    });
  }

  it.runIf(hasTerraform)('agree with terraform fmt', () => {
    expect(unformatted(clean.map(({ text }) => text)).map((index) => clean[index]?.name)).toEqual([]);
  });
});

describe('editFile', () => {
  function edited(text: string, change: (edit: FileEditor, body: Body) => FileEditor): string {
    const file = new SourceFile('main.tf', text);
    const edits = change(editFile(file), parser.parse(file).body).edits();
    return applyEdits(file, edits ?? []);
  }

  it('writes only what moves', () => {
    const file = new SourceFile('main.tf', 'x "y" {\n  a  = 1 # one\n  bb = 2 # two\n}\n');
    const [block] = blocksOf(parser.parse(file).body);
    const edits = editFile(file)
      .rename(argumentNamed(block?.body as Body, 'bb') as Argument, 'b')
      .edits();
    expect(edits?.map(({ span, text }) => [file.text.slice(span.start, span.end), text])).toEqual([
      ['  ', ' '],
      ['bb', 'b'],
    ]);
  });

  it('ends the last line where it must', () => {
    expect(edited('', (edit) => edit.insertBlock('x {}'))).toBe('x {}\n');
    expect(edited('x {}', (edit) => edit.insertBlock('y {}'))).toBe('x {}\n\ny {}\n');
    expect(edited('x {}\n\ny {}', (edit, body) => edit.remove(blocksOf(body)[1] as Block))).toBe('x {}\n');
    expect(edited('x {}', (edit, body) => edit.remove(blocksOf(body)[0] as Block).insertBlock('y {}'))).toBe(
      'y {}\n',
    );
    expect(edited('x {\n}', (edit, body) => edit.insertArgument(blocksOf(body)[0] as Block, 'a', '1'))).toBe(
      'x {\n  a = 1\n}',
    );
  });

  it('has nothing to say without changes', () => {
    expect(editFile(new SourceFile('main.tf', 'x  {\n}')).edits()).toEqual([]);
  });

  it('gives the same edits when asked twice', () => {
    const file = new SourceFile('main.tf', 'x { a = { b = 1 } }\n');
    const [block] = blocksOf(parser.parse(file).body);
    const { value } = argumentNamed(block?.body as Body, 'a') as Argument;
    const edit = editFile(file)
      .insertEntry(value as ObjectExpression, 'c', '2')
      .insertArgument(block as Block, 'd', '3');
    const edits = edit.edits();
    expect(applyEdits(file, edits ?? [])).toBe('x {\n  a = { b = 1, c = 2 }\n  d = 3\n}\n');
    expect(edit.edits()).toEqual(edits);
  });

  it('refuses JSON', () => {
    expect(editFile(new SourceFile('main.tf.json', '{}')).insertBlock('x {}').edits()).toBeNull();
  });

  it('refuses two changes of one text', () => {
    const file = new SourceFile('main.tf', 'x {\n  a = f(1)\n}\n');
    const [block] = blocksOf(parser.parse(file).body);
    const { span } = (argumentNamed(block?.body as Body, 'a') as Argument).value;
    const edit = editFile(file).replace({ span }, '2');
    expect(() => edit.replace({ span: { ...span, start: span.start + 1 } }, '3').edits()).toThrow(RangeError);
  });
});

describe('a column longer than anybody reads', () => {
  const long = `b {\n${Array.from({ length: 6000 }, (_, n) => `  a${10_000 + n} = ${n}\n`).join('')}}\n`;
  const edit = (change: (editor: FileEditor, block: Block) => FileEditor) => {
    const file = new SourceFile('main.tf', long);
    const [block] = blocksOf(parser.parse(file).body);
    const edits = change(editFile(file), block as Block).edits() ?? [];
    return { edits, text: applyEdits(file, edits) };
  };

  it('takes a new line in its place', () => {
    const { edits, text } = edit((editor, block) =>
      editor.insertArgument(block, 'b', '1', { after: block.body.items[3000] as Argument }),
    );
    expect(edits).toHaveLength(1);
    expect(text).toContain('\n  a13000 = 3000\n  b      = 1\n  a13001 = 3001\n');
  });

  it('is not moved by a longer name, as each of its lines would be an edit', () => {
    const { edits } = edit((editor, block) =>
      editor.rename(block.body.items[3000] as Argument, 'much_longer'),
    );
    expect(edits).toHaveLength(1);
  });
});

describe('misalignedLines', () => {
  it('names the lines that fmt would move', () => {
    const text = `x "y" {
  a = 1
  bb = 2 # c
  ccc = { # d
     d = 1
  }
    # e
  e  = [
    1
  ]
}
`;
    expect(misalignedLines(new SourceFile('main.tf', text))).toEqual([2, 3, 5, 7, 8]);
  });

  it('reads whatever it is given', () => {
    for (const text of [
      '"',
      '"\\',
      '${',
      '<<EOT\n${',
      '/*',
      '}}}',
      '"${"',
      '<<A\n%{"${<<B\n',
      '= =\n\r= #',
      '\ufeff',
    ]) {
      expect(misalignedLines(new SourceFile('main.tf', text))).toBeInstanceOf(Array);
    }
  });
});
