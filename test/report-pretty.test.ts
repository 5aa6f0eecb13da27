import { describe, expect, it } from 'vitest';
import { codeFrame } from '../src/report/code-frame.ts';
import { nextStep } from '../src/report/next-step.ts';
import { pretty } from '../src/report/pretty.ts';
import type { FindingReport } from '../src/report/report.ts';
import { groupVerdict, lineRanges } from '../src/report/words.ts';
import { SourceFile } from '../src/source/source-file.ts';
import {
  allSamples,
  broken,
  current,
  finding,
  legacy,
  place,
  plain,
  report,
  sampleContext,
  template,
} from './support/report-samples.ts';

const TEXT = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join('\n');

/** A code frame as text, so that a test shows what a reader sees. */
function frame(text: string, needle: string, width = 40, context = 2): string {
  const { start, end } = place('main.tf', needle, text);
  return codeFrame(new SourceFile('main.tf', text), start, end, { unicode: true, width, context })
    .flatMap(({ line, code, mark }) => [
      `${line ?? '⋮'}|${code}`,
      ...(mark === null
        ? []
        : [`${' '.repeat(String(line).length)}|${' '.repeat(mark.from)}${'^'.repeat(mark.width)}`]),
    ])
    .join('\n');
}

describe('a code frame', () => {
  it('shows two lines on either side and points at the span', () => {
    expect(frame(TEXT, '5\n'.trim())).toBe('3|line 3\n4|line 4\n5|line 5\n |     ^\n6|line 6\n7|line 7');
  });

  it('stays inside the file', () => {
    expect(frame('a\nb', 'a')).toBe('1|a\n |^\n2|b');
    expect(
      codeFrame(
        new SourceFile('main.tf', 'a'),
        { line: 9, column: 1, offset: 0 },
        { line: 9, column: 2, offset: 1 },
        { unicode: true, width: 9, context: 2 },
      ),
    ).toEqual([]);
  });

  it('leaves out the middle of a long span', () => {
    expect(frame(TEXT, TEXT.slice(TEXT.indexOf('line 3'), TEXT.indexOf('line 10')), 40, 1)).toBe(
      '2|line 2\n3|line 3\n |^^^^^^\n4|line 4\n⋮|\n9|line 9\n10|line 10',
    );
  });

  it('shows an insertion as one caret, also behind the last character', () => {
    const at = { line: 1, column: 4, offset: 3 };
    expect(
      codeFrame(new SourceFile('main.tf', 'abc'), at, at, { unicode: true, width: 20, context: 0 }),
    ).toEqual([{ line: 1, code: 'abc', mark: { from: 3, width: 1 } }]);
  });

  it('moves a window over a long line', () => {
    const text = `${'a'.repeat(100)} needle ${'b'.repeat(100)}`;
    expect(frame(text, 'needle', 30)).toBe('1|…aaaaaaaaa needle bbbbbbbbbbb…\n |           ^^^^^^');
    expect(frame(`x = "${'a'.repeat(100)}"`, `"${'a'.repeat(100)}"`, 20)).toBe(
      `1|x = "${'a'.repeat(14)}…\n |    ^^^^^^^^^^^^^^^`,
    );
  });

  it('lays out no more of a line of megabytes than it shows', () => {
    const text = `${'a'.repeat(3_000_000)} needle ${'b'.repeat(3_000_000)}`;
    expect(frame(text, 'needle', 30)).toBe('1|…aaaaaaaaa needle bbbbbbbbbbb…\n |           ^^^^^^');
  });

  it('counts columns behind a BOM, tabs and wide characters', () => {
    expect(frame('\ufeff\t漢 x', 'x')).toBe('1|  漢 x\n |     ^');
  });
});

