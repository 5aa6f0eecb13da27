import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/cli.ts';
import { installPackage, MANIFEST, type PackedPackage, packPackage, runProgram } from '../support/package.ts';
import { writeFiles } from '../support/release.ts';

const TEMPLATE = `{ 'main.tf': 'data "coder_task" "me" {}' }`;
/** Bytes; HCL's own parser is 1.7 MB of it, and everything else takes little. */
const MOST_PACKED = 2_800_000;
const MOST_PER_FILE = 500_000;

let folder: string;
let project: string;
let packed: PackedPackage;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tasks-lint-package-'));
  project = join(folder, 'project');
  packed = packPackage(folder);
  installPackage(project, packed);
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  const { size, unpackedSize, files } = packed;
  console.log(
    `The package: ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked, ${files.length} files.`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a module in the project and returns what it prints. */
function runModule(name: string, text: string): string {
  writeFiles(project, { [name]: text });
  return runProgram(process.execPath, [name], project);
}

describe('the archive', () => {
  it('has every file that package.json names', () => {
    const named = [
      ...Object.values(MANIFEST.bin),
      MANIFEST.types,
      ...Object.values(MANIFEST.exports).flatMap((target) =>
        typeof target === 'string' ? [target] : Object.values(target),
      ),
    ].map((path) => path.replace(/^\.\//, ''));
    const paths = packed.files.map(({ path }) => path);
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/THIRD_PARTY_NOTICES.txt']));
  });

  it('has nothing big but the parser and the program, and nothing that users do not run or read', () => {
    const big = packed.files.filter(({ size }) => size > MOST_PER_FILE).map(({ path }) => path);
    expect(big.sort()).toEqual(['dist/cli.cjs', 'dist/main.wasm.gz']);
    expect(packed.size).toBeLessThan(MOST_PACKED);
    const other = packed.files.filter(
      ({ path }) =>
        !/^(bin\/(tasks-lint\.js|compile-cache\.cjs)|dist\/.*|schema\/[a-z-]+\.json|rules\/.*\.md|package\.json|[A-Z]+(\.md)?)$/.test(
          path,
        ),
    );
    expect(other).toEqual([]);
    expect(packed.files.filter(({ path }) => /\.(map|test\.\w+|tgz)$|\.env/.test(path))).toEqual([]);
  });

  it('brings no packages and runs nothing when it is installed', () => {
    expect(MANIFEST.dependencies).toBeUndefined();
    // npm and pre-commit run these, or build a git clone because of them.
    const hooks = /^(pre|post)?(install|prepare|pack|build|uninstall)$|^prepublish$/;
    expect(Object.keys(MANIFEST.scripts).filter((name) => hooks.test(name))).toEqual([]);
    const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/tasks-lint']);
    expect(lock.packages['node_modules/tasks-lint'].hasInstallScript).toBeUndefined();
  });

  it('is what publint and attw want', () => {
    const bin = join(ROOT, 'node_modules/.bin');
    expect(runProgram(join(bin, 'publint'), [packed.path, '--strict'], folder)).toContain('All good!');
    const attw = ['--profile', 'esm-only', '--no-emoji', '--format', 'ascii', packed.path];
    // It fails when there is a problem, and lists each entry point otherwise.
    expect(runProgram(join(bin, 'attw'), attw, folder)).toContain('node16 (from ESM): OK (ESM)');
  });
});

describe('installed', () => {
  it('is a module', () => {
    const text = `import { analyzeTemplate, VERSION } from 'tasks-lint';
const { templates } = await analyzeTemplate(${TEMPLATE});
console.log(VERSION, templates[0].verdict.generation);`;
    expect(runModule('module.mjs', text)).toBe(`${MANIFEST.version} orphan\n`);
  });

  it('can be required', () => {
    const text = `const { analyzeTemplate, migrateTemplate } = require('tasks-lint');
analyzeTemplate(${TEMPLATE}, { judge: 'all' }).then(({ templates }) => console.log(templates[0].verdict.generation));`;
    // Node 20 says that requiring a module is experimental, on standard error.
    expect(runModule('common.cjs', text)).toBe('orphan\n');
  });

  it('migrates', () => {
    const legacy = JSON.stringify(
      readFileSync(join(ROOT, 'fixtures/templates/docker-claude-legacy/main.tf'), 'utf8'),
    );
    const text = `import { migrateTemplate } from 'tasks-lint';
const files = { 'main.tf': ${legacy} };
const { changed, diff, report } = await migrateTemplate(files, { coderVersion: '>=2.28 <2.37' });
console.log(Object.keys(changed), diff.split('\\n')[0], report.templates[0].verdict.generation);`;
    expect(runModule('migrate.mjs', text)).toBe("[ 'main.tf' ] --- a/main.tf current\n");
  });

  it('answers requests', () => {
    const text = `import { createImportHook } from 'tasks-lint/hook';
const hook = createImportHook({ workers: 1 });
const body = JSON.stringify(${TEMPLATE});
const headers = { 'content-type': 'application/json' };
const response = await hook(new Request('http://localhost/v1/analyze', { method: 'POST', headers, body }));
const { templates } = await response.json();
console.log(response.status, templates?.[0].verdict.generation);
await hook.close();`;
    expect(runModule('hook.mjs', text)).toBe('200 orphan\n');
  });

  it('is a program', () => {
    const run = (...args: string[]) =>
      runProgram('npx', ['--offline', '--no', '--', 'tasks-lint', ...args], project);
    writeFiles(project, {
      'template/main.tf': 'resource "coder_agent" "a" {\n  os   = "linux"\n  arch = "amd64"\n}\n',
    });
    expect(run('--version')).toBe(`${MANIFEST.version}\n`);
    expect(run('template', '--format', 'compact')).toContain('template: verdict ');
    expect(run('explain', 'task/app-id-missing')).toContain('# task/app-id-missing');
  });

  it('ships its schemas', () => {
    const text = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
for (const name of ['report', 'config']) console.log(require(\`tasks-lint/schema/\${name}.json\`).$schema);`;
    expect(runModule('schemas.mjs', text)).toMatch(/^(https?:\/\/json-schema\.org\/\S+\n){2}$/);
  });

  it('leaves no trace in the process, so that two versions can live in one', () => {
    const both = join(folder, 'both');
    installPackage(both, packed, ['first', 'second']);
    const text = `const before = Reflect.ownKeys(globalThis);
const first = await import('first');
const second = await import('second');
const files = ${TEMPLATE};
const rule = first.defineRule({
  id: 'acme/always',
  summary: 'Finds every template.',
  messages: { found: () => ({ problem: 'x', advice: 'y', effects: first.since({ '2.24': 'advice' }) }) },
  check(template, { report }) {
    report({ message: 'found', data: {}, at: { file: template.tree.files[0].file, start: 0, end: 1 }, address: null });
  },
});
const [one, two, three] = await Promise.all([
  first.analyzeTemplate(files, { rules: [rule], judge: 'all' }),
  second.analyzeTemplate(files, { judge: 'all' }),
  first.analyzeTemplate({ 'main.tf': 'locals {' }, { judge: 'all' }),
]);
const ids = ({ templates }) => templates[0].findings.map(({ ruleId }) => ruleId).join();
console.log(first.analyzeTemplate !== second.analyzeTemplate, ids(one), ids(two), ids(three));
console.log(Reflect.ownKeys(globalThis).filter((key) => !before.includes(key)));`;
    writeFiles(both, { 'both.mjs': text });
    expect(existsSync(join(both, 'node_modules/second/dist/index.js'))).toBe(true);
    const [analyses, globals] = runProgram(process.execPath, ['both.mjs'], both).trim().split('\n');
    expect(analyses).toMatch(/^true acme\/always (?!.*acme)\S+ syntax\/invalid-hcl$/);
    expect(globals).toBe('[]');
  });
});
