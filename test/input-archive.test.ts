import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArchiveError, type ArchiveLimits, readArchive } from '../src/input/archive.ts';
import type { TemplateFiles } from '../src/input/template-files.ts';

function file(name: string, body: string): TarEntry {
  return { header: { name, size: Buffer.byteLength(body), type: 'file' }, body };
}

function texts(files: TemplateFiles, folder = ''): Record<string, unknown> {
  return Object.fromEntries(
    files.list(folder).map((name) => [name, files.read(folder ? `${folder}/${name}` : name)]),
  );
}

async function fault(bytes: Uint8Array, limits: Partial<ArchiveLimits> = {}): Promise<string> {
  const error = await readArchive(bytes, { limits }).then(
    () => null,
    (error) => error,
  );
  expect(error).toBeInstanceOf(ArchiveError);
  expect(error.message).toMatch(/^[A-Z].*\.?$/s);
  return error.code;
}

describe('a tar archive', () => {
  test('gives its files', async () => {
    const bytes = await packTar([
      { header: { name: 'modules/', size: 0, type: 'directory' } },
      file('./main.tf', '\uFEFFmain'),
      file('modules/x.tf', 'x'),
      file('empty.tf', ''),
    ]);
    const files = await readArchive(bytes, { root: 'upload' });
    expect(files).toMatchObject({ root: 'upload', folder: '', notes: [] });
    expect(texts(files)).toEqual({ 'main.tf': { text: '\uFEFFmain' }, 'empty.tf': { text: '' } });
    expect(texts(files, 'modules')).toEqual({ 'x.tf': { text: 'x' } });
  });

  test('needs no end-of-archive blocks, as the uploads of coder have none', async () => {
    const bytes = await packTar([file('main.tf', 'main'), file('b.tf', 'x'.repeat(600))]);
    const files = await readArchive(bytes.subarray(0, -1024));
    expect(files.list('')).toEqual(['b.tf', 'main.tf']);
  });

  test('whose last file ends in zeros is not taken for one with an end', async () => {
    const bytes = await packTar([file('main.tf', 'main'), file('zeros', '\0'.repeat(2048))]);
    expect((await readArchive(bytes.subarray(0, -1024))).list('')).toEqual(['main.tf', 'zeros']);
    expect(await fault(bytes.subarray(0, -2048))).toBe('truncated');
  });

  test('keeps long and non-ASCII names', async () => {
    const long = `${'folder/'.repeat(40)}é ü.tf`;
    expect((await readArchive(await packTar([file(long, 'x')]))).read(long)).toEqual({ text: 'x' });
  });

  test('may be empty', async () => {
    expect((await readArchive(new Uint8Array(1024))).list('')).toEqual([]);
  });

  test('loses what Coder does not unpack, and says so', async () => {
    const bytes = await packTar([
      file('main.tf', 'main'),
      file('../up.tf', ''),
      file('a/../../up.tf', ''),
      file('a..b.tf', ''),
      { header: { name: 'link.tf', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
      { header: { name: 'hard.tf', size: 0, type: 'link', linkname: 'main.tf' } },
      { header: { name: 'device', size: 0, type: 'character-device' } },
      { header: { name: 'pipe', size: 0, type: 'fifo' } },
    ]);
    const files = await readArchive(bytes);
    expect(files.list('')).toEqual(['main.tf']);
    expect(files.notes.map((note) => note.path)).toEqual([
      '../up.tf',
      'a/../../up.tf',
      'a..b.tf',
      'link.tf',
      'hard.tf',
      'device',
      'pipe',
    ]);
  });

  test('puts absolute and Windows names where Coder does, with a note', async () => {
    const files = await readArchive(await packTar([file('/etc/x.tf', 'x'), file('C:\\y.tf', 'y')]));
    expect(files.read('etc/x.tf')).toEqual({ text: 'x' });
    expect(files.read('C:\\y.tf')).toEqual({ text: 'y' });
    expect(files.notes.map((note) => note.path)).toEqual(['etc/x.tf', 'C:\\y.tf']);
  });

  test('with a path twice is written over as Coder does', async () => {
    const files = await readArchive(await packTar([file('a.tf', '12345'), file('./a.tf', 'xy')]));
    expect(files.read('a.tf')).toEqual({ text: 'xy345' });
    expect(files.notes).toEqual([{ path: 'a.tf', text: expect.stringContaining('twice') }]);
  });

  test('with paths that differ in case only gets a note', async () => {
    const files = await readArchive(await packTar([file('Main.tf', '1'), file('main.tf', '2')]));
    expect(files.list('')).toEqual(['Main.tf', 'main.tf']);
    expect(files.notes).toEqual([{ path: 'main.tf', text: expect.stringContaining('Main.tf') }]);
  });

  test('cut anywhere but between two entries is cut short', async () => {
    const bytes = await packTar([file('a.tf', 'a'.repeat(700)), file('b.tf', 'b')]);
    const whole = 4 * 512 + 512;
    for (let length = 512; length < bytes.length; length += 64) {
      const cut = bytes.subarray(0, length);
      if (length === whole) expect((await readArchive(cut)).list('')).toEqual(['a.tf', 'b.tf']);
      else if (length === 3 * 512) expect((await readArchive(cut)).list('')).toEqual(['a.tf']);
      else expect(await fault(cut)).toBe('truncated');
    }
  });

  test('with a wrong checksum inside is damaged', async () => {
    const bytes = await packTar([file('a.tf', 'a'), file('b.tf', 'b')]);
    bytes[1024] = 0x7a;
    expect(await fault(bytes)).toBe('damaged');
  });

  test('over a limit is not read', async () => {
    const bytes = await packTar([file('a.tf', 'a'.repeat(100)), file('b.tf', 'b'.repeat(100))]);
    expect(await fault(bytes, { archiveBytes: 1000 })).toBe('too-large');
    expect(await fault(bytes, { totalBytes: 150 })).toBe('too-large');
    expect(await fault(bytes, { files: 1 })).toBe('too-many-files');
    expect(await fault(bytes.subarray(0, -1024), { files: 1 })).toBe('too-many-files');
    const files = await readArchive(bytes, { limits: { fileBytes: 50 } });
    expect(files.read('a.tf')).toMatchObject({ problem: 'too-large' });
  });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('resource "coder_agent" "main" {}\n'.repeat(40))],
  ['gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(600)])],
  ['half a block', Buffer.alloc(100)],
])('%s is no archive', async (_name, bytes) => {
  expect(await fault(bytes)).toBe('not-an-archive');
});

interface ZipSource {
  readonly name: string | Buffer;
  readonly body?: string;
  readonly mode?: number;
  readonly size?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** A zip archive byte by byte, since no packer writes what hostile ones hold. */
function zipOf(sources: readonly ZipSource[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const source of sources) {
    const name = Buffer.from(source.name);
    const body = Buffer.from(source.body ?? '');
    const packed = deflateRawSync(body);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(source.flags ?? 0x800, 2);
    common.writeUInt16LE(source.method ?? 8, 4);
    common.writeUInt32LE(source.crc ?? 0, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(source.size ?? body.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((source.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), common, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(sources.length, 8);
  end.writeUInt16LE(sources.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

describe('a zip archive', () => {
  test('gives its files', async () => {
    const files = await readArchive(
      zipOf([{ name: 'modules/' }, { name: 'main.tf', body: 'main' }, { name: 'modules/é.tf', body: 'x' }]),
    );
    expect(texts(files)).toEqual({ 'main.tf': { text: 'main' } });
    expect(texts(files, 'modules')).toEqual({ 'é.tf': { text: 'x' } });
    expect(files.notes).toEqual([]);
  });

  test('may be empty', async () => {
    expect((await readArchive(zipOf([]))).list('')).toEqual([]);
  });

  test('with hostile names keeps the others', async () => {
    const files = await readArchive(
      zipOf([
        { name: '../up.tf', body: 'x' },
        { name: 'n\0.tf' },
        { name: 'main.tf', body: 'main' },
        { name: '/abs.tf', body: 'abs' },
        { name: 'a\\b.tf', body: 'backslash' },
        { name: Buffer.from([0xff, 0x2e]), body: 'not UTF-8' },
      ]),
    );
    expect(files.list('')).toEqual(['a\\b.tf', 'abs.tf', 'main.tf', '\uFFFD.']);
    expect(files.notes.map((note) => note.path)).toEqual(['../up.tf', 'n\0.tf', 'abs.tf', 'a\\b.tf']);
  });

  test('with a link has a file in its place', async () => {
    const files = await readArchive(zipOf([{ name: 'main.tf', body: '/etc/passwd', mode: 0o120777 }]));
    expect(files.read('main.tf')).toEqual({ text: '/etc/passwd' });
    expect(files.notes).toEqual([{ path: 'main.tf', text: expect.stringContaining('link') }]);
  });

  test('that inflates to more than it declares is damaged', async () => {
    expect(await fault(zipOf([{ name: 'bomb.tf', body: 'x'.repeat(100_000), size: 10 }]))).toBe('damaged');
  });

  test('over a limit is refused by what it declares', async () => {
    expect(await fault(zipOf([{ name: 'bomb.tf', body: 'x', size: 2 ** 31 }]))).toBe('too-large');
    expect(await fault(zipOf([{ name: 'a' }, { name: 'b' }]), { files: 1 })).toBe('too-many-files');
  });

  test.each([
    ['a wrong checksum', { crc: 1 }],
    ['a method nobody knows', { method: 99 }],
    ['encryption', { flags: 1 }],
  ])('with %s is damaged', async (_name, source) => {
    expect(await fault(zipOf([{ name: 'main.tf', body: 'main', ...source }]))).toBe('damaged');
  });

  test('cut anywhere is refused', async () => {
    const bytes = zipOf([{ name: 'main.tf', body: 'main'.repeat(50) }]);
    for (let length = 4; length < bytes.length; length += 3) {
      expect(['truncated', 'damaged']).toContain(await fault(bytes.subarray(0, length)));
    }
  });
});

describe('archives of the real programs', () => {
  let base: string;
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'tasks-lint-archive-'));
    mkdirSync(join(base, 'a/b'), { recursive: true });
    writeFileSync(join(base, 'main.tf'), 'main');
    writeFileSync(join(base, 'a/b/x.tf'), 'x');
    symlinkSync('main.tf', join(base, 'link.tf'));
  });
  afterAll(() => {
    rmSync(base, { recursive: true, force: true });
  });

  test.each(['ustar', 'pax', 'gnu', 'v7'])('tar --format=%s', async (format) => {
    const bytes = execFileSync('tar', [
      '-C',
      base,
      `--format=${format}`,
      '-cf',
      '-',
      'main.tf',
      'a',
      'link.tf',
    ]);
    const files = await readArchive(bytes);
    expect(files.list('')).toEqual(['main.tf']);
    expect(files.read('a/b/x.tf')).toEqual({ text: 'x' });
    expect(files.notes).toEqual([{ path: 'link.tf', text: expect.stringContaining('symlink') }]);
  });

  test('zip', async () => {
    execFileSync('zip', ['-qr', 'out.zip', 'main.tf', 'a'], { cwd: base });
    const files = await readArchive(readFileSync(join(base, 'out.zip')));
    expect(files.list('')).toEqual(['main.tf']);
    expect(files.read('a/b/x.tf')).toEqual({ text: 'x' });
  });
});
