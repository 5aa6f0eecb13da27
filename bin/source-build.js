import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const require = createRequire(import.meta.url);
const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', logLevel: 'error' };

/**
 * Bundles sources, which Node 20 cannot run, into a folder that goes when the process ends, and
 * puts beside them what they load by name: the parser's WebAssembly and the thread of the judge.
 * @returns the folder's URL
 */
export async function buildSources(entryPoints) {
  // Below node_modules, so that what stays outside of the bundle is found.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, 'tasks-lint-'));
  process.on('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const require_ =
    "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);";
  await build({
    ...common,
    entryPoints,
    outdir,
    format: 'esm',
    splitting: true,
    mainFields: ['module', 'main'],
    // It reads its WebAssembly from its own folder.
    external: ['@cdktf/hcl2json'],
    banner: { js: require_ },
  });
  await build({
    ...common,
    entryPoints: { 'verify-worker': 'src/hcl/verify-worker.ts' },
    outdir,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['performance'],
    define: { __dirname: '__judgeFolder' },
    banner: { js: "const __judgeFolder = require('node:path').join(__dirname, 'judge');" },
  });
  const wasm = {
    'main.wasm.gz': '@cdktf/hcl2json/main.wasm.gz',
    'web-tree-sitter.wasm': 'web-tree-sitter/web-tree-sitter.wasm',
    'tree-sitter-terraform.wasm': '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
  };
  for (const [name, source] of Object.entries(wasm))
    copyFileSync(require.resolve(source), join(outdir, name));
  return pathToFileURL(`${outdir}/`);
}
