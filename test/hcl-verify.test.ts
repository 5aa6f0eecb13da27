import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SyntaxProblem } from '../src/hcl/syntax.ts';
import { createJudge, type Judge, problemsOf } from '../src/hcl/verify.ts';
import { SourceFile, textOf } from '../src/source/source-file.ts';
import { fixtures } from './support/hcl.ts';

const judge = createJudge();
afterAll(() => judge.close());

/** What is found in each of some files that make one template. */
async function problemsIn(
  texts: readonly string[],
  by: Judge = judge,
): Promise<(readonly SyntaxProblem[])[]> {
  return Promise.all(await by.verify(texts.map((text) => new SourceFile('dir/main.tf', text))));
}

async function verdictOn(text: string, by: Judge = judge): Promise<string[]> {
  const [problems = []] = await problemsIn([text], by);
  return problems.map((problem) => `${problem.summary} at ${JSON.stringify(textOf(problem.span))}`);
}

describe('the judge', () => {
  test.each(fixtures('valid'))('finds %s valid', async (_name, text) => {
    expect(await verdictOn(text)).toEqual([]);
  });

  test.each(fixtures('refused'))('finds %s invalid', async (_name, text) => {
    expect(await verdictOn(text)).not.toEqual([]);
  });

  test.each([
    ['a = 1 b', ['Missing newline after argument at "b"']],
    ['\ufeffa = 1 b', ['Missing newline after argument at "b"']],
    ['a = 1\r\nb = 2 c\r\n', ['Missing newline after argument at "c"']],
    ['# é\nx = "😀e\u0301👨‍👩‍👧" b', ['Missing newline after argument at "b"']],
    ['größe = naïve b', ['Missing newline after argument at "b"']],
    ["a = 'x'", ['Invalid character at "\'"', 'Invalid expression at "\'"']],
    ['x {\n', ['Unclosed configuration block at "{"']],
    ['a = "x\ny"\n', ['Invalid multi-line string at "\\n"', 'Unterminated template string at "\\n"']],
  ])('places its words: %j', async (text, expected) => {
    expect(await verdictOn(text)).toEqual(expected);
  });

  test('names the file where a detail refers to it', async () => {
    const [[problem] = []] = await problemsIn(['a = 1\na = 2\n']);
    expect(problem?.detail).toBe(
      'The argument "a" was already set at dir/main.tf:1,1-2. Each argument may be set only once.',
    );
  });

  test('passes what is syntax but cannot be turned into JSON', async () => {
    for (const text of ['a = -true', 'a = !1', 'a {}\na "b" {}', 'a "b" "c" {}\na "b" {}', 'a = -null']) {
      expect(await verdictOn(text), text).toEqual([]);
    }
  });

  test('answers each of many at once', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, (_, index) => verdictOn(index % 2 === 0 ? 'a = 1\n' : 'a = \n')),
    );
    expect(verdicts.map((verdict) => verdict.length > 0)).toEqual(
      Array.from({ length: 50 }, (_, index) => index % 2 === 1),
    );
  });

  test('starts anew after it was closed', async () => {
    const own = createJudge();
    expect(await verdictOn('a = ', own)).not.toEqual([]);
    await own.close();
    expect(await verdictOn('a = ', own)).not.toEqual([]);
    await own.close();
  });
});

describe('a file that cannot be judged', () => {
  test('is too large', async () => {
    const small = createJudge({ maxBytes: 10 });
    expect(await verdictOn('a = "ééé"', small)).toEqual(['File too large at ""']);
  });

  test.each([
    `a = ${'['.repeat(5000)}${']'.repeat(5000)}`,
    `a = ${'!'.repeat(100_000)}b`,
    'a {\n'.repeat(5000),
    `a = "${'${"'.repeat(300)}`,
  ])('is nested too deeply, and the next one is judged', async (text) => {
    const [[problem] = []] = await problemsIn([text]);
    expect(problem).toMatchObject({ summary: 'Nested too deeply', unverified: true });
    expect(await verdictOn('a = 1')).toEqual([]);
  });

  test('has a message of a form unknown', () => {
    const file = new SourceFile('main.tf', 'a = 1');
    expect(problemsOf(file, 'out of memory')[0]).toMatchObject({
      summary: 'Syntax not verified',
      unverified: true,
    });
  });
});

