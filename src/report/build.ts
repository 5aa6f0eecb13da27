import type { Template } from '../coder/template.ts';
import type { Analysis } from '../engine/lint.ts';
import type { Settled } from '../engine/settle.ts';
import type { Finding } from '../rule.ts';
import { type Span, textOf } from '../source/source-file.ts';
import { countFindings } from './findings.ts';
import { fingerprintAll } from './fingerprint.ts';
import type { FactsReport, FindingReport, Report, Summary, TemplateReport } from './report.ts';

/** What the report needs to know about the run. */
interface ReportSettings {
  readonly version: string;
  /** Semver range of Coder versions. */
  readonly target: string;
  /** URL of a rule's page. */
  readonly docs: (ruleId: string) => string;
}

/** The report on one template. */
export function buildTemplateReport(
  analysis: Analysis,
  { findings: settled, omitted }: Settled,
  settings: Pick<ReportSettings, 'docs'>,
): TemplateReport {
  const show = pathShower(analysis);
  const place = (span: Span) => ({
    file: show(span.file.path),
    start: span.file.positionAt(span.start),
    end: span.file.positionAt(span.end),
  });
  const prints = fingerprintAll(
    settled.map(({ finding }) => ({
      ruleId: finding.ruleId,
      messageId: finding.messageId,
      path: pathFromRoot(analysis, finding.at.file.path),
      address: finding.address,
      text: textOf(finding.at),
    })),
  );
  const findings = settled.map(({ finding, level, suppressed }, index): FindingReport => {
    const { ruleId, messageId, message, address } = finding;
    return {
      ruleId,
      messageId,
      level,
      message: message.problem,
      advice: message.advice,
      address,
      ...place(finding.at),
      effects: effectsOf(finding),
      related: finding.related.map(({ span, text }) => ({ ...place(span), text })),
      fix:
        finding.fix === null
          ? null
          : {
              title: finding.fix.title,
              safety: finding.fix.safety,
              edits: finding.fix.edits.map(({ span, text }) => ({ ...place(span), text })),
            },
      fingerprint: prints[index] as string,
      suppressed: suppressed === null ? null : { reason: suppressed.reason },
      docs: settings.docs(ruleId),
    };
  });
  return {
    root: analysis.files.root,
    verdict: analysis.verdict,
    facts: factsOf(analysis.template),
    findings,
    ...(omitted.length === 0
      ? {}
      : {
          notes: omitted.map(({ ruleId, file, count }) => ({
            path: show(file.path),
            text: `${count} more findings of ${ruleId} are left out; lint again when those that are shown are mended.`,
          })),
        }),
  };
}

/** The whole report; `targetLines` decides which templates count as capable. */
export function buildReport(
  templates: readonly TemplateReport[],
  targetLines: readonly string[],
  settings: ReportSettings,
): Report {
  return {
    formatVersion: 1,
    tool: { name: 'tasks-lint', version: settings.version },
    target: settings.target,
    templates,
    summary: summaryOf(templates, targetLines),
  };
}

function summaryOf(templates: readonly TemplateReport[], targetLines: readonly string[]): Summary {
  const isCapable = ({ verdict }: TemplateReport) =>
    verdict.lines
      .filter(({ line }) => targetLines.includes(line))
      .every(({ status }) => status === 'capable');
  return {
    templates: templates.length,
    capable: templates.filter(isCapable).length,
    ...countFindings(templates),
  };
}

function effectsOf(finding: Finding): FindingReport['effects'] {
  return Object.entries(finding.message.effects).map(([line, effect]) => ({
    line,
    effect,
  })) as FindingReport['effects'];
}

function factsOf(template: Template): FactsReport {
  return {
    aiTasks: template.aiTasks.map((task) => {
      const call = task.call?.call ?? task.source?.node.call ?? null;
      const address = task.call?.address ?? task.source?.node.address ?? '';
      return {
        address: task.address,
        definedBy: task.definedBy,
        module: call === null ? null : { address, source: call.source ?? '', version: call.version },
        appId: task.hasAppId,
        sidebarApp: task.hasSidebarApp,
        plannedAtImport: task.planned.count,
      };
    }),
    taskData: template.taskData.map(({ address, references }) => ({
      address,
      references: references.length,
    })),
    promptParameters: template.promptParameters.map(({ address, definedBy, references }) => ({
      address,
      definedBy,
      references: references.length,
    })),
    agentModules: [
      ...template.agentModules.map(({ address, call, resolved, tasks, facts }) => ({
        address,
        source: call.source ?? '',
        version: call.version,
        resolved,
        tasks,
        promptInput: facts?.promptInput ?? null,
      })),
      ...template.unknownAgents.map(({ address, call }) => ({
        address,
        source: call.source ?? '',
        version: call.version,
        resolved: null,
        tasks: 'unknown' as const,
        promptInput: null,
      })),
    ],
  };
}

/** Turns a path of the file tree into one that starts where the template's own path starts. */
export function pathShower({ files }: Pick<Analysis, 'files'>): (path: string) => string {
  const root = files.root === '.' || files.root === '' ? [] : files.root.split('/');
  const folder = files.folder === '' ? [] : files.folder.split('/');
  return (path) => {
    const parts = path.split('/');
    let common = 0;
    while (common < folder.length && parts[common] === folder[common]) common++;
    const up = folder.length - common;
    // Outside the template as many folders are left as there are between it and what they share.
    const base =
      up <= root.length ? root.slice(0, root.length - up) : [...Array(up - root.length).fill('..')];
    return [...base, ...parts.slice(common)].join('/') || '.';
  };
}

function pathFromRoot({ files }: Analysis, path: string): string {
  return pathShower({ files: { ...files, root: '.' } })(path);
}
