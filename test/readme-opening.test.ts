import { describe, expect, test } from 'vitest';
import { opensWithParagraph } from '../src/coder/readme.ts';
import { analyzeTemplate, memoryFiles } from '../src/index.ts';

const PROSE = 'For work on the storefront.';

describe('a README opens with a paragraph', () => {
  test.each([
    ['at once', PROSE],
    ['behind a title', `# Storefront\n\n${PROSE}\n`],
    ['behind a title that is underlined', `Storefront of the company\n===\n${PROSE}`],
    ['behind front matter', `---\ntags: [a]\n---\n${PROSE}`],
    ['behind front matter, a byte order mark and CRLF', `\uFEFF---\r\ntags: [a]\r\n---\r\n\r\n${PROSE}\r\n`],
    ['over several lines', 'For work\non the\nstorefront.'],
    ['as a list', `- ${PROSE}\n`],
    ['as a quotation', `> ${PROSE}`],
    ['of linked words', '[For work on the storefront](https://example.com)'],
    ['in another script', '用于店面及其测试数据库的开发工作。'],
    ['behind a comment', `<!-- lint off -->\n${PROSE}`],
    ['behind code', `\`\`\`sh\nmake\n\`\`\`\n${PROSE}`],
    ['in front matter that is not closed', `---\n${PROSE}`],
    ['behind 900 characters of code', `\`\`\`\n${'x'.repeat(900)}\n\`\`\`\n${PROSE}`],
  ])('%s', (_name, readme) => expect(opensWithParagraph(readme)).toBe(true));
});

describe('a README does not open with a paragraph', () => {
  test.each([
    ['when it is empty', ' \n\t\n'],
    ['with titles alone', '# Storefront\n\n## Set up the template\n'],
    ['with a title that is underlined', 'Storefront of the company\n---\n'],
    ['with front matter alone', `---\ndescription: ${PROSE}\n---\n`],
    ['with a comment alone', `<!--\n${PROSE}\n-->\n`],
    ['with a comment that is not closed', `<!-- ${PROSE}`],
    [
      'with badges',
      `[![${PROSE}](https://a.b/c.svg)](https://a.b)\n![${PROSE}][img]\n\n[img]: https://a.b/c.png`,
    ],
    ['with links alone', `- [${PROSE}](#setup)\n1. [${PROSE}](#use)\n`],
    ['with code alone', `\`\`\`sh\n${PROSE}\n\`\`\`\n`],
    ['with tildes around code', `~~~\n\`\`\`\n${PROSE}\n~~~\n`],
    ['with a table alone', `| ${PROSE} | b |\n| --- | --- |\n`],
    ['with names alone', 'Storefront\n\nMobile\n'],
    ['with an HTML image', `<img alt="${PROSE}" src="a.png">`],
    ['when it comes too late', `\`\`\`\n${'x'.repeat(1000)}\n\`\`\`\n${PROSE}`],
  ])('%s', (_name, readme) => expect(opensWithParagraph(readme)).toBe(false));
});

test('a README that is not read to its first words is not judged', () => {
  expect(opensWithParagraph(`${'\n'.repeat(20_000)}${PROSE}`)).toBe(true);
  expect(opensWithParagraph(`<!-- ${'x'.repeat(20_000)} -->\n# Storefront`)).toBe(true);
});

test('what a map in memory does not hold is missed only when the map is whole', async () => {
  const files = { 'main.tf': 'data "coder_task" "me" {}\n' };
  const missed = async (source: Parameters<typeof analyzeTemplate>[0]) => {
    const { templates } = await analyzeTemplate(source, { judge: 'none' });
    const found = templates.flatMap(({ findings }) =>
      findings.map((each) => `${each.ruleId} ${each.messageId}`),
    );
    return found.filter((name) => /no-lock-file|noReadme/.test(name));
  };
  expect(await missed(files)).toEqual([]);
  expect(await missed(memoryFiles(files, { isWhole: true }))).toEqual([
    'agents/discoverability noReadme',
    'upload/no-lock-file missing',
  ]);
});
