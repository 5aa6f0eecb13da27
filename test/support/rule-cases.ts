import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_TARGET, LINES, type LineId, linesIn } from '../../src/coder/releases.ts';
import { type Analysis, analyze, type LintServices } from '../../src/engine/lint.ts';
import { memoryFiles } from '../../src/input/memory.ts';
import { lineRanges } from '../../src/report/words.ts';
import { type Finding, type Message, withOptions } from '../../src/rule.ts';
import { applyEdits, type Edit } from '../../src/source/edit.ts';
import type { Span } from '../../src/source/source-file.ts';

export const CASES_FOLDER = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url));

/** The files of a template by path: text, or bytes where the case is about a file that is no text. */
export type CaseFiles = ReadonlyMap<string, string | Uint8Array>;

/** One folder below fixtures/rules: a template that shows what a rule finds, or where it stays silent. */
export interface RuleCase {
  /** `topic/rule/case`. */
  readonly name: string;
  readonly ruleId: string;
  readonly folder: string;
  /** True for an `ok-` case, in which the rule must find nothing. */
  readonly isSilent: boolean;
  readonly files: CaseFiles;
  /** Lines that the fixes are made for. */
  readonly target: readonly LineId[];
  /** What is chosen for the options of the rule. */
  readonly options: Readonly<Record<string, unknown>>;
}

const EXPECTED = 'expected.txt';
const SETTINGS = 'case.json';
const FIXED = 'fixed';

/** All cases in order of their names; with a rule's id those of that rule. */
export function readRuleCases(ruleId?: string): RuleCase[] {
  const cases: RuleCase[] = [];
  for (const topic of foldersIn(CASES_FOLDER)) {
    for (const rule of foldersIn(join(CASES_FOLDER, topic))) {
      const id = `${topic}/${rule}`;
      if (ruleId !== undefined && ruleId !== id) continue;
      for (const name of foldersIn(join(CASES_FOLDER, id))) cases.push(readCase(id, name));
    }
  }
  return cases;
}

function readCase(ruleId: string, name: string): RuleCase {
  const folder = join(CASES_FOLDER, ruleId, name);
  const settingsPath = join(folder, SETTINGS);
  const settings = existsSync(settingsPath) ? JSON.parse(readFileSync(settingsPath, 'utf8')) : {};
  const unknown = Object.keys(settings).filter((key) => key !== 'target' && key !== 'options');
  if (unknown.length > 0) throw new Error(`${ruleId}/${name}/${SETTINGS} has unknown keys: ${unknown}`);
  const isTemplateFile = (path: string) =>
    path !== EXPECTED && path !== SETTINGS && !path.startsWith(`${FIXED}/`);
  return {
    name: `${ruleId}/${name}`,
    ruleId,
    folder,
    isSilent: name.startsWith('ok-'),
    files: withSizes(readFiles(folder, isTemplateFile)),
    target: linesIn(settings.target ?? DEFAULT_TARGET),
    options: settings.options ?? {},
  };
}

/** Lists files that are too large to keep, as `wc -c` does; each stands for so many zeros. */
const SIZES = 'sizes.txt';

/** The files with those that their list of sizes names instead of the list. */
export function withSizes(files: CaseFiles): CaseFiles {
  const { [SIZES]: list, ...rest } = Object.fromEntries(files);
  const sizes = String(list ?? '').matchAll(/^ *(\d+) (\S+)$/gm);
  const made = [...sizes].map(([, size, path]) => [path as string, new Uint8Array(Number(size))] as const);
  return new Map([...made, ...Object.entries(rest)]);
}

