/**
 * Templates are written by people we do not know, and what they write ends up in terminals, logs, XML, HTML
 * and CI systems that obey certain lines. Every string that stems from a template passes through here.
 */

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);
const CSI = String.fromCharCode(0x9b);

/** Terminal escape sequences: titles and links (OSC), control sequences (CSI), then any other two-character one. */
const ESCAPE_SEQUENCE = new RegExp(
  `${ESC}\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)|(?:${ESC}\\[|${CSI})[0-?]*[ -/]*[@-~]|${ESC}[@-_]`,
  'g',
);

/**
 * Characters that are not seen but change what is seen: controls, direction marks, zero-width marks, line
 * separators. Joiners (U+200C, U+200D) stay, since scripts and emoji need them.
 */
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const UNSEEN_BUT_BREAKS =
  /(?![\n\t])[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/**
 * Template text that is safe to print: no escape sequences, controls or direction marks, and nothing that a
 * GitHub runner takes for a command. The runner trims a line before it looks for `::command::`, and finds
 * `##[command]` anywhere in it, so indentation does not help; a space inside does.
 */
export function cleanText(text: string): string {
  const seen = IS_PLAIN.test(text) ? text : withoutUnseen(text);
  return seen.replace(/(^|\s)::(?=[a-z])/gi, '$1: :').replace(/##\[/g, '## [');
}

/** Letters, digits, signs and breaks of ASCII, as nearly all texts are: there is nothing to look for in them. */
const IS_PLAIN = /^[\n\t -~]*$/;

function withoutUnseen(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, '')
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN_BUT_BREAKS, '')
    .replace(LONE_SURROGATE, '\ufffd');
}

/**
 * A unified diff that is safe to print. Line ends and a byte order mark stay, without which it would not
 * apply, and do no harm; what is left out of a hostile template leaves a diff that git refuses.
 */
export function cleanDiff(diff: string): string {
  return diff.split('\n').map(cleanDiffLine).join('\n');
}

function cleanDiffLine(line: string): string {
  const [, mark = '', byteOrder = '', rest = '', end = ''] = /^(.?)(\ufeff?)(.*?)(\r?)$/s.exec(line) ?? [];
  return mark + byteOrder + cleanText(mark + rest.replace(/\r/g, '')).slice(mark.length) + end;
}

/** Clean text on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** Longest message, in UTF-16 units, that formats for machines carry; the JSON report has all of it. */
const MESSAGE_LENGTH = 8000;

/** Clean text of a length that consumers cope with. */
export function cleanMessage(text: string): string {
  return shorten(cleanText(text), MESSAGE_LENGTH);
}

