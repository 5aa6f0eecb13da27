import { LINE_IDS } from '../coder/releases.ts';
import type { Block, Body, Comment, ParsedFile } from '../hcl/syntax.ts';
import type { Effects, Finding, Fix, Rule } from '../rule.ts';
import type { SourceFile, Span } from '../source/source-file.ts';
import { closestOf } from './closest.ts';

/** The comment that silences a finding. */
export interface Suppression {
  /** What the comment says behind `--`; empty when it says nothing. */
  readonly reason: string;
  readonly at: Span;
}

/** What is wrong with suppression comments themselves, reported like the findings of rules. */
export const SUPPRESSION_RULES = [
  { id: 'suppression/unknown-rule', summary: 'A suppression comment names a rule that does not exist.' },
  { id: 'suppression/unused', summary: 'A suppression comment silences nothing.' },
] as const;

/** Every finding with the comment that silences it, if any, and what is wrong with the comments. */
export interface Suppressed {
  readonly findings: readonly { readonly finding: Finding; readonly suppression: Suppression | null }[];
  /** In order of file and place. */
  readonly problems: readonly Finding[];
}

/**
 * Applies the comments `tasks-lint-ignore <rule>[, <rule>…] [-- reason]`; `all` stands for every rule. At the
 * end of a line a comment is about what starts on that line; on a line of its own about the next line; right
 * above a block about the whole block and, for a `module` call of the template itself, what that module
 * brings along. `tasks-lint-ignore-file` above everything else is about the file. In `.tf.json` the property
 * `"//"` of an object is about that object.
 * @param files all files of the template, those of its root folder first
 * @param rules all that a comment may name
 */
export function suppress(
  files: readonly ParsedFile[],
  findings: readonly Finding[],
  rules: readonly Pick<Rule, 'id' | 'ignorable'>[],
): Suppressed {
  const rootFolder = files[0] === undefined ? '' : folderOf(files[0].file);
  const directives = files.flatMap((file) => readDirectives(file, rootFolder));
  const known = new Set([...[...rules, ...SUPPRESSION_RULES].map(({ id }) => id), ALL]);
  const notIgnorable = new Set(rules.flatMap(({ id, ignorable }) => (ignorable === false ? [id] : [])));
  const settled = findings.map((finding) => ({
    finding,
    suppression: silence(finding, directives, notIgnorable),
  }));
  const problems = directives.flatMap((directive) => problemsOf(directive, known, notIgnorable));
  return { findings: settled, problems };
}

const ALL = 'all';

/** A suppression comment. */
interface Directive {
  readonly comment: Comment;
  readonly parsed: ParsedFile;
  /** What it is about; null when it is about nothing where it stands, or has a form nobody reads. */
  readonly scope: Scope | null;
  readonly fault: 'misplaced' | 'malformed' | null;
  readonly rules: readonly NamedRule[];
  readonly reason: string;
}

interface NamedRule {
  readonly id: string;
  readonly at: Span;
  isUsed: boolean;
}

