import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * The two WebAssembly files of the parser: beside this code in a bundle, else inside their packages.
 * @throws Error when one is in neither place
 */
export function wasmFiles(): { runtimeWasm: Uint8Array; grammarWasm: Uint8Array } {
  return {
    runtimeWasm: readFileSync(locate('web-tree-sitter', 'web-tree-sitter.wasm')),
    grammarWasm: readFileSync(locate('@tree-sitter-grammars/tree-sitter-hcl', 'tree-sitter-terraform.wasm')),
  };
}

function locate(packageName: string, name: string): string {
  const beside = fileURLToPath(new URL(`./${name}`, import.meta.url));
  if (existsSync(beside)) return beside;
  return createRequire(import.meta.url).resolve(`${packageName}/${name}`);
}
