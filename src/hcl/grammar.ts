import { Language, Parser, type ParseState, type Tree } from 'web-tree-sitter';
import type { BinaryOperator } from './syntax.ts';

/** The compiled grammar and its runtime, as bytes, so that this module needs no file system. */
export interface GrammarWasm {
  readonly runtimeWasm: Uint8Array;
  readonly grammarWasm: Uint8Array;
}

/** What every supported Node has; the types of Node 20 leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What the runtime exports; it starts once per process, also when the grammar is loaded again. */
let functions: TreeFunctions | undefined;

/**
 * Loads the grammar.
 * @returns what makes a reader for each file
 */
export async function loadGrammar(wasm: GrammarWasm): Promise<() => Read> {
  // The emscripten runtime takes this option, but its type asks for every other option too.
  const options = {
    instantiateWasm(imports: object, done: (...made: unknown[]) => void): void {
      const module = new WebAssembly.Module(wasm.runtimeWasm);
      const instance = new WebAssembly.Instance(module, imports);
      functions = instance.exports as TreeFunctions;
      done(instance, module);
    },
  };
  await Parser.init(options as unknown as Parameters<typeof Parser.init>[0]);
  const language = await Language.load(wasm.grammarWasm);
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = kindsOf(language);
  return () => reader(parser, kinds, functions as TreeFunctions);
}

/** Reads compact text into a flat tree; null when it was given up. */
export type Read = (compact: string) => Nodes | null;

/** Milliseconds that a reader may fall behind, for a machine with much else to do. */
const SLACK = 500;

/** Milliseconds per character that reading may take; the grammar needs 0.0005 for HCL. */
const PACE = 0.002;

/** The grammar counts in bytes of UTF-16. */
const BYTES = 2;

/**
 * A reader for one file. The grammar's recovery takes time in the square of some rubbish (100 kB of `a = ` take
 * a minute), so reading is given up when it falls behind a pace that HCL never needs.
 */
function reader(parser: Parser, kinds: Uint8Array, functions: TreeFunctions): Read {
  let [time, length] = [0, 0];
  return (compact) => {
    const start = performance.now();
    const isBehind = ({ currentOffset }: ParseState) =>
      time + performance.now() - start > SLACK + PACE * (length + currentOffset / BYTES);
    const tree = parser.parse(compact, null, {
      progressCallback: isBehind as (state: ParseState) => void,
    });
    time += performance.now() - start;
    length += compact.length;
    if (tree === null) {
      // An abandoned parse would be taken up by the next one.
      parser.reset();
      return null;
    }
    try {
      return flatten(tree, kinds, functions);
    } finally {
      tree.delete();
    }
  };
}

/** The node kinds of the grammar that carry meaning; all others are left out of the flat tree. */
// biome-ignore format: one list, not seventy lines
const KIND_NAMES = [
  'ERROR', 'body', 'attribute', 'block', 'block_start', 'block_end', 'identifier', 'string_lit',
  'expression', 'literal_value', 'numeric_lit', 'bool_lit', 'null_lit', 'template_expr', 'quoted_template',
  'quoted_template_end', 'template_interpolation', 'template_directive', 'template_for', 'template_if',
  'template_for_start', 'template_for_end', 'template_if_intro', 'template_else_intro', 'template_if_end',
  'collection_value', 'tuple', 'object', 'object_elem', 'variable_expr', 'function_call',
  'function_arguments', 'ellipsis', 'for_expr', 'for_tuple_expr', 'for_object_expr', 'for_intro',
  'for_cond', 'operation', 'unary_operation', 'binary_operation', 'conditional', 'index', 'new_index',
  'legacy_index', 'get_attr', 'splat', 'attr_splat', 'full_splat', '(', ')', '+', '-', '*', '/', '%', '==',
  '!=', '<', '<=', '>', '>=', '&&', '||', '!', 'config_file', 'MISSING',
] as const;
type KindName = (typeof KIND_NAMES)[number];

/** The kinds that there are, by their names in the grammar. */
export const KIND = Object.fromEntries(KIND_NAMES.map((name, index) => [name, index + 1])) as Record<
  KindName,
  number
>;
const FIRST_OPERATOR = KIND['+'];
const LAST_OPERATOR = KIND['||'];

