import type { LineId } from '../coder/releases.ts';
import { reachOf } from '../hcl/format.ts';
import type { TemplateFiles } from '../input/template-files.ts';
import type { Finding, Fix } from '../rule.ts';
import { applyEdits, type Edit } from '../source/edit.ts';
import { type Analysis, analyze, type LintServices } from './lint.ts';

interface FixOptions {
  readonly target: readonly LineId[];
  /** The findings of an analysis whose fixes are wanted; those without a fix are passed over. */
  readonly select: (analysis: Analysis) => readonly Finding[];
  /** `safe` leaves out fixes that deserve a look. */
  readonly safety: 'safe' | 'all';
}

/** A fix that was applied, with the finding that asked for it. */
export interface AppliedFix {
  /** Round from 1 in which it was applied. */
  readonly round: number;
  readonly finding: Finding;
  readonly fix: Fix;
  /** What the template was analysed as when the fix was made: its spans lie in those files. */
  readonly analysis: Analysis;
}

/** A fix that was not applied, since the result would not have parsed, or nobody could tell. */
interface RefusedFix {
  readonly finding: Finding;
  readonly reason: string;
}

/** What became of a template and of the fixes that were wanted. */
export interface FixResult {
  readonly before: Analysis;
  readonly after: Analysis;
  /** New text by path of the tree, of the files that change only. */
  readonly changed: ReadonlyMap<string, string>;
  readonly steps: readonly AppliedFix[];
  readonly refused: readonly RefusedFix[];
  /** False when fixes are left after the last round, or when they undo each other. */
  readonly isFinished: boolean;
}

/** Of fixes that spoil a template together, so many are tried alone in a round; each try reads the template. */
const MAX_TRIES = 20;

/** Fixes that need more rounds than this do not come to an end. */
export const MAX_ROUNDS = 10;

/**
 * Applies fixes, reads the template again, and repeats until there is nothing left to do. Writes nothing. A
 * fix is applied as a whole or not at all; a result that does not parse is given up.
 */
export async function applyFixes(
  before: Analysis,
  services: LintServices,
  options: FixOptions,
): Promise<FixResult> {
  const run = new FixRun(before, services, options);
  await run.run();
  return run.result();
}

class FixRun {
  private readonly before: Analysis;
  private readonly services: LintServices;
  private readonly options: FixOptions;
  private analysis: Analysis;
  private changed: ReadonlyMap<string, string> = new Map();
  private readonly steps: AppliedFix[] = [];
  private readonly refused: RefusedFix[] = [];
  private readonly refusedKeys = new Set<string>();
  private isFinished = true;

  constructor(before: Analysis, services: LintServices, options: FixOptions) {
    this.before = before;
    this.services = services;
    this.options = options;
    this.analysis = before;
  }

  async run(): Promise<void> {
    const seen = new Set([stateOf(this.changed)]);
    for (let round = 1; ; round++) {
      const chosen = this.choose();
      if (chosen.length === 0) return;
      if (round > MAX_ROUNDS) {
        this.isFinished = false;
        return;
      }
      if (!(await this.apply(chosen, round))) continue;
      const state = stateOf(this.changed);
      if (seen.has(state)) {
        this.isFinished = false;
        return;
      }
      seen.add(state);
    }
  }

  result(): FixResult {
    const { before, analysis, steps, refused, isFinished } = this;
    const changed = new Map([...this.changed].filter(([path, text]) => textAt(before.files, path) !== text));
    return { before, after: analysis, changed, steps, refused, isFinished };
  }

  /** Fixes that can be applied together, in order of file and place. */
  private choose(): { finding: Finding; fix: Fix }[] {
    const chosen: { finding: Finding; fix: Fix }[] = [];
    const broken = filesWithProblems(this.analysis);
    const taken = new Map<string, Uint8Array>();
    for (const finding of this.options.select(this.analysis)) {
      const { fix } = finding;
      if (fix === null || fix.edits.length === 0) continue;
      if (this.options.safety === 'safe' && fix.safety !== 'safe') continue;
      if (this.refusedKeys.has(keyOf(finding))) continue;
      if (fix.edits.some(({ span }) => broken.has(span.file.path))) continue;
      const linesOf = ({ span }: Edit) => {
        const { low, high } = reachOf(span);
        const lines = taken.get(span.file.path) ?? new Uint8Array(span.file.lineStarts.length + 1);
        taken.set(span.file.path, lines);
        return lines.subarray(low, high);
      };
      const lines = fix.edits.map(linesOf);
      if (lines.some((each) => each.includes(TAKEN))) continue;
      for (const each of lines) each.fill(TAKEN);
      chosen.push({ finding, fix });
    }
    return chosen;
  }

  /** Applies fixes together or, when that spoils the template, the first one that does not. */
  private async apply(chosen: readonly { finding: Finding; fix: Fix }[], round: number): Promise<boolean> {
    if (await this.tryOut(chosen, round)) return true;
    for (const one of chosen.slice(0, MAX_TRIES)) {
      const isApplied = chosen.length > 1 && (await this.tryOut([one], round));
      if (isApplied) return true;
      this.refusedKeys.add(keyOf(one.finding));
      this.refused.push({ finding: one.finding, reason: 'the result is not known to be valid HCL' });
    }
    return false;
  }

