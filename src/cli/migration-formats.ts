/** Formats of a migration. */
export const MIGRATION_FORMATS = ['pretty', 'markdown', 'json'] as const;
/** Name of one of them. */
export type MigrationFormat = (typeof MIGRATION_FORMATS)[number];
