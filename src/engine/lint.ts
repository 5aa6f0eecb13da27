import type { Catalog } from '../coder/catalog/catalog.ts';
import type { LineId } from '../coder/releases.ts';
import { Template } from '../coder/template.ts';
import { type Verdict, verdictOf } from '../coder/verdict.ts';
import type { ParsedFile, SyntaxProblem } from '../hcl/syntax.ts';
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
import { loadModuleTree, type ModuleTree } from '../terraform/load.ts';

/** What analysing needs besides the files; all of it can be shared between templates. */
export interface LintServices {
  /** Parses native syntax and `.tf.json` alike. */
  readonly parse: (file: SourceFile) => ParsedFile;
  /**
   * HCL's own parser: says what is wrong with a file, empty when it is valid. Null where there is none; then
   * the problems of our own parser count.
   */
  readonly judge: ((file: SourceFile) => Promise<readonly SyntaxProblem[]>) | null;
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
  const problems = await syntaxProblemsOf(tree, services);
  const needsCatalog = tree.nodes.some((node) => node.unresolved.size > 0 || node.remote);
  const template = new Template(tree, needsCatalog ? await services.catalogs() : [], problems);
  const { findings: all, omissions, failures } = runRules(template, services.rules, target);
  const broken = new Set(problems.map(({ span }) => span.file));
  // In a file that cannot be read, what other rules miss may be there.
  const holds = ({ ruleId, at }: Finding) => ruleId.startsWith('syntax/') || !broken.has(at.file);
  const findings = all.filter(holds);
  return {
    files,
    template,
    findings,
    omissions: omissions.filter(({ like }) => holds(like)),
    failures,
    verdict: verdictOf(template, findings),
  };
}

async function syntaxProblemsOf(tree: ModuleTree, services: LintServices): Promise<SyntaxProblem[]> {
  const problems: SyntaxProblem[] = [];
  for (const parsed of tree.files) {
    // The judge takes minutes for a megabyte of rubbish, of which our own parser knows that it is rubbish.
    const isRubbish = parsed.problems.length > 0 && parsed.file.text.length > MAX_JUDGED_RUBBISH;
    const isInDoubt = services.judgeAll === true || parsed.doubt !== null;
    const isJudged = !parsed.body.json && isInDoubt && !isRubbish;
    if (isJudged && services.judge !== null) problems.push(...(await services.judge(parsed.file)));
    else problems.push(...parsed.problems);
  }
  return problems;
}

/** More findings of one kind tell nobody anything; the next run says what is left when these are mended. */
const MAX_ALIKE = 1000;

/** Characters of a broken file from which on the words of our own parser do. */
const MAX_JUDGED_RUBBISH = 100_000;

/** Runs the rules; one that throws is named, and the others still run. */
function runRules(
  template: Template,
  rules: readonly Rule[],
  target: readonly LineId[],
): Pick<Analysis, 'findings' | 'omissions' | 'failures'> {
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
  return { findings: findings.sort(byPlace), omissions, failures };
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
