import type {
  Fix,
  Location,
  Log,
  Notification,
  Region,
  ReportingDescriptor,
  Result,
  Run,
  Suppression,
} from 'sarif';
import type { Position } from '../source/source-file.ts';
import { BASELINE_REASON } from './baseline.ts';
import { allNotes, byPlace, groupBy } from './findings.ts';
import {
  type Format,
  HOMEPAGE,
  type Notice,
  type RenderContext,
  type RuleMetadata,
  repositoryPath,
} from './format.ts';
import { lineHashes } from './line-hash.ts';
import type { FindingReport, Level, Report } from './report.ts';
import { cleanMessage, cleanText, encodePath, shorten, writeJson } from './text.ts';
import { effectsText } from './words.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const ROOT_ID = '%SRCROOT%';

/** Limits of GitHub code scanning; more is refused or dropped there without a word. */
const RESULTS = 25_000;
const RELATED = 99;
const DESCRIPTION = 1024;

/** Turns an alert into a security alert of medium severity; for rules about secrets and access only. */
const SECURITY_SEVERITY = '5.0';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Level, string>;
const PROBLEM_SEVERITIES: Readonly<Record<Level, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
};

/** SARIF 2.1.0, made for GitHub code scanning and valid for anything else that reads it. */
export const sarif: Format = {
  name: 'sarif',
  render(report, context) {
    const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [runOf(report, context)] };
    return writeJson(log);
  },
};

function runOf(report: Report, context: RenderContext): Run {
  const findings = report.templates.flatMap((template) => [...template.findings].sort(byPlace));
  const rules = rulesOf(findings, context);
  const ruleIndexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const hashesOf = memoize((path: string) => {
    const text = context.sources(path);
    return text === null ? [] : lineHashes(text);
  });
  const results = findings.slice(0, RESULTS).map(
    (finding): Result => ({
      ruleId: finding.ruleId,
      ruleIndex: ruleIndexes.get(finding.ruleId) ?? -1,
      level: LEVELS[finding.level],
      message: { text: messageOf(finding) },
      locations: [locationOf(finding, context)],
      ...relatedOf(finding, context),
      partialFingerprints: {
        ...lineHashOf(finding, hashesOf(finding.file)),
        'tasksLint/v1': finding.fingerprint,
      },
      ...suppressionsOf(finding),
      ...fixesOf(finding, context),
      properties: { effects: Object.fromEntries(finding.effects.map(({ line, effect }) => [line, effect])) },
    }),
  );
  const notices = [...context.invocation.notices];
  for (const { path, text } of allNotes(report)) {
    notices.push({ level: 'info', message: text, ruleId: null, file: path, line: null });
  }
  if (findings.length > RESULTS) {
    const message = `${findings.length - RESULTS} of ${findings.length} findings are left out: code scanning takes no more.`;
    notices.push({ level: 'warning', message, ruleId: null, file: null, line: null });
  }

  const { uri } = context.repository;
  const { version } = report.tool;
  return {
    tool: {
      driver: {
        name: 'tasks-lint',
        version,
        ...(/^\d+\.\d+\.\d+/.test(version) ? { semanticVersion: version } : {}),
        informationUri: HOMEPAGE,
        rules,
      },
    },
    automationDetails: { id: context.category === null ? 'tasks-lint/' : `tasks-lint/${context.category}/` },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: {
      [ROOT_ID]: { ...(uri === null ? {} : { uri }), description: { text: 'Root of the repository' } },
    },
    invocations: [
      {
        executionSuccessful: context.invocation.successful,
        toolExecutionNotifications: notices.map((notice) => notificationOf(notice, ruleIndexes, context)),
      },
    ],
    results,
    properties: {
      target: report.target,
      verdicts: report.templates.map(({ root, verdict }) => ({
        root: repositoryPath(root, context.repository) || '.',
        generation: verdict.generation,
        capableOn: verdict.capableOn,
      })),
    },
  };
}

/** All rules of the run; a finding of a rule that the caller did not list brings a description of its own. */
function rulesOf(findings: readonly FindingReport[], context: RenderContext): ReportingDescriptor[] {
  const rules = new Map(context.rules.map((rule) => [rule.id, rule]));
  for (const { ruleId, docs, advice, level } of findings) {
    if (!rules.has(ruleId))
      rules.set(ruleId, { id: ruleId, summary: ruleId, docs, help: advice || ruleId, level });
  }
  return [...rules.values()].map(descriptorOf);
}

