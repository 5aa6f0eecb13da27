import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/*
 * Bundles the program into dist/, which is committed: a git clone must run without a build (pre-commit installs
 * it with npm, GitHub runs the action as it is). The same sources give the same bytes.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
// Built beside it and put in its place at the end, so that a failure leaves the last one.
const target = join(root, 'dist');
const dist = join(root, 'node_modules/.dist');

/** Node reads a long JSON text several times faster than the same object in JavaScript. */
const JSON_AS_TEXT = {
  name: 'json-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /\/catalog\/registry\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: 'js' };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  // Node keeps a source of ASCII in half the memory and reads it faster.
  charset: 'ascii',
  metafile: true,
  minifySyntax: true,
  minifyWhitespace: true,
  // The CommonJS form of jsonc-parser hides its files from bundlers.
  mainFields: ['module', 'main'],
  // Three copies of it are in yargs, for its help; each makes an `Intl.Segmenter` as it loads, which takes 3 ms.
  alias: { 'string-width': './src/cli/string-width.ts' },
  plugins: [JSON_AS_TEXT],
};

/** Packages in CommonJS ask for Node's modules at run time. */
const REQUIRE = {
  js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
};

/** Where a file of a bundle stands, for code that asks for it as modules do. */
const FILE_URL = {
  define: { 'import.meta.url': '__fileUrl' },
  banner: { js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/**
 * The program is one file: forty small ones take Node a fifth longer to load. It is CommonJS, whose compiled form
 * can be kept on any Node, and which does not wrap each of Node's own modules for `import`.
 */
function compileProgram() {
  return build({
    ...common,
    ...FILE_URL,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    supported: { 'dynamic-import': false },
    // The form of it that `require` gets.
    alias: { ...common.alias, 'web-tree-sitter': require.resolve('web-tree-sitter') },
  });
}

/** Library and hook share their chunks. */
function compileModules() {
  return build({
    ...common,
    // The script of the hook's threads is loaded by name.
    entryPoints: {
      index: 'src/index.ts',
      hook: 'src/hook/handler.ts',
      'hook-worker': 'src/hook/worker.ts',
    },
    outdir: dist,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    banner: REQUIRE,
  });
}

/** GitHub runs one file and installs nothing. */
function compileAction() {
  return build({
    ...common,
    entryPoints: { action: 'src/action/index.ts' },
    outdir: dist,
    format: 'esm',
    banner: REQUIRE,
  });
}

/** The thread of HCL's own parser, which is CommonJS. */
function compileJudge() {
  return build({
    ...common,
    entryPoints: { 'verify-worker': 'src/hcl/verify-worker.ts' },
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['performance'],
    // The judge's library reads main.wasm.gz from the folder above its own; here that is the folder itself.
    define: { __dirname: '__judgeFolder' },
    banner: { js: "const __judgeFolder = require('node:path').join(__dirname, 'judge');" },
  });
}

/** By its first line bin/compile-cache.cjs knows whether it is the program that it has kept. */
function signProgram() {
  const path = join(dist, 'cli.cjs');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, `// ${createHash('sha256').update(text).digest('hex')}\n${text}`);
}

function copyWasm() {
  const files = {
    'main.wasm.gz': '@cdktf/hcl2json/main.wasm.gz',
    'web-tree-sitter.wasm': 'web-tree-sitter/web-tree-sitter.wasm',
    'tree-sitter-terraform.wasm': '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
  };
  for (const [name, source] of Object.entries(files)) copyFileSync(require.resolve(source), join(dist, name));
}

/** Declarations of the library: those that its entries lead to, with extensions that every reader understands. */
function emitTypes() {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: folder,
  };
  const files = [join(root, 'src/index.ts'), join(root, 'src/hook/handler.ts')];
  const types = { typeRoots: [join(root, 'node_modules/@types')] };
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { ...compilerOptions, ...types },
      files,
      include: [],
    }),
  );
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
  const wanted = ['src/index.d.ts', 'src/hook/handler.d.ts'];
  for (const path of wanted) {
    const text = readFileSync(join(folder, path), 'utf8');
    for (const [, target] of text.matchAll(/from '(\.[^']+)\.ts'|import\("(\.[^"]+)\.ts"\)/g)) {
      const next = join(dirname(path), `${target}.d.ts`);
      if (!wanted.includes(next)) wanted.push(next);
    }
    const to = join(dist, 'types', path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text.replace(/(from '\.[^']+)\.ts'/g, "$1.js'"));
  }
  rmSync(folder, { recursive: true });
}

/** Licences of the packages whose code or program is in dist/. */
function writeNotices(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const names = new Set(['@tree-sitter-grammars/tree-sitter-hcl']);
  for (const input of inputs) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
    if (name !== undefined) names.add(name);
  }
  const notices = [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file === undefined
        ? `\nSources and licence: ${repository?.url ?? repository}\n`
        : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  const head = 'The files in this folder contain code of these packages.\n';
  writeFileSync(join(dist, 'THIRD_PARTY_NOTICES.txt'), [head, ...notices].join(`\n${'-'.repeat(80)}\n`));
}

rmSync(dist, { recursive: true, force: true });
const results = [await compileProgram(), await compileModules(), await compileAction(), await compileJudge()];
signProgram();
copyWasm();
emitTypes();
writeNotices(results);
rmSync(target, { recursive: true, force: true });
renameSync(dist, target);