/** Half-open ranges of offsets that a finding may start in, or the address of a module that it may be about. */
interface Scope {
  readonly ranges: readonly Range[];
  readonly address: string | null;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The first comment that silences a finding; all that would are used. */
function silence(
  finding: Finding,
  directives: readonly Directive[],
  notIgnorable: ReadonlySet<string>,
): Suppression | null {
  if (notIgnorable.has(finding.ruleId)) return null;
  let suppression: Suppression | null = null;
  for (const directive of directives) {
    const rules = directive.rules.filter(({ id }) => id === finding.ruleId || id === ALL);
    if (rules.length === 0 || !isAbout(directive, finding)) continue;
    for (const rule of rules) rule.isUsed = true;
    suppression ??= { reason: directive.reason, at: directive.comment.span };
  }
  return suppression;
}

function isAbout({ scope, parsed }: Directive, { at, address }: Finding): boolean {
  if (scope === null) return false;
  if (scope.address !== null && (address === scope.address || address?.startsWith(`${scope.address}.`)))
    return true;
  return (
    at.file === parsed.file && scope.ranges.some(({ start, end }) => start <= at.start && at.start < end)
  );
}

/** `tasks-lint-ignore` or `tasks-lint-ignore-file`, perhaps mistyped or with another tool's word, and what stands behind it. */
const DIRECTIVE = /^tasks-lint-((?:ig|disable)[\w-]*)(?::|(?=\s)|$)([\s\S]*)$/;

/** More comments in one file, or names in one comment, are nobody's handwriting; those behind silence nothing. */
const MAX_DIRECTIVES = 1000;
const MAX_NAMES = 100;

function readDirectives(parsed: ParsedFile, rootFolder: string): Directive[] {
  const directives: Directive[] = [];
  let scopes: Scopes | null = null;
  for (const comment of parsed.comments) {
    const match = DIRECTIVE.exec(comment.text);
    if (match === null) continue;
    if (directives.length === MAX_DIRECTIVES) break;
    const [, word = '', rest = ''] = match;
    scopes ??= parsed.body.json ? new JsonScopes(parsed, rootFolder) : new HclScopes(parsed, rootFolder);
    const isForFile = word === 'ignore-file';
    const isMalformed = word !== 'ignore' && !isForFile;
    const scope = isMalformed ? null : isForFile ? scopes.ofFile(comment) : scopes.of(comment);
    const [list = '', ...reason] = rest.split(/(?<!\S)--(?!\S)/);
    directives.push({
      comment,
      parsed,
      scope,
      fault: isMalformed ? 'malformed' : scope === null ? 'misplaced' : null,
      rules: isMalformed ? [] : readRules(list, comment),
      reason: reason
        .map((text) => text.trim())
        .join(' -- ')
        .replace(/\s+/g, ' '),
    });
  }
  return directives;
}

function readRules(list: string, comment: Comment): NamedRule[] {
  const { file, start, end } = comment.span;
  const raw = file.text.slice(start, end);
  let from = raw.indexOf('tasks-lint-ignore') + 'tasks-lint-ignore'.length;
  const rules: NamedRule[] = [];
  for (const id of list.split(',', MAX_NAMES).map((piece) => piece.trim())) {
    if (id === '') continue;
    const at = raw.indexOf(id, from);
    // In JSON an id may be written with escapes; then the whole comment is its place.
    const span = at === -1 ? comment.span : { file, start: start + at, end: start + at + id.length };
    if (at !== -1) from = at + id.length;
    rules.push({ id, at: span, isUsed: false });
  }
  return rules;
}

/** Tells what a comment of a file is about. */
interface Scopes {
  /** Null when the comment is about nothing where it stands. */
  of(comment: Comment): Scope | null;
  /** Null when a comment for the whole file does not stand above everything else. */
  ofFile(comment: Comment): Scope | null;
}

class HclScopes implements Scopes {
  readonly #parsed: ParsedFile;
  readonly #rootFolder: string;
  /** The text with blanks for comments, so that what is left on a line is code. */
  readonly #code: string;
  readonly #blocks: ReadonlyMap<number, Block>;
  readonly #lines = new Map<number, { readonly first: number; readonly last: number }>();
  /** Where the last search for code went, so that a long run of comments is walked once. */
  #ahead = { from: 0, code: -1, top: 0 };

  constructor(parsed: ParsedFile, rootFolder: string) {
    this.#parsed = parsed;
    this.#rootFolder = rootFolder;
    this.#code = blankComments(parsed);
    this.#blocks = new Map(blocksIn(parsed.body).map((block) => [block.span.start, block]));
  }

