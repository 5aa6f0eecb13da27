/** A fenced block of a page. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Offsets of the text in the page, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Line of the fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page in one language, or all. */
export function blocksOf(page: string, language?: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .map((match) => {
      const [, name = '', text = ''] = match;
      const start = match.index + 3 + name.length + 1;
      const line = page.slice(0, match.index).split('\n').length;
      return { language: name, text, start, end: start + text.length, line };
    })
    .filter((block) => language === undefined || block.language === language);
}
