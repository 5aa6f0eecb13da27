import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONFIG_NAMES } from '../input/config-files.ts';
import { VERSION } from '../version.ts';
import { type Environment, EXIT, UsageError } from './environment.ts';
import { useFile } from './use-file.ts';

const CONTENT = `# yaml-language-server: $schema=https://raw.githubusercontent.com/tasks-lint/tasks-lint/v${VERSION}/schema/config.json

# recommended, migration (only what stands between a template and the target), strict (advice and
# warnings fail too), or the path of another configuration.
extends: recommended

# Coder releases that the templates are for, as a semver range.
coderVersion: ">=2.28 <2.37"

# Level by rule: "off", info, warning or error. "tasks-lint rules" lists the rules.
# rules:
#   task/sidebar-app-deprecated: error
#   lifecycle/grace-period: { options: { minimum: 120 } }

# The same for some files only.
# overrides:
#   - files: ["sandbox/**"]
#     rules:
#       preset/default: "off"

# Templates that are left out.
# ignore: ["attic/**"]

# Catalogues of private module registries, from "tasks-lint catalog".
# catalogs: [modules.json]

# maxWarnings: 0
`;

/**
 * Writes a commented configuration into the current folder.
 * @throws UsageError when there is one already, or none can be written
 */
export async function runInit({ cwd, stderr }: Environment): Promise<number> {
  const existing = CONFIG_NAMES.find((name) => existsSync(resolve(cwd, name)));
  if (existing !== undefined) throw new UsageError(`${existing} is there already; nothing was written`);
  useFile('.tasks-lint.yaml cannot be written', () =>
    writeFileSync(resolve(cwd, '.tasks-lint.yaml'), CONTENT, { flag: 'wx' }),
  );
  stderr.write('tasks-lint: wrote .tasks-lint.yaml\n');
  return EXIT.ok;
}