function descriptorOf({ id, summary, docs, help, level = 'warning' }: RuleMetadata): ReportingDescriptor {
  const topic = id.split('/')[0] ?? id;
  const text = shorten(cleanText(summary) || id, DESCRIPTION);
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: `${text}\n\n${docs}`, markdown: help || text },
    helpUri: docs,
    defaultConfiguration: { level: LEVELS[level] },
    properties: {
      tags: [...new Set(['coder', 'tasks', topic])],
      precision: 'high',
      'problem.severity': PROBLEM_SEVERITIES[level],
      ...(topic === 'security' ? { 'security-severity': SECURITY_SEVERITY } : {}),
    },
  };
}

/** Problem, advice and effects; related places are named in links, the only way in which GitHub shows them. */
function messageOf(finding: FindingReport): string {
  const effects = effectsText(finding);
  const related = finding.related
    .slice(0, RELATED)
    .map(({ text }, index) => `[${plain(text || 'related').replace(/[[\]\\]/g, '\\$&')}](${index + 1})`);
  return cleanMessage(
    [
      [plain(finding.message), plain(finding.advice)].filter((part) => part !== '').join(' '),
      effects === '' ? '' : `Effect: ${effects}.`,
      related.length === 0 ? '' : `See ${related.join(', ')}.`,
    ]
      .filter((part) => part !== '')
      .join('\n'),
  );
}

/** Template text in a SARIF message: `[text](target)` would become a link that we did not write. */
function plain(text: string): string {
  return cleanText(text).replace(/\]\(/g, '] (');
}

function regionOf(start: Position, end: Position): Region {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function locationOf(
  place: { file: string; start: Position; end: Position },
  context: RenderContext,
): Location {
  return {
    physicalLocation: {
      artifactLocation: artifactOf(place.file, context),
      region: regionOf(place.start, place.end),
    },
  };
}

function artifactOf(path: string, { repository }: RenderContext) {
  return { uri: encodePath(repositoryPath(path, repository)), uriBaseId: ROOT_ID };
}

function relatedOf({ related }: FindingReport, context: RenderContext): Pick<Result, 'relatedLocations'> {
  if (related.length === 0) return {};
  return {
    relatedLocations: related.slice(0, RELATED).map((place, index) => ({
      id: index + 1,
      ...locationOf(place, context),
      message: { text: plain(place.text || 'related') },
    })),
  };
}

function lineHashOf({ start }: FindingReport, hashes: readonly string[]): Record<string, string> {
  const hash = hashes[start.line - 1];
  return hash === undefined ? {} : { primaryLocationLineHash: hash };
}

/** Suppressed results stay in the report: left out, GitHub would close their alerts and open them again. */
function suppressionsOf({ suppressed }: FindingReport): Pick<Result, 'suppressions'> {
  if (suppressed === null) return {};
  const suppression: Suppression = {
    kind: suppressed.reason === BASELINE_REASON ? 'external' : 'inSource',
    ...(suppressed.reason === '' ? {} : { justification: cleanText(suppressed.reason) }),
  };
  return { suppressions: [suppression] };
}

function fixesOf({ fix }: FindingReport, context: RenderContext): Pick<Result, 'fixes'> {
  if (fix === null || fix.edits.length === 0) return {};
  const changes: Fix['artifactChanges'] = [];
  for (const [path, edits] of groupBy(fix.edits, (edit) => edit.file)) {
    const ordered = [...edits].sort((a, b) => a.start.offset - b.start.offset || a.end.offset - b.end.offset);
    changes.push({
      artifactLocation: artifactOf(path, context),
      replacements: ordered.map(({ start, end, text }) => ({
        deletedRegion: regionOf(start, end),
        insertedContent: { text },
      })),
    });
  }
  return { fixes: [{ description: { text: plain(fix.title) || 'Fix' }, artifactChanges: changes }] };
}

function notificationOf(
  notice: Notice,
  ruleIndexes: ReadonlyMap<string, number>,
  context: RenderContext,
): Notification {
  const { level, message, ruleId, file, line } = notice;
  const index = ruleId === null ? undefined : ruleIndexes.get(ruleId);
  const location = (path: string): Location => ({
    physicalLocation: {
      artifactLocation: artifactOf(path, context),
      ...(line === null ? {} : { region: { startLine: line } }),
    },
  });
  return {
    level: LEVELS[level],
    message: { text: cleanMessage(plain(message)) || 'Unknown' },
    ...(file === null ? {} : { locations: [location(file)] }),
    ...(ruleId === null ? {} : { associatedRule: { id: ruleId, ...(index === undefined ? {} : { index }) } }),
  };
}

function memoize<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      known.set(key, value);
    }
    return value;
  };
}