/** The sentence on the first line that says why the case exists; null when there is none. */
export function purposeOf({ files }: RuleCase): string | null {
  const paths = [...files.keys()].sort();
  const path = paths.find((each) => each === 'main.tf') ?? paths.find((each) => /\.tf(\.json)?$/.test(each));
  const content = path === undefined ? undefined : files.get(path);
  if (content === undefined) return null;
  const text = typeof content === 'string' ? content : new TextDecoder('latin1').decode(content);
  const start = text.replace(/^\ufeff/, '').replace(/^\{\s*/, '');
  return /^(?:#|\/\/)\s*(\S.*)/.exec(start)?.[1] ?? /^"\/\/": "(.+)"/.exec(start)?.[1] ?? null;
}

/** Reads a template with all rules and keeps what one rule found, with what is chosen for its options. */
export async function lintFiles(
  files: CaseFiles,
  { ruleId, target, options = {} }: Pick<RuleCase, 'ruleId' | 'target'> & Partial<Pick<RuleCase, 'options'>>,
  services: LintServices,
): Promise<{ readonly analysis: Analysis; readonly findings: readonly Finding[] }> {
  const rules = withOptions(services.rules, (id) => (id === ruleId ? options : {}));
  const analysis = await analyze(memoryFiles(files, { isWhole: true }), { ...services, rules }, target);
  return { analysis, findings: analysis.findings.filter((finding) => finding.ruleId === ruleId) };
}

/** Findings as `expected.txt` has them: a line for each with what it says, its related places indented below. */
export function writeFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ at, messageId, message, related }) => [
      `${placeText(at)} ${messageId} ${stepsOf(message)} | ${message.problem} → ${message.advice}`,
      ...related.map(({ span, text }) => `  ${placeText(span)} ${text}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function placeText({ file, start, end }: Span): string {
  const from = file.positionAt(start);
  const to = file.positionAt(end);
  return `${file.path}:${from.line}:${from.column}-${to.line}:${to.column}`;
}

/**
 * Effects by the release from which each holds: `2.24:import-fails 2.28:-`, behind `open:` the releases on
 * which the finding leaves the verdict open, and behind `least:` the least level at which it is shown.
 */
function stepsOf({ effects, leavesOpen = [], levelAtLeast }: Message): string {
  const steps: string[] = [];
  let current = '-';
  for (const line of LINES) {
    const effect = effects[line.id] ?? '-';
    if (effect !== current) steps.push(`${line.from}:${effect}`);
    current = effect;
  }
  if (leavesOpen.length > 0) steps.push(`open:${lineRanges(leavesOpen).replaceAll(' ', '')}`);
  if (levelAtLeast !== undefined) steps.push(`least:${levelAtLeast}`);
  return steps.join(' ');
}

/** Every place of a finding that does not lie in a file of the template. */
export function strayPlaces(findings: readonly Finding[], files: CaseFiles): string[] {
  const spans = findings.flatMap(({ at, related, fix }) => [
    at,
    ...related.map(({ span }) => span),
    ...(fix?.edits ?? []).map(({ span }) => span),
  ]);
  return spans
    .filter(
      ({ file, start, end }) => !files.has(file.path) || start < 0 || end < start || end > file.text.length,
    )
    .map((span) => `${span.file.path} ${span.start}-${span.end}`);
}

const MAX_ROUNDS = 10;

/** Applies all fixes of a rule until it offers none; files that change, by path. */
export async function fixAll(ruleCase: RuleCase, services: LintServices): Promise<Map<string, string>> {
  const files = new Map(ruleCase.files);
  const changed = new Map<string, string>();
  for (let round = 0; ; round++) {
    const { findings } = await lintFiles(files, ruleCase, services);
    const edits = compatibleEdits(findings);
    if (edits.length === 0) return changed;
    if (round === MAX_ROUNDS) throw new Error(`fixes of ${ruleCase.name} do not come to an end`);
    const edited = new Map(edits.map(({ span }) => [span.file.path, span.file]));
    let hasChange = false;
    for (const [path, file] of edited) {
      const text = applyEdits(file, edits);
      hasChange ||= text !== file.text;
      files.set(path, text);
      changed.set(path, text);
    }
    if (!hasChange) throw new Error(`a fix of ${ruleCase.name} changes nothing`);
  }
}

/** The edits of all fixes that can be applied together, each fix whole. */
function compatibleEdits(findings: readonly Finding[]): Edit[] {
  const chosen: Edit[] = [];
  for (const { fix } of findings) {
    if (fix === null) continue;
    if (fix.edits.some((edit) => chosen.some((other) => overlaps(edit, other)))) continue;
    chosen.push(...fix.edits);
  }
  return chosen;
}

/** What the case folder expects: the findings, null when nobody wrote them down, and the fixed files. */
export function readExpected({ folder }: RuleCase): {
  readonly findings: string | null;
  readonly fixed: CaseFiles;
} {
  const path = join(folder, EXPECTED);
  const fixedFolder = join(folder, FIXED);
  const fixed: CaseFiles = existsSync(fixedFolder) ? readFiles(fixedFolder, () => true) : new Map();
  return { findings: existsSync(path) ? readFileSync(path, 'utf8') : null, fixed };
}

/** Writes what `readExpected` reads. */
export function writeExpected(
  { folder }: RuleCase,
  findings: string,
  fixed: ReadonlyMap<string, string>,
): void {
  writeFileSync(join(folder, EXPECTED), findings);
  rmSync(join(folder, FIXED), { recursive: true, force: true });
  for (const [path, text] of fixed) {
    const target = join(folder, FIXED, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** The template with the fixed files in place of the old ones. */
export function withFixed({ files }: RuleCase, fixed: ReadonlyMap<string, string>): CaseFiles {
  return new Map([...files, ...fixed]);
}

/** A file that is no UTF-8 stays bytes. */
function readFiles(folder: string, isWanted: (path: string) => boolean): CaseFiles {
  const files = new Map<string, string | Uint8Array>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const absolute = join(entry.parentPath, entry.name);
    const path = absolute.slice(folder.length + 1).replaceAll('\\', '/');
    if (!isWanted(path)) continue;
    const bytes = readFileSync(absolute);
    const text = bytes.toString('utf8');
    files.set(path, Buffer.from(text, 'utf8').equals(bytes) ? text : bytes);
  }
  return files;
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Whether two edits cannot both be applied: they share text, or insert at the same place. */
function overlaps(a: Edit, b: Edit): boolean {
  if (a.span.file.path !== b.span.file.path) return false;
  if (a.span.start === b.span.start) return true;
  return a.span.start < b.span.end && b.span.start < a.span.end;
}
