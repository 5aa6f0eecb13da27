import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles thread scripts into a folder of their own, as bin/compile.js does into dist/: Node 20 cannot load
 * TypeScript in a thread, and dist/ may be older than the sources.
 * @returns the folder; the scripts in it are named like the keys
 */
export async function buildThreads(scripts: Readonly<Record<string, string>>): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'tasks-lint-hook-'));
  const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20' } as const;
  await build({
    ...common,
    entryPoints: scripts,
    outdir: folder,
    format: 'esm',
    splitting: true,
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  });
  await build({
    ...common,
    entryPoints: { 'verify-worker': 'src/hcl/verify-worker.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['performance'],
    define: { __dirname: '__judgeFolder' },
    banner: { js: "const __judgeFolder = require('node:path').join(__dirname, 'judge');" },
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const [from, name] of [
    ['@cdktf/hcl2json/main.wasm.gz', 'main.wasm.gz'],
    ['web-tree-sitter/web-tree-sitter.wasm', 'web-tree-sitter.wasm'],
    ['@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm', 'tree-sitter-terraform.wasm'],
  ] as const) {
    copyFileSync(require.resolve(from), join(folder, name));
  }
  return pathToFileURL(`${folder}/`);
}
