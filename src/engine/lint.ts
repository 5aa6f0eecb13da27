import type { Catalog } from '../coder/catalog/catalog.ts';
import type { LineId } from '../coder/releases.ts';
import { Template } from '../coder/template.ts';
import { type Verdict, verdictOf } from '../coder/verdict.ts';
import { isInDoubt, type ParsedFile, type SyntaxProblem } from '../hcl/syntax.ts';
import type { Judgement } from '../hcl/verify.ts';
import type { TemplateFiles } from '../input/template-files.ts';
import {
  type Effect,
  type Finding,
  isDeciding,
  isWorse,
  LEVELS,
  type Level,
  type OptionSchema,
  type Rule,
} from '../rule.ts';
import type { SourceFile } from '../source/source-file.ts';
import { loadModuleTree } from '../terraform/load.ts';

/** What analysing needs besides the files; all of it can be shared between templates. */
export interface LintServices {
  /** Parses native syntax and `.tf.json` alike. */
  readonly parse: (file: SourceFile) => ParsedFile;
  /**
   * HCL's own parser: takes files, and later says what is wrong with each, nothing when it is valid. Null where there
   * is none; then the problems of our own parser count.
   */
  readonly judge: ((files: readonly SourceFile[]) => Promise<readonly Judgement[]>) | null;
  /** Whether every file goes to the judge, or only those in doubt. */
  readonly judgeAll?: boolean;
  /** Asked for only when a template calls a module whose files it does not bring. */
  readonly catalogs: () => Promise<readonly Catalog[]>;
  readonly rules: readonly Rule[];
}

/** A rule that threw: a defect of the program, not of the template. */
export interface RuleFailure {
  readonly ruleId: string;
  readonly error: unknown;
}

/** Findings that are left out, since there are so many like them. */
interface Omission {
  /** The last one that is kept. */
  readonly like: Finding;
  readonly count: number;
}

/** What rules found. */
interface Found {
  readonly findings: readonly Finding[];
  readonly omissions: readonly Omission[];
  readonly failures: readonly RuleFailure[];
}

/** A template with everything that is known about it. */
export interface Analysis {
  readonly files: TemplateFiles;
  readonly template: Template;
  /** All findings on all lines, in order of file and place. */
  readonly findings: readonly Finding[];
  readonly omissions: readonly Omission[];
  readonly verdict: Verdict;
  readonly failures: readonly RuleFailure[];
}

/** Reads a template, runs every rule over it and decides the verdict. Never throws on the template's content. */
export async function analyze(
  files: TemplateFiles,
  services: LintServices,
  target: readonly LineId[],
): Promise<Analysis> {
  const tree = loadModuleTree(files, services.parse);
  const needsCatalog = tree.nodes.some((node) => node.unresolved.size > 0 || node.remote);
  const catalogs = needsCatalog ? await services.catalogs() : [];
  const judgements = await startJudging(tree.files, services);
  const problemsIn = async (parsed: readonly ParsedFile[]): Promise<SyntaxProblem[]> => {
    const problems = parsed.map(async (each) => reconcile(each, await judgements.get(each)));
    return (await Promise.all(problems)).flat();
  };
  // The judge has hardly ever a word to say against a file that is not in doubt, so the rules do not wait for it.
  const isKnown = (parsed: ParsedFile) => isInDoubt(parsed) || Array.isArray(judgements.get(parsed));
  const others = services.rules.filter((rule) => !isAboutSyntax(rule.id));
  let template = new Template(tree, catalogs, await problemsIn(tree.files.filter(isKnown)));
  let found = runRules(template, others, target);
  const late = await problemsIn(tree.files.filter((parsed) => !isKnown(parsed)));
  const problems = await problemsIn(tree.files);
  if (late.some(({ unverified }) => unverified !== true)) {
    template = new Template(tree, catalogs, problems);
    found = runRules(template, others, target);
  } else if (late.length > 0) template = template.withUnverified(problems);
  return conclude(files, template, [
    runRules(
      template,
      services.rules.filter(({ id }) => isAboutSyntax(id)),
      target,
    ),
    found,
  ]);
}

/** Rules that say what is wrong with files, whatever the template is about. */
function isAboutSyntax(ruleId: string): boolean {
  return ruleId.startsWith('syntax/');
}

/** Puts together what rules found, and decides the verdict. */
function conclude(files: TemplateFiles, template: Template, parts: readonly Found[]): Analysis {
  // In a file that cannot be read, what other rules miss may be there.
  const holds = ({ ruleId, at }: Finding) => isAboutSyntax(ruleId) || !template.brokenFiles.has(at.file);
  const findings = parts
    .flatMap((part) => part.findings)
    .filter(holds)
    .sort(byPlace);
  return {
    files,
    template,
    findings,
    omissions: parts.flatMap(({ omissions }) => omissions.filter(({ like }) => holds(like))),
    failures: parts.flatMap(({ failures }) => failures),
    verdict: verdictOf(template, findings),
  };
}

