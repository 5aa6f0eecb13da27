import type { LineId } from '../coder/releases.ts';
import type { Finding, Level, Rule } from '../rule.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type Config, settingFor } from './config.ts';
import { type Analysis, levelOf, worstEffect } from './lint.ts';
import { type Suppression, suppress } from './suppress.ts';

/** A finding as it is shown: with its level on the target, and what silences it. */
export interface SettledFinding {
  readonly finding: Finding;
  readonly level: Level;
  readonly suppressed: Suppression | null;
}

/** What a user asked for, the configuration merged with the command line. */
interface Settings {
  readonly target: readonly LineId[];
  readonly config: Config;
  /** All that suppression comments may name. */
  readonly rules: readonly Pick<Rule, 'id' | 'ignorable'>[];
  /** Only these rules are shown; null for all. */
  readonly only: ReadonlySet<string> | null;
  /** A path of the tree as configuration globs see it. */
  readonly pathOf: (path: string) => string;
}

/** What is shown of an analysis. */
export interface Settled {
  /** In order of file and place. */
  readonly findings: readonly SettledFinding[];
  /** How many findings are left out, by rule, with the file of one of those that are shown. */
  readonly omitted: readonly { readonly ruleId: string; readonly file: SourceFile; readonly count: number }[];
}

/** What is shown for a target; the verdict does not hang on it. */
export function settle(analysis: Analysis, settings: Settings): Settled {
  const omitted = new Map<string, Settled['omitted'][number]>();
  for (const { like, count } of analysis.omissions) {
    if (shownLevel(like, settings) === null) continue;
    const { ruleId, at } = like;
    omitted.set(ruleId, { ruleId, file: at.file, count: count + (omitted.get(ruleId)?.count ?? 0) });
  }
  return { findings: settleFindings(analysis, settings), omitted: [...omitted.values()] };
}

function settleFindings(analysis: Analysis, settings: Settings): SettledFinding[] {
  const { findings, problems } = suppress(analysis.template.tree.files, analysis.findings, settings.rules);
  return [...findings, ...problems.map((finding) => ({ finding, suppression: null }))].flatMap(
    ({ finding, suppression }) => {
      const level = shownLevel(finding, settings);
      return level === null ? [] : [{ finding, level, suppressed: suppression }];
    },
  );
}

/** Null when the finding is not shown: without an effect on the target, switched off, or not asked for. */
function shownLevel(finding: Finding, settings: Settings): Level | null {
  const { config, target } = settings;
  if (settings.only !== null && !settings.only.has(finding.ruleId)) return null;
  const effect = worstEffect(finding, target);
  if (effect === null) return null;
  const own = settingFor(config, finding.ruleId, settings.pathOf(finding.at.file.path)).level;
  if (own !== null) return own === 'off' ? null : own;
  const ofEffect = config.effects.get(effect);
  if (ofEffect !== 'off') return levelOf(finding, effect, ofEffect);
  // Who asks for the verdict is told why there is none.
  const isOpen = finding.message.leavesOpen?.some((line) => target.includes(line)) ?? false;
  return isOpen ? levelOf(finding, effect) : null;
}