/** The operator between two operands that a kind stands for; null for all other kinds. */
export function operatorOf(kind: number): BinaryOperator | null {
  const isOperator = kind >= FIRST_OPERATOR && kind <= LAST_OPERATOR;
  return isOperator ? (KIND_NAMES[kind - 1] as BinaryOperator) : null;
}

const ERROR_TYPE_ID = 0xffff;

/** Our kind for each type id of the grammar, 0 for what is left out. */
function kindsOf(language: Language): Uint8Array {
  const kinds = new Uint8Array(language.nodeTypeCount);
  for (let id = 0; id < kinds.length; id++) {
    const name = language.nodeTypeForId(id);
    if (name === null || !language.nodeTypeIsVisible(id)) continue;
    if (Object.hasOwn(KIND, name) && name !== 'ERROR' && name !== 'MISSING')
      kinds[id] = KIND[name as KindName];
  }
  return kinds;
}

/** The tree in pre-order: kind, offsets in the compact text, and the index behind the subtree. */
export interface Nodes {
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly next: Int32Array;
  readonly hasError: boolean;
}

/**
 * The functions behind the library's cursor. The cursor itself copies its state into WebAssembly and out again
 * around each call, which took longer than the calls. Between these, nothing else may be asked of the library:
 * they keep the state in the one buffer that all its functions share.
 */
interface TreeFunctions {
  ts_tree_root_node_wasm(tree: number): void;
  /** Starts at the node in the buffer. */
  ts_tree_cursor_new_wasm(tree: number): void;
  ts_tree_cursor_delete_wasm(tree: number): void;
  ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  ts_tree_cursor_goto_parent_wasm(tree: number): number;
  ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  ts_tree_cursor_current_node_is_missing_wasm(tree: number): number;
  ts_tree_cursor_start_index_wasm(tree: number): number;
  ts_tree_cursor_end_index_wasm(tree: number): number;
}

/** One walk over the tree, so that each node costs a handful of calls into WebAssembly and no more. */
function flatten(tree: Tree, kinds: Uint8Array, functions: TreeFunctions): Nodes {
  const { hasError, descendantCount } = tree.rootNode;
  const kind = new Uint8Array(descendantCount);
  const start = new Int32Array(descendantCount);
  const end = new Int32Array(descendantCount);
  const next = new Int32Array(descendantCount);
  let length = 0;
  const parents: number[] = [];
  // The library keeps the tree's address under this name.
  const at = (tree as unknown as { readonly 0: number })[0];
  functions.ts_tree_root_node_wasm(at);
  functions.ts_tree_cursor_new_wasm(at);
  for (;;) {
    const typeId = functions.ts_tree_cursor_current_node_type_id_wasm(at);
    let own = typeId === ERROR_TYPE_ID ? KIND.ERROR : (kinds[typeId] as number);
    if (hasError && functions.ts_tree_cursor_current_node_is_missing_wasm(at) === 1) own = KIND.MISSING;
    // In a broken tree an error may hide below any node; in a sound one these have nothing to say.
    if (own !== 0 || hasError) {
      kind[length] = own;
      start[length] = functions.ts_tree_cursor_start_index_wasm(at);
      end[length] = functions.ts_tree_cursor_end_index_wasm(at);
      next[length] = ++length;
      const isLeaf = !hasError && LEAVES.has(own);
      if (!isLeaf && functions.ts_tree_cursor_goto_first_child_wasm(at) === 1) {
        parents.push(length - 1);
        continue;
      }
    }
    while (functions.ts_tree_cursor_goto_next_sibling_wasm(at) !== 1) {
      const parent = parents.pop();
      if (parent === undefined) {
        functions.ts_tree_cursor_delete_wasm(at);
        return { kind: kind.subarray(0, length), start, end, next, hasError };
      }
      next[parent] = length;
      functions.ts_tree_cursor_goto_parent_wasm(at);
    }
  }
}

/** Kinds below which there is nothing to read. */
// biome-ignore format: one list
const LEAF_NAMES = [
  'identifier', 'string_lit', 'numeric_lit', 'bool_lit', 'null_lit', 'block_start', 'block_end',
  'ellipsis', 'template_for_end', 'template_else_intro', 'template_if_end', 'legacy_index', '(', ')',
  'MISSING', 'quoted_template_end', '!',
] as const;
const LEAVES = new Set<number>(LEAF_NAMES.map((name) => KIND[name]));
for (let kind = FIRST_OPERATOR; kind <= LAST_OPERATOR; kind++) LEAVES.add(kind);
