import { expect, test } from 'vitest';
import { Language, Parser, type TreeCursor } from 'web-tree-sitter';
import { KIND, loadGrammar } from '../src/hcl/grammar.ts';
import { wasmFiles } from '../src/input/wasm.ts';
import { fixtures } from './support/hcl.ts';

const reader = await loadGrammar(wasmFiles());
const parser = new Parser();
parser.setLanguage(await Language.load(wasmFiles().grammarWasm));

/** Nodes whose parts say nothing more, in a sound tree. */
const LEAVES = ['string_lit', 'template_for_end', 'template_else_intro', 'template_if_end', 'legacy_index'];

/** A node and those below it; 0 for a kind that means nothing to us. */
type Seen = [kind: number, start: number, end: number, below: Seen[]];

/** What the library's own cursor sees; in a sound tree without what the flat one leaves out. */
function seenBy(cursor: TreeCursor, hasError: boolean): Seen[] {
  const seen: Seen[] = [];
  do {
    const kind = cursor.nodeIsMissing ? KIND.MISSING : (KIND as Record<string, number>)[cursor.nodeType];
    const isRead = kind !== undefined || hasError;
    const below: Seen[] = [];
    if (isRead) seen.push([kind ?? 0, cursor.startIndex, cursor.endIndex, below]);
    const isLeaf = !hasError && LEAVES.includes(cursor.nodeType);
    if (isRead && !isLeaf && cursor.gotoFirstChild()) {
      below.push(...seenBy(cursor, hasError));
      cursor.gotoParent();
    }
  } while (cursor.gotoNextSibling());
  return seen;
}

test.each([...fixtures('valid'), ...fixtures('refused')])(
  'the flat tree of %s is the one that the library’s cursor walks',
  (_name, text) => {
    const tree = parser.parse(text);
    const nodes = reader()(text);
    if (tree === null || nodes === null) throw new Error('given up');
    const nested = (from: number, to: number): Seen[] => {
      const list: Seen[] = [];
      for (let node = from; node < to; node = nodes.next[node] as number) {
        const below = nested(node + 1, nodes.next[node] as number);
        list.push([
          nodes.kind[node] as number,
          nodes.start[node] as number,
          nodes.end[node] as number,
          below,
        ]);
      }
      return list;
    };
    expect(nested(0, nodes.kind.length)).toEqual(seenBy(tree.walk(), tree.rootNode.hasError));
    expect(nodes.hasError).toBe(tree.rootNode.hasError);
    tree.delete();
  },
);
