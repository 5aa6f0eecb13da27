import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDirectory } from '../src/input/directory.ts';
import { memoryFiles } from '../src/input/memory.ts';
import { decodeText, type FolderEntry, joinPath } from '../src/input/template-files.ts';

describe('joinPath', () => {
  test.each([
    ['', 'main.tf', 'main.tf'],
    ['a/b', '../c', 'a/c'],
    ['a/b', './c//d/', 'a/b/c/d'],
    ['a/b', '../..', ''],
    ['', '.', ''],
    ['a', '...', 'a/...'],
  ])('%j and %j make %j', (folder, relative, path) => {
    expect(joinPath(folder, relative)).toBe(path);
  });

  test.each([
    ['', '..'],
    ['a', '../../b'],
    ['a', '/etc'],
    ['a/b', '../../../a'],
  ])('%j and %j leave the tree', (folder, relative) => {
    expect(joinPath(folder, relative)).toBeNull();
  });
});

describe('decodeText', () => {
  test('keeps the byte order mark and the line breaks', () => {
    expect(decodeText(Buffer.from('\uFEFFa = 1\r\n'))).toEqual({ text: '\uFEFFa = 1\r\n' });
  });

  test.each([
    ['NUL bytes', Buffer.from('a\0b'), 'binary', 'NUL'],
    ['UTF-16', Buffer.from('\uFEFFab', 'utf16le'), 'invalid-utf-8', 'UTF-16'],
    ['Latin-1 on line 2', Buffer.from('a\nb\xe9\n', 'latin1'), 'invalid-utf-8', 'line 2'],
    ['a sequence cut short at the end', Buffer.from([0x61, 0xe2, 0x82]), 'invalid-utf-8', 'line 1'],
  ])('names %s', (_name, bytes, problem, detail) => {
    expect(decodeText(bytes)).toEqual({ problem, detail: expect.stringContaining(detail) });
  });

  test('does not read past the limit', () => {
    expect(decodeText(Buffer.from('12345'), { fileBytes: 4 })).toMatchObject({ problem: 'too-large' });
  });
});

describe('files in memory', () => {
  test('are read and listed by normalised path', () => {
    const files = memoryFiles(
      { './t//main.tf': 'a', 't/b.tf': Buffer.from('b'), 'm/x.tf': 'x' },
      { folder: 't' },
    );
    expect(files).toMatchObject({ root: 't', folder: 't', notes: [] });
    expect(files.list('t')).toEqual(['b.tf', 'main.tf']);
    expect(files.list('')).toEqual([]);
    expect(files.read('t/main.tf')).toEqual({ text: 'a' });
    expect(files.read('t/b.tf')).toEqual({ text: 'b' });
    expect(files.read('t')).toBeNull();
    expect(files.read('none')).toBeNull();
  });

  test('refuse paths that leave the tree or repeat, and say so', () => {
    const map = new Map([
      ['../x.tf', ''],
      ['/etc/passwd', ''],
      ['a.tf', 'first'],
      ['./a.tf', 'second'],
    ]);
    const files = memoryFiles(map);
    expect(files.list('')).toEqual(['a.tf']);
    expect(files.read('a.tf')).toEqual({ text: 'first' });
    expect(files.notes.map((note) => note.path)).toEqual(['../x.tf', '/etc/passwd', 'a.tf']);
  });

  test('treat names of object members as any other name', () => {
    const files = memoryFiles(JSON.parse('{"__proto__": "a", "constructor/x.tf": "b"}'));
    expect(files.list('')).toEqual(['__proto__']);
    expect(files.read('constructor/x.tf')).toEqual({ text: 'b' });
    expect(files.list('constructor')).toEqual(['x.tf']);
    expect(files.read('toString')).toBeNull();
  });

  test('stop at the limits with a note', () => {
    const files = memoryFiles({ a: '1', b: '2', c: '3' }, { limits: { files: 2 } });
    expect(files.list('')).toEqual(['a', 'b']);
    expect(files.notes).toEqual([{ path: 'c', text: expect.stringContaining('limit') }]);
  });
});

