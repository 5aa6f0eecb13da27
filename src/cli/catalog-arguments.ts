import type { Argv } from 'yargs';
import type { CatalogArguments } from './catalog.ts';
import type { Environment } from './environment.ts';

/** The options of `catalog`. */
export function catalogOptions(command: Argv): Argv {
  return command
    .positional('clone', { type: 'string', demandOption: true, describe: 'Folder of the clone, bare or not' })
    .option('output', { alias: 'o', type: 'string', describe: 'File to write (default: standard output)' })
    .option('tag-pattern', {
      type: 'string',
      describe: 'Release tags (default: release/{namespace}/{module}/v{version})',
    })
    .option('path-pattern', {
      type: 'string',
      describe: 'Module folders (default: registry/{namespace}/modules/{module})',
    })
    .option('namespace', { type: 'string', describe: 'Namespace, where no pattern tells it' })
    .option('module', { type: 'string', describe: 'Module name, where no pattern tells it' })
    .option('repository', {
      type: 'string',
      describe: "Repository as git sources name it (default: the clone's origin)",
    })
    .option('host', { type: 'string', array: true, describe: 'Registry hosts that serve the modules' });
}

/** Runs `catalog` on what yargs made of its options. */
export async function catalog(args: CatalogArguments, environment: Environment): Promise<number> {
  return (await import('./catalog.ts')).runCatalog(args, environment);
}
