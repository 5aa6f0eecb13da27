import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_TARGET, type LineId, linesIn } from '../../src/coder/releases.ts';
import { NO_CONFIG } from '../../src/engine/config.ts';
import { type LintServices, levelOf, worstEffect } from '../../src/engine/lint.ts';
import { settle } from '../../src/engine/settle.ts';
import { buildReport, buildTemplateReport } from '../../src/report/build.ts';
import { createContext } from '../../src/report/format.ts';
import { pretty } from '../../src/report/pretty.ts';
import { EFFECT_WORDS, lineRanges } from '../../src/report/words.ts';
import { EFFECTS, type Finding, LEVELS, type Message, type Options, type Rule } from '../../src/rule.ts';
import { type CaseFiles, lintFiles, withSizes } from './rule-cases.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const README = `${ROOT}README.md`;
export const RULES_INDEX = `${ROOT}rules/index.ts`;
export const RULES_PAGE = `${ROOT}rules/README.md`;
export const CONFIG_SCHEMA = `${ROOT}schema/config.json`;
export const CONFIG_VALIDATOR = `${ROOT}src/engine/generated/validate-config.ts`;

const TARGET = linesIn(DEFAULT_TARGET);

/** Lines for examples of what the default target leaves out. */
const ALL_RELEASES = '>=2.24';

/** Ids of all rules as their files say them, in order. */
export function ruleIds(): string[] {
  return readdirSync(`${ROOT}rules`, { withFileTypes: true })
    .filter((topic) => topic.isDirectory())
    .flatMap((topic) =>
      readdirSync(`${ROOT}rules/${topic.name}`)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${topic.name}/${basename(file, '.ts')}`),
    )
    .sort();
}

/** Ids of all pages, those without a rule too. */
export function pageIds(): string[] {
  return readdirSync(`${ROOT}rules`, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /^[^/]+\/[^/]+\.md$/.test(path))
    .map((path) => path.replace(/\.md$/, ''))
    .sort();
}

/** The rule of a file, past rules/index.ts, which is itself generated. */
export async function importRule(id: string): Promise<Rule> {
  const path = `${ROOT}rules/${id}.ts`;
  return (await import(path)).default;
}

export function pagePath(id: string): string {
  return `${ROOT}rules/${id}.md`;
}

export function readIfPresent(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** The text of rules/index.ts. */
export function writeRulesIndex(ids: readonly string[]): string {
  const imports = ids.map((id) => `import ${variableOf(id)} from './${id}.ts';`);
  return [
    "import type { Rule } from '../src/rule.ts';",
    ...imports,
    '',
    '/** All rules, in order of their ids. */',
    'export const rules: readonly Rule[] = [',
    ...ids.map((id) => `  ${variableOf(id)},`),
    '];',
    '',
  ].join('\n');
}

/** `task/app-id-missing` is `taskAppIdMissing`. */
function variableOf(id: string): string {
  return id.replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The schema of configurations with the ids of the rules and the schemas of their options. */
export function writeConfigSchema(text: string, all: readonly Rule[]): string {
  const schema = JSON.parse(text);
  schema.definitions.rules.properties = Object.fromEntries(
    all.map(({ id, summary, options }) => [
      id,
      options === undefined
        ? { description: summary, $ref: '#/definitions/setting' }
        : { description: summary, ...settingWith(schema.definitions.setting, options) },
    ]),
  );
  // The formatter wants lists of scalars on one line where they fit.
  return `${JSON.stringify(schema, null, 2).replace(
    /( *"[^"\n]*": )?\[\s+([^[\]{}]*?)\s+\]/g,
    (whole, key = '', items: string) => {
      const line = `${key}[${items.replace(/\s*\n\s*/g, ' ')}]`;
      return line.length < LINE_WIDTH ? line : whole;
    },
  )}\n`;
}

const LINE_WIDTH = 110;

/** The schema of a setting that may choose options as well. */
function settingWith(setting: SettingSchema, options: Options): SettingSchema {
  const schema = structuredClone(setting);
  schema.then.properties.options = { type: 'object', additionalProperties: false, properties: options };
  return schema;
}

interface SettingSchema {
  readonly then: { readonly properties: Record<string, object> };
}

/** What a rule does and mends, seen in the findings of all its cases. */
export interface RuleEvidence {
  readonly rule: Rule;
  readonly findings: readonly Finding[];
}

/** The table of rules for the README. */
export function writeRuleTable(all: readonly RuleEvidence[], folder: string): string {
  const rows = all.map(({ rule, findings }) => [
    `[${rule.id}](${folder}${rule.id}.md)`,
    cell(rule.summary),
    levelsOf(findings),
    fixesOf(findings),
  ]);
  return tableOf(['rule', 'what it does', 'level', 'fix'], rows);
}

/** The text of rules/README.md. */
export function writeRulesPage(all: readonly RuleEvidence[]): string {
  const topics = [...new Set(all.map(({ rule }) => topicOf(rule)))];
  const sections = topics.map((topic) => {
    const own = all.filter(({ rule }) => topicOf(rule) === topic);
    return `## ${topic}\n\n${writeRuleTable(own, '')}\n`;
  });
  return [
    '# Rules',
    '',
    `A rule \`<topic>/<rule>\` is the file \`rules/<topic>/<rule>.ts\`, its page lies beside it, and each folder in`,
    '`fixtures/rules/<topic>/<rule>/` is a template that it is tested with. _Level_ is what the rule reports on the',
    `default target, Coder \`${DEFAULT_TARGET}\`; _fix_ says whether \`tasks-lint --fix\` can mend what it finds.`,
    'This page is generated by `npm run update`.',
    '',
    sections.join('\n'),
  ].join('\n');
}