describe('a directory', () => {
  let base: string;
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'tasks-lint-input-')));
  });
  afterEach(() => {
    rmSync(base, { recursive: true, force: true });
  });

  function write(path: string, content: string | Uint8Array = ''): void {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), content);
  }

  function link(path: string, target: string): void {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    symlinkSync(target, join(base, path));
  }

  test('reads the repository around the template and nothing outside', () => {
    write('secret.tf', 'secret');
    write('repo/.git/HEAD');
    write('repo/modules/x/main.tf', 'x');
    write('repo/templates/t/main.tf', '\uFEFFt\r\n');
    const files = openDirectory('repo/templates/t', { cwd: base });
    expect(files).toMatchObject({
      root: 'repo/templates/t',
      folder: 'templates/t',
      tree: join(base, 'repo'),
    });
    expect(files.read('templates/t/main.tf')).toEqual({ text: '\uFEFFt\r\n' });
    expect(files.list('modules/x')).toEqual(['main.tf']);
    expect(files.read('modules/x/main.tf')).toEqual({ text: 'x' });
    for (const path of [
      '../secret.tf',
      'templates/../../secret.tf',
      '/etc/passwd',
      '',
      'templates',
      'no.tf',
    ]) {
      expect(files.read(path)).toBeNull();
    }
    expect(files.list('..')).toEqual([]);
    expect(files.list('none')).toEqual([]);
    expect(files.list('modules/x/main.tf')).toEqual([]);
  });

  describe('walks the template’s own folder', () => {
    const all = () => true;
    const pathsOf = (entries: Iterable<FolderEntry>) => [...entries].map(({ path }) => path);

    test('and finds the same on disk and in memory, with sizes in bytes', () => {
      const contents = {
        't/main.tf': 'é',
        't/m/x/a.bin': new Uint8Array(700),
        't/m/b.tf': '',
        'o/c.tf': 'c',
      };
      for (const [path, content] of Object.entries(contents)) write(`repo/${path}`, content);
      write('repo/.git/HEAD');
      const onDisk = [...openDirectory('repo/t', { cwd: base }).walk(all)];
      expect(onDisk).toEqual([
        { path: 'm', bytes: 0 },
        { path: 'm/b.tf', bytes: 0 },
        { path: 'm/x', bytes: 0 },
        { path: 'm/x/a.bin', bytes: 700 },
        { path: 'main.tf', bytes: 2 },
      ]);
      const inMemory = [...memoryFiles(contents, { folder: 't' }).walk(all)];
      expect(inMemory.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(onDisk);
      const wanted = inMemory.map(({ path }) => path);
      expect(wanted.indexOf('m/x')).toBeLessThan(wanted.indexOf('m/x/a.bin'));
    });

    test('without entering what is not wanted, or what is behind a link', () => {
      write('t/.cache/deep/a');
      write('t/main.tf', 'x');
      link('t/loop', '.');
      const asked: string[] = [];
      const isWanted = (path: string) => {
        asked.push(path);
        return !path.startsWith('.');
      };
      const entries = [...openDirectory('t', { cwd: base }).walk(isWanted)];
      expect(entries).toEqual([
        { path: 'loop', bytes: 0 },
        { path: 'main.tf', bytes: 1 },
      ]);
      expect(asked).toEqual(['.cache', 'loop', 'main.tf']);
    });

    test('no further than it is asked for', () => {
      write('t/a/main.tf');
      write('t/b/main.tf');
      const asked: string[] = [];
      const isWanted = (path: string) => asked.push(path) > 0;
      for (const { path } of openDirectory('t', { cwd: base }).walk(isWanted)) if (path === 'a') break;
      expect(asked).toEqual(['a']);
    });

    test('within the limit of files', () => {
      for (const name of ['a', 'b', 'c', 'd']) write(`t/${name}/x`);
      expect(pathsOf(openDirectory('t', { cwd: base, limits: { files: 5 } }).walk(all))).toHaveLength(5);
    });

    test('past what is gone by the time that it is read', () => {
      write('t/closed/x');
      write('t/main.tf', 'x');
      const removing = (path: string) => {
        rmSync(join(base, 't', path), { recursive: true });
        return true;
      };
      expect([...openDirectory('t', { cwd: base }).walk(removing)]).toEqual([
        { path: 'closed', bytes: 0 },
        { path: 'main.tf', bytes: 0 },
      ]);
    });
  });

  test('takes a .git file as the mark of a repository too', () => {
    write('repo/.git', 'gitdir: elsewhere');
    write('repo/t/main.tf');
    expect(openDirectory(join(base, 'repo/t')).tree).toBe(join(base, 'repo'));
  });

  test('outside a repository the boundary is the tree, else the template itself', () => {
    write('all/t/main.tf');
    expect(openDirectory('all/t', { cwd: base })).toMatchObject({ folder: '', tree: join(base, 'all/t') });
    expect(openDirectory('all/t', { cwd: base, boundary: 'all' })).toMatchObject({ folder: 't' });
    expect(openDirectory('all/t', { cwd: base, boundary: 'other' })).toMatchObject({ folder: '' });
  });

  test('is shown relative to the current folder', () => {
    write('t/main.tf');
    mkdirSync(join(base, 'u'));
    expect(openDirectory('.', { cwd: join(base, 't') }).root).toBe('.');
    expect(openDirectory('../t', { cwd: join(base, 'u') }).root).toBe('../t');
  });

  test('follows links inside the tree only', () => {
    write('secret.tf', 'secret');
    write('secrets/a.tf', 'secret');
    write('repo/.git/HEAD');
    write('repo/real/main.tf', 'main');
    link('repo/t/main.tf', '../real/main.tf');
    link('repo/t/out.tf', '../../secret.tf');
    link('repo/t/gone.tf', 'nowhere');
    link('repo/t/loop.tf', 'loop.tf');
    link('repo/t/inside', '../real');
    link('repo/t/outside', '../../secrets');
    const files = openDirectory('repo/t', { cwd: base });
    expect(files.list('t')).toEqual(['main.tf', 'out.tf']);
    expect(files.read('t/main.tf')).toEqual({ text: 'main' });
    expect(files.read('t/out.tf')).toMatchObject({ problem: 'unreadable' });
    expect(files.read('t/gone.tf')).toBeNull();
    expect(files.read('t/loop.tf')).toBeNull();
    expect(files.list('t/inside')).toEqual(['main.tf']);
    expect(files.list('t/outside')).toEqual([]);
    expect(files.read('t/outside/a.tf')).toMatchObject({ problem: 'unreadable' });
  });

  test('a template behind a link is where the link leads', () => {
    write('repo/.git/HEAD');
    write('repo/real/main.tf', 'main');
    link('repo/linked', 'real');
    expect(openDirectory('repo/linked', { cwd: base })).toMatchObject({ root: 'repo/real', folder: 'real' });
  });

  test('does not wait for a pipe', () => {
    write('t/main.tf');
    execFileSync('mkfifo', [join(base, 't/pipe.tf')]);
    const files = openDirectory('t', { cwd: base });
    expect(files.list('')).toEqual(['main.tf']);
    expect(files.read('pipe.tf')).toMatchObject({ problem: 'unreadable' });
  });

  test('says what it may not read', () => {
    write('t/main.tf');
    write('t/shut.tf');
    write('t/shut/a.tf');
    chmodSync(join(base, 't/shut.tf'), 0);
    chmodSync(join(base, 't/shut'), 0);
    if (process.getuid?.() === 0) return;
    const files = openDirectory('t', { cwd: base });
    expect(files.read('shut.tf')).toMatchObject({
      problem: 'unreadable',
      detail: expect.stringContaining('EACCES'),
    });
    expect(files.list('shut')).toEqual([]);
    expect(files.notes).toEqual([{ path: 'shut', text: expect.stringContaining('EACCES') }]);
    chmodSync(join(base, 't/shut'), 0o700);
  });

  test('stops at the limits', () => {
    write('t/a.tf', '12345');
    write('t/b.tf', '123');
    write('t/c.tf', '1');
    const limited = (limits: object) => openDirectory('t', { cwd: base, limits });
    expect(limited({ fileBytes: 4 }).read('a.tf')).toMatchObject({ problem: 'too-large' });
    const few = limited({ files: 2 });
    expect([few.read('a.tf'), few.read('b.tf')]).toEqual([{ text: '12345' }, { text: '123' }]);
    expect(few.read('c.tf')).toMatchObject({ problem: 'too-large' });
    expect(few.read('a.tf')).toEqual({ text: '12345' });
    const small = limited({ totalBytes: 6 });
    expect(small.read('a.tf')).toEqual({ text: '12345' });
    expect(small.read('b.tf')).toMatchObject({ problem: 'too-large' });
  });

  test('keeps odd names apart', () => {
    for (const name of ['-', '1e3', 'a b.tf', '[x].tf', 'é.tf', '*.tf']) write(join('t', name), name);
    const files = openDirectory('t', { cwd: base });
    expect(files.list('')).toEqual(['*.tf', '-', '1e3', '[x].tf', 'a b.tf', 'é.tf']);
    for (const name of files.list('')) expect(files.read(name)).toEqual({ text: name });
  });

  test.each(['missing', 'file.tf'])('cannot be opened at %s', (path) => {
    write('file.tf');
    expect(() => openDirectory(path, { cwd: base })).toThrow(/ENOENT|ENOTDIR/);
  });
});
