/** Formats of a migration. */
export const MIGRATION_FORMATS = ['pretty', 'markdown', 'json'] as const;
export type MigrationFormat = (typeof MIGRATION_FORMATS)[number];
