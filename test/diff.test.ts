import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { git, runMain, temporaryFolder } from './support/cli.ts';

const BEFORE = fileURLToPath(
  new URL('../fixtures/migrations/goose-2-prompt-in-env/before/', import.meta.url),
);

async function run(cwd: string, ...argv: string[]): Promise<string> {
  const { stdout, stderr } = await runMain(cwd, ...argv);
  if (stdout === '') throw new Error(`nothing printed: ${stderr}`);
  return stdout;
}

/** A copy of a template that needs fixes, in a folder of any name, its main.tf written in another way. */
function copyOf(folder: string, rewrite: (text: string) => string): string {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, folder));
  cpSync(BEFORE, join(cwd, folder), { recursive: true });
  const path = join(cwd, folder, 'main.tf');
  // The first line must be near a change for a byte order mark to matter.
  const text = readFileSync(path, 'utf8')
    .replace(/^#.*\n/, '')
    .replace(/(.*"coder\/coder"\n)(.*\n)/, '$2$1');
  writeFileSync(path, rewrite(text));
  return cwd;
}

const SHAPES: Readonly<Record<string, readonly [folder: string, rewrite: (text: string) => string]>> = {
  'as it is': ['t', (text) => text],
  'with CRLF': ['t', (text) => text.replaceAll('\n', '\r\n')],
  'with some CRLF': ['t', (text) => text.replace(/\n(?=.*=)/g, '\r\n')],
  'with a byte order mark': ['t', (text) => `\ufeff${text}`],
  'without a final newline': ['t', (text) => text.trimEnd()],
  'with CRLF, a byte order mark and no final newline': [
    't',
    (text) => `\ufeff${text.trimEnd().replaceAll('\n', '\r\n')}`,
  ],
  'with empty lines at the end': ['t', (text) => `${text}\n\n\n`],
  'in a folder with spaces': ['a b  c', (text) => text],
  'in a folder with quotes and a line break': ['"é\\\n+x', (text) => text],
};

const COMMANDS: Readonly<Record<string, (cwd: string, folder: string) => Promise<string>>> = {
  'lint --diff': (cwd, folder) => run(cwd, 'lint', '--diff', folder),
  migrate: (cwd, folder) => run(cwd, 'migrate', folder),
  'migrate --format json': async (cwd, folder) =>
    JSON.parse(await run(cwd, 'migrate', '--format', 'json', folder)).templates[0].diff,
};

const WRITERS: Readonly<Record<string, readonly string[]>> = {
  'lint --diff': ['lint', '--fix=all'],
  migrate: ['migrate', '--write'],
  'migrate --format json': ['migrate', '--write'],
};

describe.each(Object.keys(COMMANDS))('the diff of %s', (command) => {
  it.each(Object.keys(SHAPES))('makes of a template %s what writing it makes', async (shape) => {
    const [folder, rewrite] = SHAPES[shape] as (typeof SHAPES)[string];
    const cwd = copyOf(folder, rewrite);
    const before = readFileSync(join(cwd, folder, 'main.tf'), 'utf8');
    writeFileSync(join(cwd, 'out.diff'), (await COMMANDS[command]?.(cwd, folder)) ?? '');

    const written = copyOf(folder, rewrite);
    await run(written, ...(WRITERS[command] ?? []), folder);
    const wanted = readFileSync(join(written, folder, 'main.tf'), 'utf8');
    expect(wanted).not.toBe(before);

    git(['init', '-q'], cwd);
    git(['-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn', 'out.diff'], cwd);
    expect(readFileSync(join(cwd, folder, 'main.tf'), 'utf8')).toBe(wanted);
  });
});

it('ends a name with spaces by a tab, without which GNU patch does not find the file', async () => {
  const printed = await run(
    copyOf('a b', (text) => text),
    'lint',
    '--diff',
    'a b',
  );
  expect(printed.split('\n').slice(0, 2)).toEqual(['--- a/a b/main.tf\t', '+++ b/a b/main.tf\t']);
});
