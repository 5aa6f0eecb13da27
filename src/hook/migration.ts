import type { LineId } from '../coder/releases.ts';
import type { LintServices } from '../engine/lint.ts';
import type { TemplateFiles } from '../input/template-files.ts';

/** What migrating a template came to. */
export interface Migration {
  /** New text by path of the tree, of the files that change only. */
  readonly changed: ReadonlyMap<string, string>;
  /** Unified diff over all of them; empty when nothing changes. */
  readonly diff: string;
  /** Steps that are left to a person, one sentence each. */
  readonly manual: readonly string[];
}

/** Migrates a template to what the target lines ask for; writes nothing. */
export type Migrate = (
  files: TemplateFiles,
  services: LintServices,
  target: readonly LineId[],
) => Promise<Migration>;
