import type { SourceFile, Span } from '../source/source-file.ts';
import { Converter } from './converter.ts';
import { type GrammarWasm, loadGrammar, type Read } from './grammar.ts';
import { type Scan, scan, scanTemplate, tooDeepProblem } from './scan.ts';
import { type BodyItem, MAX_PROBLEMS, type ParsedFile, type SyntaxProblem, type Template } from './syntax.ts';

/** A ready parser; one serves any number of files, synchronously. */
export interface HclParser {
  /** Parses one `.tf` file; never throws: what cannot be read becomes a problem. */
  parse(file: SourceFile): ParsedFile;
  /**
   * Parses the text of a whole file as one template, without `\` escapes: how HCL reads a string of
   * `.tf.json` once its JSON escapes are resolved.
   */
  parseTemplate(file: SourceFile): {
    readonly template: Template;
    readonly problems: readonly SyntaxProblem[];
  };
}

let loaded: Promise<HclParser> | undefined;

/** Loads the grammar once per process; later calls share the first one's parser. */
export function loadParser(wasm: GrammarWasm): Promise<HclParser> {
  loaded ??= load(wasm).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(wasm: GrammarWasm): Promise<HclParser> {
  const reader = await loadGrammar(wasm);
  return {
    parse: (file) => parseFile(file, reader()),
    parseTemplate: (file) => parseTemplateFile(file, reader()),
  };
}

function parseFile(file: SourceFile, read: Read): ParsedFile {
  const scanned = scan(file);
  if (scanned.tooDeepAt !== null) return unread(scanned, tooDeepProblem(file, scanned.tooDeepAt));
  if (scanned.rubbishAt !== null) return unread(scanned, rubbishProblem(file, scanned.rubbishAt));
  const nodes = read(scanned.compact);
  if (nodes === null) return unread(scanned, abandonedProblem(file));
  const converter = new Converter(file, scanned, nodes);
  let items = converter.file();
  let problems: readonly SyntaxProblem[] = converter.problems;
  const doubt = problems.length > 0 ? 'syntax errors' : (scanned.doubt ?? converter.doubt);
  if (scanned.compact.length <= MAX_RECOVERED && (problems.length > 0 || !scanned.closed)) {
    const recovered = recover(file, scanned, read);
    if (recovered.items.length >= items.length) ({ items, problems } = recovered);
  }
  if (problems.length === 0 && !scanned.closed && file.text.length > MAX_RECOVERED) {
    problems = [unclosedProblem(file)];
  }
  const body = { span: wholeOf(file), items, json: false };
  return { file, body, comments: scanned.comments, problems: problems.slice(0, MAX_PROBLEMS), doubt };
}

/** A broken file beyond this length is read once, not block by block as well. */
const MAX_RECOVERED = 200_000;

function unclosedProblem(file: SourceFile): SyntaxProblem {
  const end = file.text.length;
  return {
    span: { file, start: Math.max(0, end - 1), end },
    summary: 'Unclosed',
    detail: 'A bracket, string or heredoc that is opened in this file is never closed.',
  };
}

function wholeOf(file: SourceFile): Span {
  return { file, start: 0, end: file.text.length };
}

/** The result for a file that was given up. */
function unread(scanned: Scan, problem: SyntaxProblem): ParsedFile {
  const { file } = problem.span;
  const body = { span: wholeOf(file), items: [], json: false };
  return { file, body, comments: scanned.comments, problems: [problem], doubt: 'not read to its end' };
}

function rubbishProblem(file: SourceFile, at: number): SyntaxProblem {
  return {
    span: { file, start: at, end: at },
    summary: 'Not readable',
    detail: 'So many strings follow each other here that reading the file was given up: it is no HCL.',
  };
}

function abandonedProblem(file: SourceFile): SyntaxProblem {
  return {
    span: { file, start: 0, end: 0 },
    summary: 'Not read to its end',
    detail: 'Reading this file took so long that it was given up, as it does where much of a file is no HCL.',
    unverified: true,
  };
}

const BLOCK_TYPES =
  'resource|data|ephemeral|module|variable|output|locals|terraform|provider|check|moved|import|removed';
const TOP_LEVEL = new RegExp(`(?:${BLOCK_TYPES})\\b[^\\n={]*\\{`, 'y');
/** Stricter, since it is looked for in what may be a script: `check() {` starts no block. */
const TOP_LEVEL_IN_TEXT = new RegExp(`^(?:${BLOCK_TYPES})(?:[ \\t]+(?:"[^"\\n]*"|[\\w-]+))*[ \\t]*\\{`, 'gm');

/**
 * Reads a broken file block by block, a block being what starts like a top-level one at the start of a
 * line: the grammar's own recovery gives up whatever follows an unclosed brace. What follows a string or
 * interpolation that never ends looks like a part of it (`${URL:-http://x}` in a script comments its brace out),
 * so there any line that reads like the start of a block is one.
 */
function recover(
  file: SourceFile,
  scanned: Scan,
  read: Read,
): { items: BodyItem[]; problems: SyntaxProblem[] } {
  const starts = scanned.lineWords.filter((offset) => {
    TOP_LEVEL.lastIndex = offset;
    return TOP_LEVEL.test(file.text);
  });
  if (!scanned.closed) {
    const last = starts.at(-1) ?? -1;
    for (const { index } of file.text.matchAll(TOP_LEVEL_IN_TEXT)) if (index > last) starts.push(index);
  }
  const items: BodyItem[] = [];
  const problems: SyntaxProblem[] = [];
  const bounds = [0, ...starts.filter((offset) => offset > 0), file.text.length];
  for (let index = 0; index + 1 < bounds.length; index++) {
    const part = { from: bounds[index] as number, to: bounds[index + 1] as number };
    const chunk = scan(file, part);
    if (chunk.compact === '') continue;
    const nodes = read(chunk.compact);
    if (nodes === null) return { items, problems: [...problems, abandonedProblem(file)] };
    const converter = new Converter(file, chunk, nodes);
    let found = converter.file();
    if (converter.problems.length > 0) {
      const hollow = scan(file, { ...part, hollow: true });
      const hollowNodes = read(hollow.compact);
      if (hollowNodes !== null && !hollowNodes.hasError) {
        found = new Converter(file, hollow, hollowNodes).file();
      }
    }
    items.push(...found);
    problems.push(...converter.problems);
  }
  return { items, problems };
}

function parseTemplateFile(
  file: SourceFile,
  read: Read,
): { template: Template; problems: readonly SyntaxProblem[] } {
  const span = wholeOf(file);
  const plain = (problems: readonly SyntaxProblem[]) => ({
    template: {
      kind: 'template' as const,
      form: 'quoted' as const,
      parts: file.text === '' ? [] : [{ kind: 'text' as const, value: file.text, span }],
      span,
    },
    problems,
  });
  if (!file.text.includes('${') && !file.text.includes('%{')) return plain([]);
  const scanned = scanTemplate(file);
  if (scanned.tooDeepAt !== null) return plain([tooDeepProblem(file, scanned.tooDeepAt)]);
  if (scanned.rubbishAt !== null) return plain([rubbishProblem(file, scanned.rubbishAt)]);
  const nodes = read(scanned.compact);
  if (nodes === null) return plain([abandonedProblem(file)]);
  const converter = new Converter(file, scanned, nodes);
  const [item] = converter.file();
  const problems = [...converter.problems];
  const doubt = scanned.doubt ?? converter.doubt;
  if (problems.length === 0 && doubt !== null) {
    problems.push({
      span,
      summary: 'Invalid template',
      detail: `The string is no valid template: ${doubt}.`,
    });
  }
  if (item?.kind !== 'argument' || item.value.kind !== 'template') return plain(problems);
  return { template: { ...item.value, form: 'quoted', span }, problems };
}
