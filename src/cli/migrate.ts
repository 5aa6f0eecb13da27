import { DEFAULT_TARGET, linesIn } from '../coder/releases.ts';
import { type MigrationResult, migrateAnalysis } from '../migrate/migrate.ts';
import {
  type MigrationReport,
  reportMigration,
  type TemplateMigration,
} from '../migrate/migration-report.ts';
import { migrationNote, summaryOf } from '../migrate/note.ts';
import { cleanDiff, cleanPath, cleanText, quoteForShell, writeJson } from '../report/text.ts';
import { verdictText } from '../report/words.ts';
import { docsUrl, VERSION } from '../version.ts';
import { type ColorWish, colorLevel, type Environment, EXIT, UsageError } from './environment.ts';
import { type LintArguments, type LintedTemplate, LintRun, PLAIN_LINT } from './lint.ts';
import type { MigrationFormat } from './migration-formats.ts';
import { writeTemplate } from './write-template.ts';

/** What `tasks-lint migrate` is asked for. */
interface MigrateArguments {
  readonly paths: readonly string[];
  readonly write: boolean;
  /** Semver range of Coder versions; null leaves it to the configuration. */
  readonly to: string | null;
  readonly format: MigrationFormat;
  readonly config: string | null | false;
  readonly color: ColorWish;
  readonly debug: boolean;
}

/** Migrates the templates at the paths, shows or writes the changes, and returns the exit code. */
export async function runMigrate(args: MigrateArguments, environment: Environment): Promise<number> {
  const run = new LintRun(lintArguments(args), environment);
  try {
    const templates = await run.lintAll();
    if (templates === null) return EXIT.error;
    const results: { template: LintedTemplate; result: MigrationResult }[] = [];
    for (const template of templates) {
      const { analysis, services, target } = template;
      results.push({ template, result: await migrateAnalysis(analysis, services, { target }) });
    }
    const { written, failures } = args.write
      ? writeAll(results, environment)
      : { written: new Set(), failures: 0 };
    const report: MigrationReport = {
      formatVersion: 1,
      tool: { name: 'tasks-lint', version: VERSION },
      target: args.to ?? templates[0]?.config.coderVersion ?? DEFAULT_TARGET,
      templates: results.map(({ template: { target }, result }) =>
        reportMigration(result, { target }, { written: written.has(result), docs: docsUrl }),
      ),
    };
    environment.stdout.write(render(report, args, environment));
    if (run.hasInternalError || failures > 0) return EXIT.error;
    return results.every(({ result }) => result.complete) ? EXIT.ok : EXIT.findings;
  } finally {
    await run.close();
  }
}

/** Writes each template as a whole; one that cannot be written is said, and the others still are. */
function writeAll(
  results: readonly { template: LintedTemplate; result: MigrationResult }[],
  { stderr }: Environment,
): { written: Set<MigrationResult>; failures: number } {
  const written = new Set<MigrationResult>();
  let failures = 0;
  for (const { template, result } of results) {
    if (result.changed.size === 0) continue;
    if (result.halted.length > 0) {
      const { root } = template.files;
      const reasons = result.halted.join('; ');
      stderr.write(
        `tasks-lint: ${root} is not written, since it would be migrated in part only: ${reasons}\n`,
      );
      continue;
    }
    try {
      writeTemplate(template.files, result.changed);
      written.add(result);
    } catch (error) {
      failures++;
      stderr.write(`tasks-lint: ${error instanceof Error ? error.message : error}\n`);
    }
  }
  return { written, failures };
}

function lintArguments({ paths, to, config, color, debug }: MigrateArguments): LintArguments {
  // Said early, as a mistake of the user.
  if (to !== null) linesInOrUsage(to);
  return { ...PLAIN_LINT, paths, coderVersion: to, config, color, debug };
}

function linesInOrUsage(range: string): void {
  try {
    linesIn(range);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--to: ${error.message}`);
    throw error;
  }
}

function render(report: MigrationReport, args: MigrateArguments, environment: Environment): string {
  if (args.format === 'json') return `${writeJson(report)}\n`;
  if (args.format === 'markdown') return migrationNote(report);
  const hasColor = colorLevel(args.color, environment) > 0;
  return report.templates.map((template) => pretty(template, hasColor)).join('\n');
}

function pretty(template: TemplateMigration, hasColor: boolean): string {
  const { root, before, after, diff, steps, manual, agentsPlan, written } = template;
  const paint = (code: number, text: string) => (hasColor ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = [paint(1, cleanPath(root)), `  ${summaryOf(template)}`];
  if (agentsPlan === null && before.generation !== 'none') {
    lines.push(`  before: ${verdictText(before)}`);
    if (steps.length > 0) lines.push(`  after:  ${verdictText(after)}`);
  }
  if (diff !== '')
    lines.push(
      '',
      ...cleanDiff(diff)
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => paintDiff(line, paint)),
    );
  if (steps.length > 0) {
    lines.push('', paint(1, written ? 'Done:' : 'Steps:'));
    for (const [index, { title, safety, ruleId }] of steps.entries()) {
      const mark = safety === 'review' ? paint(33, ' (deserves a look)') : '';
      lines.push(`  ${index + 1}. ${cleanText(title)}${mark} ${paint(2, ruleId)}`);
    }
  }
  if (manual.length > 0) {
    lines.push('', paint(1, 'Left to you:'));
    for (const [index, { text, file, line, blocking }] of manual.entries()) {
      const place = file === null ? '' : paint(2, ` ${cleanPath(file)}:${line}`);
      lines.push(`  ${index + 1}. ${blocking ? paint(31, 'needed: ') : ''}${cleanText(text)}${place}`);
    }
  }
  if (agentsPlan !== null) {
    lines.push('', paint(1, 'Remove for Coder Agents:'));
    for (const { address, file, line, why } of agentsPlan.remove) {
      lines.push(`  - ${cleanText(address)}: ${why} ${paint(2, `${cleanPath(file)}:${line}`)}`);
    }
    if (agentsPlan.remove.length === 0) lines.push('  nothing: the template has no Tasks parts');
    lines.push('', paint(1, 'Keep:'), ...agentsPlan.keep.map((text) => `  - ${text}`));
    lines.push('', paint(1, 'Advice:'), ...agentsPlan.advice.map((text) => `  - ${text}`));
  }
  if (diff !== '' && !written) {
    lines.push('', `To apply it: tasks-lint migrate --write ${quoteForShell(root === '' ? '.' : root)}`);
  }
  return `${lines.join('\n')}\n`;
}

function paintDiff(line: string, paint: (code: number, text: string) => string): string {
  if (line.startsWith('+++') || line.startsWith('---')) return paint(1, line);
  if (line.startsWith('+')) return paint(32, line);
  if (line.startsWith('-')) return paint(31, line);
  return line.startsWith('@@') ? paint(36, line) : line;
}
