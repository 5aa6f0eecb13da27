import { copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/*
 * Bundles the program into dist/, which is committed: a git clone must run without a build (pre-commit installs
 * it with npm, GitHub runs the action as it is).
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  charset: 'utf8',
};

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  ...common,
  entryPoints: { cli: 'src/cli/main.ts', 'hook-worker': 'src/hook/worker.ts' },
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  // The CommonJS form of jsonc-parser hides its files from bundlers.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: '[name]-[hash]',
  banner: {
    // Packages in CommonJS ask for Node's modules at run time.
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});
await build({
  ...common,
  entryPoints: { 'verify-worker': 'src/hcl/verify-worker.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  external: ['performance'],
  // The judge's library reads main.wasm.gz from the folder above its own; here that is the folder itself.
  define: { __dirname: '__judgeFolder' },
  banner: { js: "const __judgeFolder = require('node:path').join(__dirname, 'judge');" },
});
copyFileSync(require.resolve('@cdktf/hcl2json/main.wasm.gz'), `${root}/dist/main.wasm.gz`);
copyFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm'), `${root}/dist/web-tree-sitter.wasm`);
copyFileSync(
  require.resolve('@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm'),
  `${root}/dist/tree-sitter-terraform.wasm`,
);