describe('pretty', () => {
  it('has no escape sequence without colour and some with it', async () => {
    const plainText = await pretty.render(allSamples, sampleContext({ width: 90 }));
    const coloured = await pretty.render(allSamples, sampleContext({ width: 90, color: 3 }));
    expect(plainText).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences that chalk writes.
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plainText);
  });

  it.each([40, 60, 80, 120])(
    'stays within %i columns, but for single words and table rows of rule ids',
    async (width) => {
      const lines = (await pretty.render(allSamples, sampleContext({ width }))).split('\n');
      const tooWide = lines.filter(
        (line) => line.length > width && !/^ {2}[✔✖!?] |^ {2}\w+ {2}\w+\/|^ {2}tasks-lint|^[^ ]+$/.test(line),
      );
      expect(tooWide).toEqual([]);
    },
  );

  it('breaks the causes of a line at its margin', async () => {
    const because = ['legacy/ai-prompt-missing', 'module/dropped-tasks', 'task/app-id-unsupported'];
    const lines = legacy.verdict.lines.map((each) => ({ ...each, status: 'import-fails' as const, because }));
    const failing = { ...legacy, verdict: { ...legacy.verdict, lines, capableOn: null } };
    const text = await pretty.render(report([failing]), sampleContext({ width: 80 }));
    expect(text).toContain(
      '  ✖ >=2.24  import fails  legacy/ai-prompt-missing, module/dropped-tasks,\n' +
        '                          task/app-id-unsupported\n',
    );
  });

  it('does not say that nothing defines a task where a module may', async () => {
    const lines = legacy.verdict.lines.map((each) => ({ ...each, status: 'unknown' as const, listed: null }));
    const open = { ...legacy, verdict: { generation: 'orphan' as const, lines, capableOn: null } };
    const text = await pretty.render(report([open]), sampleContext({ width: 200 }));
    expect(text).toContain(
      'Undecided on Coder >=2.24, Task-capable on no other release. Has parts of a task; whether something',
    );
    expect(text).not.toContain('nothing that defines one');
  });

  it('is ASCII when asked to be', async () => {
    expect(await pretty.render(allSamples, sampleContext({ unicode: false }))).toMatch(/^[\n -~]*$/);
  });

  it('does without frames when there is no source', async () => {
    const text = await pretty.render(report([legacy]), sampleContext({ sources: () => null }));
    expect(text).toContain('The constraint "~> 2.9"');
    expect(text).not.toContain('│');
  });
});

describe('release lines', () => {
  it('are joined where they are neighbours', () => {
    expect(lineRanges(['2.24-2.27', '2.28-2.29', '2.36'])).toBe('2.24-2.29, 2.36');
    expect(lineRanges(['2.34-2.35', '>=2.37', '2.36'])).toBe('>=2.34');
    expect(lineRanges(['>=2.37'])).toBe('>=2.37');
    expect(lineRanges(['2.36'])).toBe('2.36');
    expect(lineRanges([])).toBe('');
  });

  it('are grouped by status and cause', () => {
    expect(
      groupVerdict(current.verdict).map(({ status, lines }) => `${status} ${lineRanges(lines)}`),
    ).toEqual(['import-fails 2.24-2.27', 'capable 2.28-2.33', 'unknown 2.34-2.36', 'not-capable >=2.37']);
  });
});

describe('the next step', () => {
  const withFix = (safety: 'safe' | 'review', root = 'templates/new'): FindingReport =>
    finding({
      ruleId: 'task/a',
      message: 'x',
      ...place(`${root}/main.tf`, 'a', 'a'),
      fix: { title: 'x', safety, edits: [] },
    });
  const fixable = (safety: 'safe' | 'review', root?: string) =>
    template({ root: root ?? 'templates/new', verdict: current.verdict, findings: [withFix(safety, root)] });
  const commandOf = (...templates: Parameters<typeof report>[0][number][]) =>
    nextStep(report(templates))?.command;

  it('is to migrate an old template that has fixes', () => {
    expect(commandOf(current, legacy, fixable('safe'))).toBe('tasks-lint migrate templates/docker-claude');
  });

  it('is to fix what is safe, then to look at the rest', () => {
    expect(commandOf(fixable('review', 'b'), fixable('safe', 'a b'))).toBe("tasks-lint lint --fix 'a b'");
    expect(commandOf(fixable('review', '$(x)'))).toBe("tasks-lint lint --diff '$(x)'");
    expect(commandOf(...['a', 'b', 'c', 'd'].map((root) => fixable('safe', root)))).toBe(
      'tasks-lint lint --fix .',
    );
    const deep = ['/srv/x/a', '/srv/x/b', '/srv/xy', '/srv/x'];
    expect(commandOf(...deep.map((root) => fixable('safe', root)))).toBe('tasks-lint lint --fix /srv');
    expect(commandOf({ ...fixable('safe', 'x'), root: '' })).toBe('tasks-lint lint --fix .');
  });

  it('is to read about the worst finding that has no fix', () => {
    expect(commandOf(current, broken)).toBe('tasks-lint explain template/syntax');
  });

  it('is to read what would decide an unknown verdict', () => {
    expect(commandOf({ ...current, findings: [] })).toBe('tasks-lint explain task/count-undecided');
    const advised = finding({
      ruleId: 'agents/x',
      message: 'x',
      level: 'warning',
      ...place('a/main.tf', 'a', 'a'),
    });
    expect(commandOf({ ...current, findings: [advised] })).toBe('tasks-lint explain task/count-undecided');
  });

  it('is not to migrate for releases that want the old shape', () => {
    expect(nextStep(report([legacy], '<2.28'))?.command).toBe(
      'tasks-lint lint --fix templates/docker-claude',
    );
  });

  it('is nothing when all is well', () => {
    expect(commandOf(plain)).toBeUndefined();
    expect(nextStep(report([]))).toBeNull();
  });
});
