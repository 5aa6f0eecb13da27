import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFile } from '../src/hcl/file-editor.ts';
import { misalignedLines } from '../src/hcl/format.ts';
import type { Block, BodyItem } from '../src/hcl/syntax.ts';
import { applyEdits } from '../src/source/edit.ts';
import { SourceFile, textOf } from '../src/source/source-file.ts';
import { parser } from './support/hcl.ts';
import { hasTerraform, unformatted } from './support/terraform.ts';
import { tries } from './support/tries.ts';

/** What becomes of an item of a body. */
type Operation = 'keep' | 'remove' | 'rename' | 'replace' | 'insert before' | 'insert behind';

interface Item {
  readonly value: string;
  readonly length: number;
  readonly nested: boolean;
  readonly above: boolean;
  readonly behind: boolean;
  readonly gap: boolean;
  readonly operation: Operation;
  readonly text: string;
}

const values = [
  '1',
  'var.x["é"]',
  '"${f({ a = "}" })} # no comment = 1"',
  '{}',
  '{ a = 1, b = "c" }',
  '[\n1,\n2\n]',
  '{\na = 1 # one\nlonger = [{\nb = 2\n}]\n}',
  'f(<<-EOT\n  a = ${var.x} # text\n\n  EOT\n)',
  '<<EOT\n$${a} = %{if true}{%{endif}\nEOT',
  '(\ntrue\n? 1\n: 2\n)',
];

const items = fc.array(
  fc.record<Item>({
    value: fc.constantFrom(...values),
    length: fc.integer({ min: 0, max: 12 }),
    nested: fc.boolean(),
    above: fc.boolean(),
    behind: fc.boolean(),
    gap: fc.boolean(),
    operation: fc.constantFrom(
      'keep',
      'keep',
      'remove',
      'rename',
      'replace',
      'insert before',
      'insert behind',
    ),
    text: fc.constantFrom(...values),
  }),
  { maxLength: 7 },
);

/** Names differ by the index and in length. */
function nameOf(index: number, { length }: Item): string {
  return `a${index}${'_'.repeat(length)}`;
}

function bodyOf(list: readonly Item[], sign: string): string {
  return list
    .map((item, index) => {
      const name = nameOf(index, item);
      const above = item.above ? `# above ${index}\n` : '';
      const gap = item.gap && index > 0 ? '\n' : '';
      if (item.nested && index % 3 === 0) return `${gap}${above}${name} {\nb${sign}${item.value}\n}\n`;
      const behind = item.behind && !item.value.endsWith('EOT') ? ` # behind ${index}` : '';
      return `${gap}${above}${name}${sign}${item.value}${behind}\n`;
    })
    .join('');
}

/** The text as new lines are written into an empty file. */
function formatted(text: string): string {
  const empty = new SourceFile('main.tf', '');
  return applyEdits(empty, editFile(empty).insertBlock(text).edits() ?? []);
}

function blockOf(file: SourceFile): Block {
  const { body, problems } = parser.parse(file);
  expect(problems).toEqual([]);
  return body.items[0] as Block;
}

/** Carries out the operations; returns the new text and what it must hold, in order, without its spaces. */
function carryOut(file: SourceFile, list: readonly Item[]) {
  const block = blockOf(file);
  const edit = editFile(file);
  const expected: string[] = [];
  for (const [index, item] of list.entries()) {
    const found = block.body.items[index] as BodyItem;
    const inserted = `new${index} = ${item.text}`;
    if (item.operation === 'remove') edit.remove(found);
    else if (item.operation === 'insert before') {
      edit.insertArgument(block, `new${index}`, item.text, { before: found });
      expected.push(inserted, textOf(found.span));
    } else if (item.operation === 'insert behind') {
      edit.insertArgument(block, `new${index}`, item.text, { after: found });
      expected.push(textOf(found.span), inserted);
    } else if (item.operation === 'replace' && found.kind === 'block') {
      edit.replaceByArgument(found, `new${index}`, item.text);
      expected.push(inserted);
    } else if (item.operation === 'replace' && found.kind === 'argument') {
      edit.replace(found.value, item.text);
      expected.push(`${found.name} = ${item.text}`);
    } else if (item.operation === 'rename' && found.kind === 'argument') {
      edit.rename(found, `new${index}`);
      expected.push(`new${index} = ${textOf(found.value.span)}`);
    } else expected.push(textOf(found.span));
  }
  const text = applyEdits(file, edit.edits() ?? []);
  return { text, expected: expected.map(squeeze) };
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}

describe('any changes to any body', () => {
  it('leave a formatted file formatted and say what was asked for', () => {
    const texts: string[] = [];
    fc.assert(
      fc.property(items, fc.constantFrom('\n', '\r\n'), (list, eol) => {
        const before = formatted(`x "y" {\n${bodyOf(list, ' = ')}}`).replaceAll('\n', eol);
        const file = new SourceFile('main.tf', before);
        expect(misalignedLines(file)).toEqual([]);
        const { text, expected } = carryOut(file, list);
        const after = new SourceFile('main.tf', text);
        expect(blockOf(after).body.items.map((item) => squeeze(textOf(item.span)))).toEqual(expected);
        expect(misalignedLines(after)).toEqual([]);
        expect(text.replaceAll(eol, '')).not.toMatch(/[\r\n]/);
        expect(text).not.toMatch(/\n\r?\n\r?\n(?! *EOT)/);
        for (const [index, { above, behind, operation, value }] of list.entries()) {
          if (operation === 'remove') continue;
          if (above) expect(text).toContain(`# above ${index}`);
          const nested = blockOf(file).body.items[index]?.kind === 'block';
          if (behind && !nested && !value.endsWith('EOT')) expect(text).toContain(`# behind ${index}`);
        }
        texts.push(before, text);
      }),
      tries(300),
    );
    if (hasTerraform) expect(unformatted(texts).map((index) => texts[index])).toEqual([]);
  });

  it('change no other line of a file that was not formatted', () => {
    fc.assert(
      fc.property(items, (list) => {
        const before = `x "y" {\n${bodyOf(list, '=')}}\n`;
        const file = new SourceFile('main.tf', before);
        const { text, expected } = carryOut(file, list);
        const after = new SourceFile('main.tf', text);
        const found = blockOf(after).body.items;
        expect(found.map((item) => squeeze(textOf(item.span)))).toEqual(expected);
        for (const [index, item] of blockOf(file).body.items.entries()) {
          if (list[index]?.operation === 'keep') expect(text).toContain(`\n${textOf(item.span)}`);
        }
      }),
      tries(300),
    );
  });
});