  of({ span }: Comment): Scope | null {
    const { file } = this.#parsed;
    const startLine = file.positionAt(span.start).line;
    if (this.#codeOn(startLine).first < span.start) return lineScope(file, startLine);
    const endLine = file.positionAt(span.end).line;
    if (this.#codeOn(endLine).last >= span.end) return lineScope(file, endLine);
    const { code, top } = this.#lookAhead(span.end, endLine);
    if (code === -1) return null;
    const block = this.#blocks.get(code);
    const isRightAbove = endLine >= top;
    if (block === undefined || !isRightAbove) return lineScope(file, file.positionAt(code).line);
    return { ranges: [block.span], address: calledAddress(block, file, this.#rootFolder) };
  }

  ofFile({ span }: Comment): Scope | null {
    return this.#parsed.body.items.some((item) => item.span.start < span.start) ? null : WHOLE_FILE;
  }

  /** Offsets of the first and last code on a line. */
  #codeOn(line: number): { readonly first: number; readonly last: number } {
    const known = this.#lines.get(line);
    if (known !== undefined) return known;
    const { file } = this.#parsed;
    const start = file.offsetOfLine(line);
    const text = this.#code.slice(start, file.offsetOfLine(line + 1)).trimEnd();
    const first = text.search(/\S/);
    const found =
      first === -1 ? { first: Infinity, last: -1 } : { first: start + first, last: start + text.length - 1 };
    this.#lines.set(line, found);
    return found;
  }

  /** Offset of the next code (-1 for none), and the line down from which only comments stand above it. */
  #lookAhead(from: number, line: number): { code: number; top: number } {
    if (this.#ahead.from <= from && from <= this.#ahead.code) return this.#ahead;
    const { file } = this.#parsed;
    const distance = this.#code.slice(from).search(/\S/);
    const code = distance === -1 ? -1 : from + distance;
    let top = code === -1 ? 0 : file.positionAt(code).line;
    while (top > line && file.lineText(top - 1).trim() !== '') top--;
    this.#ahead = { from, code, top };
    return this.#ahead;
  }
}

class JsonScopes implements Scopes {
  readonly #parsed: ParsedFile;
  readonly #rootFolder: string;
  readonly #owners: ReadonlyMap<number, JsonObject>;
  readonly #blocks: ReadonlyMap<number, Block>;

  constructor(parsed: ParsedFile, rootFolder: string) {
    this.#parsed = parsed;
    this.#rootFolder = rootFolder;
    this.#owners = ownersOfComments(parsed.file.text);
    this.#blocks = new Map(blocksIn(parsed.body).map((block) => [block.body.span.start, block]));
  }

  of({ span }: Comment): Scope | null {
    const object = this.#owners.get(span.start);
    if (object === undefined) return null;
    if (object.isRoot) return WHOLE_FILE;
    const block = this.#blocks.get(object.start);
    const address = block === undefined ? null : calledAddress(block, this.#parsed.file, this.#rootFolder);
    return { ranges: object.key === null ? [object] : [object.key, object], address };
  }

  ofFile({ span }: Comment): Scope | null {
    return this.#owners.get(span.start)?.isRoot ? WHOLE_FILE : null;
  }
}

/** An object of a JSON text, with the key of the property whose value it is or is listed in. */
interface JsonObject extends Range {
  readonly key: Range | null;
  readonly isRoot: boolean;
}

/** The object around each property `"//"`, by the offset of that property. */
function ownersOfComments(text: string): Map<number, JsonObject> {
  const owners = new Map<number, JsonObject>();
  const open: { start: number; end: number; key: Range | null; isRoot: boolean }[] = [];
  let string: Range = { start: 0, end: 0 };
  let key: Range | null = null;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"': {
        const start = at++;
        while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
        string = { start, end: at + 1 };
        break;
      }
      case ':': {
        key = string;
        const owner = open.at(-1);
        if (owner !== undefined && text.slice(string.start, string.end) === '"//"')
          owners.set(string.start, owner);
        break;
      }
      case ',':
        key = open.at(-1)?.key ?? null;
        break;
      case '{':
      case '[':
        open.push({ start: at, end: text.length, key, isRoot: open.length === 0 });
        break;
      case '}':
      case ']': {
        const closed = open.pop();
        if (closed !== undefined) closed.end = at + 1;
      }
    }
  }
  return owners;
}

function lineScope(file: SourceFile, line: number): Scope {
  return { ranges: [{ start: file.offsetOfLine(line), end: file.offsetOfLine(line + 1) }], address: null };
}

const WHOLE_FILE: Scope = { ranges: [{ start: 0, end: Infinity }], address: null };

/** The address of the module that a block of the root calls. Calls in local modules have no single address. */
function calledAddress(block: Block, file: SourceFile, rootFolder: string): string | null {
  const name = block.labels[0]?.text;
  if (block.type !== 'module' || name === undefined || folderOf(file) !== rootFolder) return null;
  return `module.${name}`;
}

function folderOf({ path }: SourceFile): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** All blocks of a body, nested ones included. */
function blocksIn(body: Body): Block[] {
  return body.items.flatMap((item) => (item.kind === 'block' ? [item, ...blocksIn(item.body)] : []));
}

function blankComments({ file, comments }: ParsedFile): string {
  let code = '';
  let at = 0;
  for (const { span } of comments) {
    code += file.text.slice(at, span.start) + file.text.slice(span.start, span.end).replace(/[^\n]/g, ' ');
    at = span.end;
  }
  return code + file.text.slice(at);
}

function problemsOf(
  directive: Directive,
  known: ReadonlySet<string>,
  notIgnorable: ReadonlySet<string>,
): Finding[] {
  const { comment, fault, rules } = directive;
  if (fault === 'malformed') {
    const word = comment.text.split(/[\s:]/, 1)[0];
    return [
      unknownRule('unknown-comment', comment.span, {
        problem: `\`${word}\` is no suppression comment`,
        advice: 'Write `tasks-lint-ignore` or `tasks-lint-ignore-file`.',
      }),
    ];
  }
  if (rules.length === 0) {
    return [
      unknownRule('no-rule', comment.span, {
        problem: 'The suppression comment names no rule',
        advice: 'Name the rules to ignore, or `all`.',
      }),
    ];
  }
  const unknown = rules.filter(({ id }) => !known.has(id));
  const unused = rules.filter((rule) => !rule.isUsed && known.has(rule.id));
  const fix = unused.length === rules.length ? removal(directive) : null;
  return [
    ...unknown.map((rule) => describeUnknown(rule, known)),
    ...unused.map((rule) => describeUnused(rule, directive, fix, notIgnorable)),
  ].sort((a, b) => a.at.start - b.at.start);
}

function describeUnknown({ id, at }: NamedRule, known: ReadonlySet<string>): Finding {
  if (/\s/.test(id)) {
    return unknownRule('unknown-rule', at, {
      problem: `\`${id.replace(/\s+/g, ' ')}\` is no rule`,
      advice: 'Write commas between rules, and `--` before the reason.',
    });
  }
  const closest = closestOf(id, known);
  const words = {
    problem: `There is no rule \`${id}\``,
    advice: closest === null ? 'Name a rule that `tasks-lint rules` lists.' : `Write \`${closest}\`.`,
  };
  const isExact = at.end - at.start === id.length;
  if (closest === null || !isExact) return unknownRule('unknown-rule', at, words);
  const fix: Fix = { title: `Write \`${closest}\``, safety: 'review', edits: [{ span: at, text: closest }] };
  return unknownRule('unknown-rule', at, words, fix);
}

function describeUnused(
  { id, at }: NamedRule,
  { fault }: Directive,
  fix: Fix | null,
  notIgnorable: ReadonlySet<string>,
): Finding {
  if (notIgnorable.has(id)) {
    const problem = `\`${id}\` cannot be ignored`;
    return unusedRule('not-ignorable', at, { problem, advice: 'Mend what the rule finds.' }, fix);
  }
  if (fault === 'misplaced') {
    const problem = 'The suppression comment does nothing where it stands';
    return unusedRule('misplaced', at, { problem, advice: 'Move it above the first line that it is about.' });
  }
  const name = id === ALL ? 'any rule' : `\`${id}\``;
  const problem = `The suppression comment silences no finding of ${name}`;
  return unusedRule('unused', at, { problem, advice: `Remove ${id === ALL ? 'the comment' : name}.` }, fix);
}

/** Takes a comment out, with its line where it stands alone. JSON is left to the author, for the commas around it. */
function removal({ comment: { span }, parsed }: Directive): Fix | null {
  if (parsed.body.json) return null;
  const { file } = span;
  const before = file.text.slice(file.offsetOfLine(file.positionAt(span.start).line), span.start);
  const lineEnd = file.offsetOfLine(file.positionAt(span.end).line + 1);
  const isLastOnLine = file.text.slice(span.end, lineEnd).trim() === '';
  let indent = 0;
  while (before[before.length - 1 - indent] === ' ' || before[before.length - 1 - indent] === '\t') indent++;
  const isAlone = isLastOnLine && before.trim() === '';
  const start = isLastOnLine ? span.start - indent : span.start;
  const edit = { span: { file, start, end: isAlone ? lineEnd : span.end }, text: '' };
  return { title: 'Remove the comment', safety: 'safe', edits: [edit] };
}

/** Comments have no effect on Coder, so the problems are no more than advice on every line. */
const EFFECTS: Effects = Object.fromEntries(LINE_IDS.map((line) => [line, 'advice']));

interface Words {
  readonly problem: string;
  readonly advice: string;
}

function unknownRule(messageId: string, at: Span, words: Words, fix: Fix | null = null): Finding {
  return problem('suppression/unknown-rule', messageId, at, words, fix);
}

function unusedRule(messageId: string, at: Span, words: Words, fix: Fix | null = null): Finding {
  return problem('suppression/unused', messageId, at, words, fix);
}

function problem(ruleId: string, messageId: string, at: Span, words: Words, fix: Fix | null): Finding {
  const message = { problem: `${words.problem}.`, advice: words.advice, effects: EFFECTS };
  return { ruleId, messageId, message, at, address: null, related: [], fix };
}
