import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Who may import whom (design: arrows point one way). A folder may import itself and what is listed; `types`
 * are folders from which only types may come.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/source': [],
  'src/input': ['src/source'],
  'src/hcl': ['src/source'],
  'src/terraform': ['src/source', 'src/input', 'src/hcl'],
  'src/rule.ts': ['src/source', 'src/coder'],
  'src/coder': ['src/source', 'src/hcl', 'src/terraform', 'src/rule.ts'],
  'src/engine': ['src/source', 'src/input', 'src/hcl', 'src/terraform', 'src/coder', 'src/rule.ts'],
  'src/report': [
    'src/source',
    'src/input',
    'src/hcl',
    'src/terraform',
    'src/coder',
    'src/engine',
    'src/rule.ts',
  ],
  'src/migrate': [
    'src/source',
    'src/input',
    'src/hcl',
    'src/terraform',
    'src/coder',
    'src/engine',
    'src/report',
    'src/rule.ts',
  ],
  rules: ['src/rule.ts', 'src/coder', 'src/terraform', 'src/hcl', 'src/source'],
};

/** The only files outside the entry points that touch files, threads or processes. */
const NODE_ALLOWED = /^src\/(input\/|hcl\/verify|cli\/|hook\/|action\/)/;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function importsOf(file: string): Import[] {
  const text = read(file);
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = text.matchAll(/(?<!:\s*)\bimport\('([^']+)'\)/g);
  return [
    ...[...statements].map(([, type, target]) => ({
      file,
      target: target as string,
      isTypeOnly: type !== undefined,
    })),
    ...[...dynamic].map(([, target]) => ({ file, target: target as string, isTypeOnly: false })),
  ];
}

function layerOf(path: string): string | null {
  return Object.keys(LAYERS).find((layer) => path === layer || path.startsWith(`${layer}/`)) ?? null;
}

const files = [...sourceFiles('src'), ...sourceFiles('rules')];
const imports = files.flatMap(importsOf);

describe('the layers', () => {
  it('import only what stands left of them', () => {
    const wrong = imports.filter(({ file, target }) => {
      const layer = layerOf(file);
      if (layer === null || !target.startsWith('.')) return false;
      const path = posix.join(dirname(file), target);
      const allowed = LAYERS[layer] ?? [];
      return (
        !path.startsWith(`${layer}/`) && !allowed.some((name) => path === name || path.startsWith(`${name}/`))
      );
    });
    // A rule file imports no other rule; the list in rules/index.ts does.
    const sideways = imports.filter(
      ({ file, target }) =>
        file.startsWith('rules/') &&
        file !== 'rules/index.ts' &&
        posix.join(dirname(file), target).startsWith('rules/'),
    );
    const between = (list: Import[]) => list.map(({ file, target }) => `${file} -> ${target}`);
    expect(between([...wrong.filter(({ file }) => file !== 'rules/index.ts'), ...sideways])).toEqual([]);
  });

  it('touch files, threads and processes only where they may', () => {
    const wrong = imports.filter(
      ({ file, target, isTypeOnly }) => target.startsWith('node:') && !isTypeOnly && !NODE_ALLOWED.test(file),
    );
    expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('compare versions only where Coder, provider and modules are modelled', () => {
    const users = imports.filter(
      ({ file, target }) => target === 'semver' && /^(rules|src\/engine|src\/report)\//.test(file),
    );
    expect(users.map(({ file }) => file)).toEqual([]);
    // Coder's own versions have one table, and only those who are told a range by the user ask it for lines.
    const askers = imports.filter(({ file }) => /\blinesIn\(/.test(read(file))).map(({ file }) => file);
    expect(
      askers.filter((file) => /^(rules|src\/coder)\//.test(file) && file !== 'src/coder/releases.ts'),
    ).toEqual([]);
  });

  it('keep HCL’s own parser behind one importer', () => {
    const users = files.filter((file) =>
      /import\('@cdktf\/hcl2json'\)|from '@cdktf\/hcl2json'/.test(read(file)),
    );
    expect(users).toEqual(['src/hcl/verify-worker.ts']);
    expect(imports.filter(({ target }) => target.endsWith('verify-worker.ts'))).toEqual([]);
  });

  it('export nothing that nobody else names', () => {
    // What the public API lists is for others; everything else is for a file of this repository.
    const api = ['src/index.ts', 'src/report/report.ts'];
    const scripts = readdirSync(join(ROOT, 'bin')).map((name) => `bin/${name}`);
    const others = [...files, ...sourceFiles('test'), ...scripts];
    const texts = others.map((file) => [file, read(file)] as const);
    const unused = files
      .filter((file) => !api.includes(file))
      .flatMap((file) => {
        const names = [
          ...read(file).matchAll(/^export (?:async )?(?:function|const|type|interface|class) (\w+)/gm),
        ];
        return names
          .map(([, name]) => name as string)
          .filter(
            (name) =>
              !texts.some(([other, text]) => other !== file && new RegExp(`\\b${name}\\b`).test(text)),
          )
          .map((name) => `${file}: ${name}`);
      });
    expect(unused).toEqual([]);
  });
});