function topicOf({ id }: Rule): string {
  return id.slice(0, id.indexOf('/'));
}

/** Puts a table between the comments `<!-- rules:start -->` and `<!-- rules:end -->` of a text. */
export function withRuleTable(text: string | null, table: string): string {
  const [start, end] = ['<!-- rules:start -->', '<!-- rules:end -->'];
  const part = `${start}\n${table}\n${end}`;
  if (text === null) return `${part}\n`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`README.md lacks the comments ${start} and ${end}`);
  return text.slice(0, from) + part + text.slice(to + end.length);
}

/** Everything above the first section of a rule's page. */
export function writePageHead({ rule, findings }: RuleEvidence): string {
  const rows = Object.keys(rule.messages).map((id) => {
    const own = findings.filter((finding) => finding.messageId === id);
    const variants = [...new Set(own.map(({ message }) => effectsInWords(message)))].sort();
    return [`\`${id}\``, variants.join('; or '), fixesOf(own)];
  });
  const notes =
    rule.ignorable === false ? ['', 'A comment cannot silence it: nothing behind it can be trusted.'] : [];
  return [
    `# ${rule.id}`,
    '',
    rule.summary,
    '',
    tableOf(['message', 'what it means, on which Coder releases', 'fix'], rows),
    ...notes,
    ...optionsOf(rule),
    '',
    '',
  ].join('\n');
}

/** The options of a rule, as a table behind a sentence; nothing for a rule without. */
function optionsOf({ id, options }: Rule): string[] {
  if (options === undefined) return [];
  const rows = Object.entries(options).map(([name, schema]) => [
    `\`${name}\``,
    schema.description,
    'enum' in schema
      ? schema.enum.map(code).join(', ')
      : schema.type === 'boolean'
        ? '`true`, `false`'
        : `${schema.minimum} to ${schema.maximum}`,
    code(schema.default),
  ]);
  const [first = ''] = Object.keys(options);
  const example = `${id}: { options: { ${first}: … } }`;
  return [
    '',
    `Options, chosen in the configuration as \`${example}\` below \`rules\`:`,
    '',
    tableOf(['option', 'what it sets', 'values', 'default'], rows),
  ];
}

function code(value: string | number | boolean): string {
  return `\`${value}\``;
}

function effectsInWords({ effects, leavesOpen = [], levelAtLeast }: Message): string {
  const lines = (effect: string) =>
    (Object.keys(effects) as LineId[]).filter((line) => effects[line] === effect);
  const parts = EFFECTS.filter((effect) => lines(effect).length > 0).map(
    (effect) => `${EFFECT_WORDS[effect]} on ${lineRanges(lines(effect))}`,
  );
  if (leavesOpen.length > 0) parts.push(`leaves the verdict open on ${lineRanges(leavesOpen)}`);
  if (levelAtLeast !== undefined) parts.push(`shown as ${levelAtLeast} all the same`);
  return parts.join(', ');
}

/** Levels on the default target, worst first. */
function levelsOf(findings: readonly Finding[]): string {
  const levels = new Set(
    findings.flatMap((finding) => {
      const effect = worstEffect(finding, TARGET);
      return effect === null ? [] : [levelOf(finding, effect)];
    }),
  );
  return LEVELS.filter((level) => levels.has(level)).join(', ') || '–';
}

/** Which kinds of fix the findings offer. */
function fixesOf(findings: readonly Finding[]): string {
  const kinds = new Set(findings.flatMap(({ fix }) => (fix === null ? [] : [fix.safety])));
  return (['safe', 'review'] as const).filter((kind) => kinds.has(kind)).join(', ') || '–';
}

