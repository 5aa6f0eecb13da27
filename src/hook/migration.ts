import type { ManualStep, migrateTemplate } from '../migrate/migrate.ts';

/** Migrates a template; handed in, so that a hook can do without, and tests can do with another. */
export type Migrate = typeof migrateTemplate;

/** A step that is left to a person, as answers have it. */
export interface ManualStepAnswer extends Omit<ManualStep, 'at'> {
  /** Place in the migrated template, null where there is none. */
  readonly file: string | null;
  /** Line in the file, from 1. */
  readonly at: number | null;
}

/** A manual step with its place in words. */
export function describeManualStep({ text, address, at, ruleId, blocking }: ManualStep): ManualStepAnswer {
  return {
    text,
    address,
    file: at?.file.path ?? null,
    at: at === null ? null : at.file.positionAt(at.start).line,
    ruleId,
    blocking,
  };
}
