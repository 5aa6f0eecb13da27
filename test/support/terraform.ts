import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the terraform binary without the user's configuration, and without a look for updates. */
export function terraform(
  args: readonly string[],
  { cwd, input = '' }: { readonly cwd?: string; readonly input?: string } = {},
) {
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', NO_COLOR: '1', TF_CLI_CONFIG_FILE: '' };
  return spawnSync('terraform', [...args], { cwd, input, env, encoding: 'utf8' });
}

/** Whether the binary is installed; tests that need it are skipped where it is not. */
export const hasTerraform = terraform(['version']).status === 0;
if (!hasTerraform)
  process.stderr.write('\nSKIPPED: terraform is not installed; it is NOT compared with.\n\n');

/** Indices of the texts that `terraform fmt` would change or refuse. */
export function unformatted(texts: readonly string[]): number[] {
  const directory = mkdtempSync(join(tmpdir(), 'tasks-lint-format-'));
  try {
    for (const [index, text] of texts.entries()) writeFileSync(join(directory, `${index}.tf`), text);
    const { stdout, stderr } = terraform(['fmt', '-check', '-no-color', directory]);
    const names = `${stdout}${stderr}`.matchAll(/(\d+)\.tf\b/g);
    return [...new Set([...names].map(([, name]) => Number(name)))];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