  private async tryOut(chosen: readonly { finding: Finding; fix: Fix }[], round: number): Promise<boolean> {
    const { analysis, services, options } = this;
    const edits = chosen.flatMap(({ fix }) => fix.edits);
    const files = new Map(edits.map(({ span }) => [span.file.path, span.file]));
    const changed = new Map(this.changed);
    for (const [path, file] of files) changed.set(path, applyEdits(file, edits));
    let next = await analyze(withChanges(this.before.files, changed), services, options.target);
    const stale = staleModules(this.before, next);
    if (stale.size > 0) {
      const overlay = withoutModules(withChanges(this.before.files, changed), stale);
      next = await analyze(overlay, services, options.target);
    }
    if (hasMoreProblems(next, analysis)) return false;
    this.steps.push(...chosen.map(({ finding, fix }) => ({ round, finding, fix, analysis })));
    this.changed = changed;
    this.analysis = next;
    return true;
  }
}

/** Marks a line that a chosen fix may touch. */
const TAKEN = 1;

function keyOf({ ruleId, messageId, address }: Finding): string {
  return `${ruleId} ${messageId} ${address}`;
}

function stateOf(changed: ReadonlyMap<string, string>): string {
  return JSON.stringify([...changed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether more of a template is invalid than of another, or less of it is known to be valid. */
function hasMoreProblems(next: Analysis, than: Analysis): boolean {
  const [now, before] = [countProblems(next), countProblems(than)];
  return now.certain > before.certain || now.unverified > before.unverified;
}

function countProblems({ template }: Analysis): { readonly certain: number; readonly unverified: number } {
  const { syntaxProblems, tree } = template;
  const unverified = syntaxProblems.filter((problem) => problem.unverified).length;
  const declared = tree.nodes.reduce((sum, { module }) => sum + module.problems.length, 0);
  return { certain: syntaxProblems.length - unverified + declared, unverified };
}

/** Files in which edits are not to be trusted. */
function filesWithProblems({ template }: Analysis): Set<string> {
  return new Set(template.syntaxProblems.map(({ span }) => span.file.path));
}

/** The files with other texts in place of some. */
export function withChanges(files: TemplateFiles, changed: ReadonlyMap<string, string>): TemplateFiles {
  return {
    root: files.root,
    folder: files.folder,
    notes: files.notes,
    isWhole: files.isWhole,
    read(path) {
      const text = changed.get(path);
      return text === undefined ? files.read(path) : { text };
    },
    list: (folder) => files.list(folder),
    *walk(isWanted) {
      for (const entry of files.walk(isWanted)) {
        const text = changed.get(files.folder === '' ? entry.path : `${files.folder}/${entry.path}`);
        yield text === undefined ? entry : { ...entry, bytes: new TextEncoder().encode(text).length };
      }
    },
  };
}

/** Calls that are downloaded, and that ask for another release than when they were. */
function staleModules(before: Analysis, after: Analysis): Set<string> {
  const { installedVersions } = before.template.tree;
  const wishes = (analysis: Analysis) =>
    new Map(
      analysis.template.tree.nodes.flatMap(({ address, module }) =>
        [...module.calls.values()].map((call) => [
          address === '' ? call.address : `${address}.${call.address}`,
          `${call.source} ${call.version}`,
        ]),
      ),
    );
  const now = wishes(after);
  const stale = new Set<string>();
  for (const [address, wish] of wishes(before)) {
    const isInstalled = installedVersions.has(address);
    if (isInstalled && now.has(address) && now.get(address) !== wish) stale.add(address);
  }
  return stale;
}

/** The files as they are before the next `terraform init`, which will download these modules anew. */
function withoutModules(files: TemplateFiles, stale: ReadonlySet<string>): TemplateFiles {
  const keys = [...stale].map((address) => address.replace(/(^|\.)module\./g, '$1'));
  return {
    ...files,
    read(path) {
      const content = files.read(path);
      if (content === null || !('text' in content) || !path.endsWith('.terraform/modules/modules.json'))
        return content;
      return { text: withoutKeys(content.text, keys) };
    },
  };
}

function withoutKeys(text: string, keys: readonly string[]): string {
  try {
    const manifest = JSON.parse(text) as { Modules?: { Key?: unknown }[] };
    const isStale = (key: unknown) =>
      keys.some((stale) => key === stale || (typeof key === 'string' && key.startsWith(`${stale}.`)));
    return JSON.stringify({ ...manifest, Modules: manifest.Modules?.filter(({ Key }) => !isStale(Key)) });
  } catch {
    // A manifest that cannot be read counts as none.
    return text;
  }
}

function textAt(files: TemplateFiles, path: string): string | null {
  const content = files.read(path);
  return content !== null && 'text' in content ? content.text : null;
}