/** A path on one line; one that starts like a command or an option gets a `./`. */
export function cleanPath(path: string): string {
  const clean = cleanText(path).replace(/[\n\t]/g, '\ufffd');
  return /^[:#-]/.test(clean) ? `./${clean}` : clean;
}

/** Cuts a text at a number of UTF-16 units, never inside a character. */
export function shorten(text: string, length: number, ellipsis = '…'): string {
  if (text.length <= length) return text;
  return text.slice(0, length - ellipsis.length).replace(/[\ud800-\udbff]$/, '') + ellipsis;
}

/** One line of code as a terminal shows it, and at which column each UTF-16 offset of the line begins. */
export interface CodeLine {
  readonly cells: readonly { readonly text: string; readonly width: number }[];
  /** Column from 0 of a UTF-16 offset; offsets behind the end get the column behind the end. */
  columnAt(offset: number): number;
}

/**
 * Lays out a line of code: tabs widened, and each unseen character replaced by a mark that is seen, because in
 * code it may be the fault itself. Positions stay right, which is why this does not use `cleanText`.
 */
export function layOutCode(line: string, unicode: boolean): CodeLine {
  const mark = unicode ? '\ufffd' : '?';
  const cells: { text: string; width: number }[] = [];
  const columns: number[] = [];
  let column = 0;
  for (const character of line) {
    let text = character;
    if (character === '\t') text = '  ';
    else if (isUnseen(character)) text = mark;
    else if (character === '[' && cells.at(-1)?.text === '#' && cells.at(-2)?.text === '#') text = ' [';
    else if (!unicode && character > '~') text = '?';
    const width = displayWidth(text);
    for (let unit = 0; unit < character.length; unit += 1) columns.push(column);
    cells.push({ text, width });
    column += width;
  }
  return { cells, columnAt: (offset) => columns[offset] ?? column };
}

/** Whether a terminal shows nothing of its own for a character. The common ones need no table of Unicode. */
function isUnseen(character: string): boolean {
  if (character >= ' ' && character <= '~') return false;
  return character.search(UNSEEN) === 0 || character.search(LONE_SURROGATE) === 0;
}

/** Columns that a text takes in a terminal: two for East Asian wide characters and emoji, none for marks. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    // Latin letters, then the arrows and lines that frames are made of: nearly all there is to measure.
    if (code < 0x300 || (code >= 0x2190 && code <= 0x25ff)) width += 1;
    else if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) width += 0;
    else width += isWide(code) ? 2 : 1;
  }
  return width;
}

/** The blocks that Unicode's East Asian Width calls wide or full, and the emoji blocks; coarse, but never below. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x1f680 && code <= 0x1f6ff) ||
    (code >= 0x1f900 && code <= 0x1f9ff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

/** Breaks text at spaces into lines of at most a width; a longer word, such as a path, keeps its own line. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (word === '') continue;
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Fills up with spaces to a display width. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * JSON on indented lines. Unseen characters and runner commands are written as `\u` escapes, so that the text
 * is harmless in a log and means exactly the same to a parser.
 */
export function writeJson(value: unknown, keys: string[] | null = null): string {
  const json = JSON.stringify(value, keys, 2);
  return `${json.replace(/##\[/g, '##\\u005b').replace(UNSEEN, (character) => {
    if (character === '\n') return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  })}\n`;
}

/** Text inside a workflow command of GitHub Actions. */
export function escapeCommandMessage(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** Value of a property of a workflow command of GitHub Actions. */
export function escapeCommandProperty(text: string): string {
  return escapeCommandMessage(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/**
 * XML text or attribute value. Characters that XML 1.0 does not admit even as references are dropped; line breaks
 * and tabs become references, because a parser turns raw ones in attributes into spaces.
 */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/##\[/g, '##&#91;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Text of a template as plain text in Markdown, on one line and fit for a table cell. Mentions, references and
 * links are broken by a zero-width space: a template must not notify people or place links in a comment of ours.
 */
export function escapeMarkdown(text: string): string {
  return cleanLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]#|~$!]/g, '\\$&')
    .replace(/@(?=\w)/g, '@&#8203;')
    .replace(/(\\#)(?=\d)/g, '$1&#8203;')
    .replace(/:\/\//g, ':&#8203;//')
    .replace(/\bwww\./gi, 'www&#8203;.');
}

/** Text of a template as a Markdown code span; inside a table, a pipe needs a backslash even there. */
export function codeSpan(text: string, inTable = false): string {
  const clean = cleanLine(text) || ' ';
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const padding = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
  const span = fence + padding + clean + padding + fence;
  return inTable ? span.replace(/\|/g, '\\|') : span;
}

/** A fenced block that its content cannot close. */
export function codeBlock(text: string, language: string): string {
  const clean = cleanText(text).replace(/\n$/, '');
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${clean}\n${fence}\n`;
}

/** A path as a relative URI reference. */
export function encodePath(path: string): string {
  return path.replace(LONE_SURROGATE, '\ufffd').split('/').map(encodeURIComponent).join('/');
}

/** A path as one word of a POSIX shell. */
export function quoteForShell(path: string): string {
  const clean = cleanPath(path);
  return /^[\w./@%+=,-]+$/.test(clean) ? clean : `'${clean.replace(/'/g, "'\\''")}'`;
}

/** `1 error`, `2 errors`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