/** A judge whose thread runs `script` over the text `bad`, and finds all else valid. */
async function judgeWith(script: string): Promise<Judge> {
  const folder = await mkdtemp(join(tmpdir(), 'tasks-lint-'));
  const path = join(folder, 'thread.cjs');
  writeFileSync(
    path,
    `const { parentPort: port } = require('node:worker_threads');
     port.on('message', (text) => {
       if (text === 'bad') { ${script} }
       else port.postMessage({ error: null, dead: false });
     });`,
  );
  const own = createJudge({ worker: pathToFileURL(path), timeout: 1500 });
  onTestFinished(async () => {
    await own.close();
    await rm(folder, { recursive: true });
  });
  return own;
}

describe('a thread that fails', () => {
  const scripts: [name: string, script: string, reason: RegExp][] = [
    ['exits', 'process.exit(3);', /ended/],
    ['throws', 'throw new Error("torn");', /torn/],
    ['loses its runtime', 'port.postMessage({ error: "already exited", dead: true });', /ended over/],
    ['runs out of stack', 'port.postMessage({ error: "too much recursion", dead: false });', /recursion/],
  ];
  test.each(scripts)('%s costs one file its verdict', { timeout: 30_000 }, async (_name, script, reason) => {
    const own = await judgeWith(script);
    const verdicts = await problemsIn(['good', 'bad', 'good', 'bad', 'good'], own);
    expect(verdicts.map((problems) => problems.map(({ unverified }) => unverified))).toEqual([
      [],
      [true],
      [],
      [true],
      [],
    ]);
    expect(verdicts[1]?.[0]?.detail).toMatch(reason);
  });
});

describe('a thread that hangs', () => {
  test('costs a template what is left of it, and the next template nothing', {
    timeout: 30_000,
  }, async () => {
    const own = await judgeWith('for (;;);');
    const start = performance.now();
    const [hung, next] = await Promise.all([
      problemsIn(['good', 'bad', 'good', 'bad', 'good'], own),
      problemsIn(['good', 'good'], own),
    ]);
    expect(hung.map((problems) => problems.map(({ unverified }) => unverified))).toEqual([
      [],
      [true],
      [true],
      [true],
      [true],
    ]);
    expect(hung[4]?.[0]?.detail).toMatch(/took longer than 1500 ms/);
    expect(next).toEqual([[], []]);
    // All files share the time of one.
    expect(performance.now() - start).toBeLessThan(2 * 1500 + 1000);
  });

  test('is not what a process is that heard nothing for as long', { timeout: 30_000 }, async () => {
    const own = await judgeWith('');
    await problemsIn(['good'], own);
    // What comes next in Node's loop are timers, and only then messages.
    await new Promise((resolve) => setImmediate(resolve));
    const judgements = await own.verify([new SourceFile('main.tf', 'good')]);
    const end = performance.now() + 2000;
    while (performance.now() < end);
    expect(await Promise.all(judgements)).toEqual([[]]);
  });
});

test('a warm judge does not keep the process alive', { timeout: 30_000 }, () => {
  const source = new URL('../src/hcl/verify.ts', import.meta.url).pathname;
  const built = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { buildSync } from 'esbuild';
       import { mkdtempSync, rmSync } from 'node:fs';
       const out = 'node_modules/.cache/tasks-lint-judge-' + process.pid + '.mjs';
       buildSync({ entryPoints: [${JSON.stringify(source)}], bundle: true, format: 'esm', platform: 'node', outfile: out });
       const { createJudge } = await import(process.cwd() + '/' + out);
       rmSync(out);
       const judge = createJudge({ worker: new URL('data:text/javascript,' + encodeURIComponent(
         "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => parentPort.postMessage({ error: null, dead: false }));")) });
       const problems = await Promise.all(await judge.verify([{ path: 'main.tf', text: 'a = 1' }]));
       console.log('verdict', ...problems);`,
    ],
    { encoding: 'utf8', timeout: 20_000 },
  );
  expect({ stdout: built.stdout, status: built.status, stderr: built.stderr }).toMatchObject({
    stdout: 'verdict []\n',
    status: 0,
  });
});
