import type { Argv } from 'yargs';
import type { Environment } from './environment.ts';
import { colorWish, pathsOf } from './lint-arguments.ts';
import { MIGRATION_FORMATS, type MigrationFormat } from './migration-formats.ts';

/** The options of `migrate`. */
export function migrateOptions(command: Argv): Argv {
  return pathsOf(command)
    .option('write', { type: 'boolean', default: false, describe: 'Write the migrated files' })
    .option('to', {
      type: 'string',
      describe: 'Coder releases to migrate to, as a semver range (default: ">=2.28 <2.37")',
    })
    .option('format', {
      alias: 'f',
      choices: MIGRATION_FORMATS,
      default: 'pretty' as const,
      describe: 'pretty for people, markdown for a pull request, json for programs',
    })
    .option('config', { type: 'string', describe: 'Configuration file; --no-config for none' })
    .option('color', { type: 'string', describe: 'auto, always or never' })
    .option('debug', { type: 'boolean', default: false, describe: 'Say more about failures' });
}

interface RawMigrate {
  readonly paths: readonly string[];
  readonly write: boolean;
  readonly to?: string;
  readonly format: MigrationFormat;
  readonly config?: string | false;
  readonly color?: string | boolean;
  readonly debug: boolean;
}

/** Runs `migrate` on what yargs made of its options. */
export async function migrate(raw: RawMigrate, environment: Environment): Promise<number> {
  const { runMigrate } = await import('./migrate.ts');
  return runMigrate(
    {
      paths: raw.paths.length === 0 ? ['.'] : raw.paths,
      write: raw.write,
      to: raw.to ?? null,
      format: raw.format,
      config: raw.config ?? null,
      color: colorWish(raw.color),
      debug: raw.debug,
    },
    environment,
  );
}
