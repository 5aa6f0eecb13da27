import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanLine,
  cleanPath,
  cleanText,
  codeBlock,
  codeSpan,
  displayWidth,
  encodePath,
  escapeCommandMessage,
  escapeCommandProperty,
  escapeMarkdown,
  escapeXml,
  layOutCode,
  quoteForShell,
  shorten,
  wrapText,
  writeJson,
} from '../src/report/text.ts';
import { HOSTILE_TEXT } from './support/report-samples.ts';

const UNSEEN = /(?!\n)[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Any text, made more often of what matters here than chance would. */
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[31m',
        '\u001b',
        '[',
        '##',
        '##[',
        '::',
        '::x::',
        '\r',
        '\n',
        '\ud800',
        '\u202e',
        ']]>',
        '`',
        '|',
        "'",
        '\\',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('text of templates', () => {
  it('is printed without anything that a terminal or a runner obeys', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const clean = cleanText(text);
        expect(clean.replace(/\t/g, '')).not.toMatch(UNSEEN);
        expect(clean).not.toContain('##[');
        for (const line of clean.split('\n')) expect(line).not.toMatch(/^\s*::[a-z]/i);
        for (const line of wrapText(clean, 10)) expect(line).not.toMatch(/^::[a-z]/i);
        expect(cleanLine(text)).not.toContain('\n');
      }),
    );
  });

  it('loses escape sequences as a whole and keeps the rest', () => {
    expect(cleanLine(HOSTILE_TEXT)).toBe(
      ': :set-output name=a::b : :add-mask::c ## [error]d red ]]> <script>alert("&")</script> | `x` @octocat #12 https://evil.example ltr � %0A : :stop-commands::x',
    );
    expect(cleanText('\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\')).toBe('link');
    expect(cleanText('\u001b]0;never ends')).toBe('0;never ends');
    expect(cleanText('\u009b31mred')).toBe('red');
    expect(cleanText('family 👨‍👩‍👧 ok')).toBe('family 👨‍👩‍👧 ok');
  });

  it('keeps paths on one line and away from options and commands', () => {
    expect(cleanPath('a\nb\u001b[2J')).toBe('a�b');
    expect(cleanPath('::add-mask::x/main.tf')).toMatch(/^\.\//);
    expect(cleanPath('-rf/main.tf')).toBe('./-rf/main.tf');
    expect(cleanPath('templates/main.tf')).toBe('templates/main.tf');
  });

  it('is cut between characters', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('ab😀def', 4)).toBe('ab…');
    expect(shorten('abc', 3)).toBe('abc');
  });
});

describe('code', () => {
  it('keeps columns right where tabs, wide, unseen and commanding characters stand', () => {
    const laidOut = layOutCode('\té漢😀\u202e##[x', true);
    expect(laidOut.cells.map((cell) => cell.text).join('')).toBe('  é漢😀�## [x');
    expect([0, 1, 2, 3, 5, 6, 8, 9, 99].map((offset) => laidOut.columnAt(offset))).toEqual([
      0, 2, 3, 5, 7, 8, 10, 12, 13,
    ]);
  });

  it('is ASCII where the terminal is', () => {
    expect(
      layOutCode('é漢\u0000', false)
        .cells.map((cell) => cell.text)
        .join(''),
    ).toBe('???');
  });

  it('is as wide as a terminal makes it', () => {
    expect(['abc', 'é', 'e\u0301', '漢字', '😀'].map(displayWidth)).toEqual([3, 1, 1, 4, 2]);
  });
});

describe('escaping', () => {
  it('leaves workflow commands no way out', () => {
    expect(escapeCommandMessage('100%\r\n::x')).toBe('100%25%0D%0A::x');
    expect(escapeCommandProperty('a:b,c%\n')).toBe('a%3Ab%2Cc%25%0A');
  });

  it('drops what XML does not admit and escapes the rest', () => {
    expect(escapeXml('a\u0000\u0008\ud800\ufffe<&>"\'\n]]> &#91; ##[x')).toBe(
      'a&lt;&amp;&gt;&quot;&apos;&#10;]]&gt; &amp;#91; ##&#91;x',
    );
    expect(escapeXml('😀')).toBe('😀');
  });

  it('shows Markdown as it was written', () => {
    expect(escapeMarkdown('a|b `c` <d> *e* [f](g) @octocat #12 https://h.example\n# i')).toBe(
      'a\\|b \\`c\\` &lt;d&gt; \\*e\\* \\[f\\](g) @&#8203;octocat \\#&#8203;12 https:&#8203;//h.example \\# i',
    );
    expect(codeSpan('a`b``c')).toBe('```a`b``c```');
    expect(codeSpan('`a|b`', true)).toBe('`` `a\\|b` ``');
    expect(codeBlock('a\n```\nb\n', 'diff')).toBe('````diff\na\n```\nb\n````\n');
  });

  it('writes JSON that is safe to print and means the same', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const json = writeJson({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).not.toMatch(UNSEEN);
        expect(json).not.toContain('##[');
      }),
    );
  });

  it('writes paths as URIs and as words of a shell', () => {
    expect(encodePath('a b/c#d%/é:\ud800.tf')).toBe('a%20b/c%23d%25/%C3%A9%3A%EF%BF%BD.tf');
    expect(quoteForShell('templates/docker')).toBe('templates/docker');
    expect(quoteForShell("a'; rm -rf $(b)")).toBe("'a'\\''; rm -rf $(b)'");
    expect(quoteForShell('--write')).toBe('./--write');
  });
});