/** A Markdown table with the columns aligned, as the formatter wants it. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] as number)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

export const SECTIONS = ['What it finds', 'Why', 'How to fix', 'When it stays silent'];

/** The hand-written part of a page, from its first section on; null when there is none. */
export function bodyOf(page: string): string | null {
  const start = page.indexOf(`\n## ${SECTIONS[0]}\n`);
  return start === -1 ? null : page.slice(start + 1);
}

export function sectionTitles(page: string): string[] {
  return [...page.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
}

/** Text of one section, its title left out. */
function sectionOf(page: string, title: string): string {
  const start = page.indexOf(`\n## ${title}\n`);
  if (start === -1) return '';
  const next = page.indexOf('\n## ', start + 1);
  return page.slice(start, next === -1 ? page.length : next);
}

/** Fenced blocks of a text: what stands behind the fence, and the content. */
function fencesIn(text: string): { readonly info: string; readonly content: string }[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', content = '']) => ({
    info,
    content,
  }));
}

/** The example of a page: its `hcl` and `json` blocks and all that are named, which a main.tf need not be. */
export function exampleOf(page: string): CaseFiles {
  const fences = fencesIn(sectionOf(page, 'What it finds'));
  const blocks = fences.filter(({ info }) => /^(hcl|json)\b|^\w+ \S/.test(info));
  return new Map(blocks.map(({ info, content }) => [info.split(' ')[1] ?? 'main.tf', content]));
}

/** What the program says about the example: the part of its report about this rule. */
export async function runExample(files: CaseFiles, rule: Rule, services: LintServices): Promise<string> {
  const { analysis, findings } = await lintFiles(
    withSizes(files),
    { ruleId: rule.id, target: TARGET },
    services,
  );
  const isShown = findings.some((finding) => worstEffect(finding, TARGET) !== null);
  const target = isShown ? DEFAULT_TARGET : ALL_RELEASES;
  const settled = settle(analysis, {
    target: linesIn(target),
    config: NO_CONFIG,
    rules: [rule],
    only: new Set([rule.id]),
    pathOf: (path) => path,
  });
  const docs = { docs: () => '' };
  const template = buildTemplateReport(analysis, settled, docs);
  const report = buildReport([template], linesIn(target), { version: '0.0.0', target, ...docs });
  const sources = (path: string) => String(files.get(path) ?? '') || null;
  const text = await pretty.render(report, createContext({ sources, width: 100 }));
  // The verdict hangs on all rules, the summary on the run: neither is about this one.
  const first = template.findings[0]?.file;
  const shown = text.slice(text.indexOf(`\n${first}\n`) + 1, text.lastIndexOf('\n\n\n'));
  const option = isShown ? '' : ` --coder-version '${ALL_RELEASES}'`;
  return `$ tasks-lint --only ${rule.id}${option}\n\n${shown.trimEnd()}\n`;
}

/** The page with a new output block; the block is the first `text` block of its first section. */
export function withOutput(page: string, output: string): string {
  const start = page.indexOf(`\n## ${SECTIONS[0]}\n`);
  const from = page.indexOf('\n```text\n', start);
  const to = page.indexOf('\n```', from + 4);
  if (start === -1 || from === -1 || from > page.indexOf(`\n## ${SECTIONS[1]}\n`)) return page;
  return `${page.slice(0, from)}\n\`\`\`text\n${output.trimEnd()}${page.slice(to)}`;
}

/**
 * The example as *How to fix* leaves it: each `diff` block is applied to the file that it names, main.tf
 * otherwise. Lines with a space or `-` must stand in the example as they are; `@@` starts another place.
 */
export function mendedExample(page: string): CaseFiles {
  const files = new Map(exampleOf(page));
  const diffs = fencesIn(sectionOf(page, 'How to fix')).filter(({ info }) => /^diff\b/.test(info));
  if (diffs.length === 0) throw new Error('How to fix shows no diff');
  for (const { info, content } of diffs) {
    const path = info.split(' ')[1] ?? 'main.tf';
    let text = String(files.get(path) ?? '');
    for (const hunk of content.split(/^@@.*\n/m)) {
      const lines = hunk.split('\n').slice(0, -1);
      const side = (mark: string) =>
        lines
          .filter((line) => line === '' || line[0] === ' ' || line[0] === mark)
          .map((line) => `${line.slice(1)}\n`)
          .join('');
      const before = side('-');
      if (lines.length === 0) continue;
      if (!`\n${text}`.includes(`\n${before}`)) throw new Error(`${path} of the example lacks:\n${before}`);
      text = text.replace(before, () => side('+'));
    }
    files.set(path, text);
  }
  return withSizes(files);
}
