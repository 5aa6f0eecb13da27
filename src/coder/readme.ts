import { SourceFile, type Span } from '../source/source-file.ts';
import type { Template } from './template.ts';

/** The file that Coder keeps with a template version as its documentation (provisionersdk/tfpath/tfpath.go). */
export const README_FILE = 'README.md';

/** Characters of it that agents see when they choose a template (chattool/listtemplates.go at v2.35.1 of coder/coder). */
export const README_EXCERPT = 1000;

/** What keeps a README from telling an agent what its template is for: there is none, or none of it is a paragraph. */
interface ReadmeGap {
  /** Where the file begins; null when there is none. */
  readonly at: Span | null;
}

/** What the README lacks; null when it opens with a paragraph, or when the files at hand do not tell. */
export function readmeGapOf({ tree }: Template): ReadmeGap | null {
  const { source, root } = tree;
  const { folder } = root.module;
  const path = folder === '' ? README_FILE : `${folder}/${README_FILE}`;
  const content = source.read(path);
  if (content === null) return source.isWhole ? { at: null } : null;
  if (!('text' in content) || opensWithParagraph(content.text)) return null;
  const file = new SourceFile(path, content.text);
  const end = content.text.search(/[\r\n]|$/);
  return { at: { file, start: 0, end } };
}

/** Characters that are looked at; a README whose first words come later is not judged. */
const LOOKED_AT = 16_384;

/** Letters that make a paragraph: fewer are a name or the text of a badge. */
const MIN_LETTERS = 12;

/**
 * Whether the start of a README holds text to read beside titles, tables and code. It is cut as agents see it
 * (chattool/readme.go at v2.35.1): without front matter, images and the targets of links.
 */
export function opensWithParagraph(readme: string): boolean {
  let seen = 0;
  let letters = 0;
  let fence: string | null = null;
  const lines = withoutFrontMatter(readme.slice(0, LOOKED_AT))
    .replace(/<!--.*?(?:-->|$)/gs, '')
    .split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const mark: string | undefined = /^ {0,3}(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined) fence = fence === null ? mark : fence === mark ? null : fence;
    const text = fence === null ? plainText(line) : line;
    const isProse = fence === null && mark === undefined && !isTitle(line, lines[index + 1]) && !isRow(line);
    // Paragraphs end at empty lines and at all that is no prose.
    letters = isProse && text !== '' ? letters + lettersIn(text.slice(0, README_EXCERPT - seen)) : 0;
    if (letters >= MIN_LETTERS) return true;
    seen += text.length;
    if (seen >= README_EXCERPT) return false;
  }
  return readme.length > LOOKED_AT;
}

/** The block between two lines of dashes at the very start, if it is closed. */
function withoutFrontMatter(readme: string): string {
  const text = readme.trimStart();
  return text.replace(/^---[ \t]*\r?\n(?:.*\r?\n)*?---[ \t]*(?:\r?\n|$)/, '');
}

/** A line as it is read: no images, tags and targets of links, and nothing of a list item that is only a link. */
function plainText(line: string): string {
  return line
    .replace(/!\[[^\]]{0,500}\](?:\([^)]{0,500}\)|\[[^\]]{0,500}\])/g, '')
    .replace(/^\s*(?:[-*+]|\d+[.)])\s+\[[^\]]{0,500}\]\([^)]{0,500}\)\s*$/, '')
    .replace(/^\s*\[[^\]]{0,500}\]:.*$/, '')
    .replace(/\[([^\]]{0,500})\](?:\([^)]{0,500}\)|\[[^\]]{0,500}\])/g, '$1')
    .replace(/<[^>]{0,500}>/g, '')
    .trim();
}

/** A title, marked at its start or underlined. */
function isTitle(line: string, next = ''): boolean {
  return /^ {0,3}#{1,6}(?:\s|$)/.test(line) || /^ {0,3}(?:=+|-+)\s*$/.test(next);
}

/** A row of a table. */
function isRow(line: string): boolean {
  return /^\s*\|/.test(line);
}

function lettersIn(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