/** Hands the judge the files that it is to judge, those in doubt first. */
async function startJudging(
  files: readonly ParsedFile[],
  { judge, judgeAll }: LintServices,
): Promise<ReadonlyMap<ParsedFile, Judgement>> {
  // The judge takes minutes for a megabyte of rubbish, of which our own parser knows that it is rubbish.
  const isRubbish = ({ problems, file }: ParsedFile) =>
    problems.length > 0 && file.text.length > MAX_JUDGED_RUBBISH;
  const judged = files.filter((parsed) => !parsed.body.json && !isRubbish(parsed));
  const inOrder = judged.filter(isInDoubt);
  if (judgeAll === true) inOrder.push(...judged.filter((parsed) => !isInDoubt(parsed)));
  if (judge === null || inOrder.length === 0) return new Map();
  const judgements = await judge(inOrder.map(({ file }) => file));
  return new Map(inOrder.map((parsed, index) => [parsed, judgements[index] as Judgement]));
}

/** What is wrong with a file for all that both parsers say; the judge says nothing when it was not asked. */
function reconcile(
  { problems: own }: ParsedFile,
  judged?: readonly SyntaxProblem[],
): readonly SyntaxProblem[] {
  const [first] = own;
  if (judged === undefined) return own;
  if (first === undefined || judged.some(({ unverified }) => unverified !== true)) return judged;
  if (first.unverified) return own;
  // The tree lacks what our own parser stumbles over, whether Terraform takes it or not.
  const reason = judged[0]?.detail ?? 'HCL’s own parser takes this file, but not all of it was read.';
  const detail = `${reason} Here it seems to be broken: ${first.summary}. ${first.detail}`;
  return [{ ...first, detail, unverified: true }];
}

/** More findings of one kind tell nobody anything; the next run says what is left when these are mended. */
const MAX_ALIKE = 1000;

/** Characters of a broken file from which on the words of our own parser do. */
const MAX_JUDGED_RUBBISH = 100_000;

/** Runs rules; one that throws is named, and the others still run. */
function runRules(template: Template, rules: readonly Rule[], target: readonly LineId[]): Found {
  const findings: Finding[] = [];
  const omissions: Omission[] = [];
  const failures: RuleFailure[] = [];
  for (const rule of rules) {
    const alike = new Map<string, { like: Finding; count: number }>();
    try {
      rule.check(template, {
        target,
        options: defaultsOf(rule),
        report: ({ message, data, at, address, related = [], fix = null, obstacle = null }) => {
          const words = rule.messages[message];
          if (words === undefined) throw new Error(`${rule.id} has no message "${message}"`);
          const said = words(data);
          // What is left out has the effects of what is kept, so that the verdict does not hang on it.
          const kind = JSON.stringify([message, said.effects, said.leavesOpen, said.levelAtLeast]);
          const known = alike.get(kind);
          if (known !== undefined && known.count >= MAX_ALIKE) {
            known.count++;
            return;
          }
          const finding = {
            ruleId: rule.id,
            messageId: message,
            message: said,
            at,
            address,
            related,
            fix,
            obstacle,
          };
          alike.set(kind, { like: finding, count: (known?.count ?? 0) + 1 });
          findings.push(finding);
        },
      });
    } catch (error) {
      failures.push({ ruleId: rule.id, error });
    }
    for (const { like, count } of alike.values()) {
      if (count > MAX_ALIKE) omissions.push({ like, count: count - MAX_ALIKE });
    }
  }
  return { findings, omissions, failures };
}

function defaultsOf({ options = {} }: Rule): Readonly<Record<string, OptionSchema['default']>> {
  return Object.fromEntries(Object.entries(options).map(([name, schema]) => [name, schema.default]));
}

function byPlace(a: Finding, b: Finding): number {
  if (a.at.file.path !== b.at.file.path) return a.at.file.path < b.at.file.path ? -1 : 1;
  return a.at.start - b.at.start || a.at.end - b.at.end || (a.ruleId < b.ruleId ? -1 : 1);
}

/** The worst effect of a finding on the lines that the user lints for; null when it has none there. */
export function worstEffect(finding: Finding, target: readonly LineId[]): Effect | null {
  let worst: Effect | null = null;
  for (const line of target) {
    const effect = finding.message.effects[line];
    if (effect !== undefined && (worst === null || isWorse(effect, worst))) worst = effect;
  }
  return worst;
}

/**
 * The level of a finding that has an effect: what follows from the effect, or more where its message asks for it.
 * @param ofEffect what follows from the effect, when that is configured
 */
export function levelOf({ message }: Finding, effect: Effect, ofEffect?: Level): Level {
  const level = ofEffect ?? (isDeciding(effect) ? 'error' : effect === 'advice' ? 'info' : 'warning');
  const least = message.levelAtLeast ?? 'info';
  return LEVELS.indexOf(level) < LEVELS.indexOf(least) ? level : least;
}
