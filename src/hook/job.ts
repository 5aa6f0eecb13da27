import { linesIn } from '../coder/releases.ts';
import { NO_CONFIG } from '../engine/config.ts';
import { type Analysis, analyze } from '../engine/lint.ts';
import { settle } from '../engine/settle.ts';
import type { ArchiveLimits } from '../input/archive.ts';
import type { FileNote, TemplateFiles } from '../input/template-files.ts';
import { buildReport, buildTemplateReport } from '../report/build.ts';
import type { Report } from '../report/report.ts';
import type { NodeServices } from '../services.ts';
import { docsUrl, VERSION } from '../version.ts';
import { describeManualStep, type ManualStepAnswer, type Migrate } from './migration.ts';
import { type Policy, reasonsAgainst } from './policy.ts';
import { type Problem, ProblemError } from './problem.ts';
import { openUpload, packChanged, type Upload } from './upload.ts';

/** What a thread is to do with an upload. */
export interface HookJob {
  readonly action: 'analyze' | 'migrate';
  readonly upload: Upload;
  /** Semver range of Coder versions. */
  readonly target: string;
  /** Each must be met, or the answer is a refusal. */
  readonly policies: readonly Policy[];
  /** Whether a migrated archive is wanted by itself instead of in JSON. */
  readonly wantsTar: boolean;
}

/** What came of a job; a body is ready to be sent. */
export type HookResult =
  | { readonly body: string | Uint8Array<ArrayBuffer>; readonly type: string }
  | { readonly problem: Problem };

/** What jobs need besides the upload. */
interface JobSettings {
  readonly services: NodeServices;
  readonly limits: Omit<ArchiveLimits, 'archiveBytes'>;
  /** Null where templates cannot be migrated. */
  readonly migrate: Migrate | null;
  /** Longest body that is sent, in UTF-16 units. */
  readonly maxAnswer: number;
}

/** Answer to an analysis: the JSON report, and what was odd about the upload. */
type AnalyzeAnswer = Report & { readonly notes: readonly FileNote[] };

/** Answer to a migration. */
interface MigrateAnswer {
  /** On the template as it was migrated. */
  readonly report: Report;
  /** Unified diff; empty when nothing changes. */
  readonly diff: string;
  /** Whether the migrated template works on every line of the target without a manual step that blocks. */
  readonly complete: boolean;
  readonly manual: readonly ManualStepAnswer[];
  /** The migrated upload as a tar archive in base64. */
  readonly archive: string;
  readonly notes: readonly FileNote[];
}

/** Does a job; every upload has a result, and what is thrown is a defect of the program. */
export async function runJob(job: HookJob, settings: JobSettings): Promise<HookResult> {
  try {
    return await (job.action === 'analyze' ? analyzeUpload(job, settings) : migrateUpload(job, settings));
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    // The stack is as deep as a hostile file is nested, not as the program is wrong.
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      return { problem: { name: 'memory-limit', detail: 'The template is nested too deeply.' } };
    }
    throw error;
  }
}

async function analyzeUpload(job: HookJob, settings: JobSettings): Promise<HookResult> {
  const { files } = await openUpload(job.upload, settings.limits);
  const analysis = await analyze(files, settings.services, linesIn(job.target));
  const report = reportOn(analysis, job, settings);
  const notes = notesOn(report, files);
  const refusal = refuse(report, job, notes);
  const answer: AnalyzeAnswer = { ...report, notes };
  return refusal ?? send(answer, settings);
}

async function migrateUpload(job: HookJob, settings: JobSettings): Promise<HookResult> {
  const { migrate, services } = settings;
  if (migrate === null) {
    throw new ProblemError('no-migration', 'Migration is not part of this version of the program.');
  }
  const { files, content } = await openUpload(job.upload, settings.limits);
  const { after, changed, diff, manual, complete } = await migrate(files, services, {
    target: linesIn(job.target),
  });
  const report = reportOn(after, job, settings);
  const notes = notesOn(report, files);
  const refusal = refuse(report, job, notes);
  if (refusal !== null) return refusal;
  const tar = await packChanged(content, changed);
  if (job.wantsTar) return { body: new Uint8Array(tar), type: 'application/x-tar' };
  const answer: MigrateAnswer = {
    report,
    diff,
    complete,
    manual: manual.map(describeManualStep),
    archive: Buffer.from(tar.buffer, tar.byteOffset, tar.length).toString('base64'),
    notes,
  };
  return send(answer, settings);
}

/** What is odd about an upload, and what the report on it leaves out. */
function notesOn({ templates }: Report, files: TemplateFiles): FileNote[] {
  return [...files.notes, ...templates.flatMap(({ notes = [] }) => notes)];
}

function reportOn(analysis: Analysis, { target }: HookJob, { services: { rules } }: JobSettings): Report {
  const lines = linesIn(target);
  const [failure] = analysis.failures;
  // A rule that broke off could have been the one that refuses the template.
  if (failure !== undefined) throw new Error(`The rule ${failure.ruleId} failed: ${failure.error}`);
  // The configuration of a template is its author's word; here the server's counts.
  const settled = settle(analysis, {
    target: lines,
    config: NO_CONFIG,
    rules,
    only: null,
    pathOf: (path) => path,
  });
  const report = buildTemplateReport(analysis, settled, { docs: docsUrl });
  return buildReport([report], lines, { version: VERSION, target, docs: docsUrl });
}

function refuse(report: Report, { policies }: HookJob, notes: readonly FileNote[]): HookResult | null {
  const [template] = report.templates;
  if (template === undefined) return null;
  for (const policy of policies) {
    const reasons = reasonsAgainst(template, policy);
    if (reasons.length === 0) continue;
    const { coderVersion } = policy;
    return {
      problem: {
        name: 'not-capable',
        detail: `The template is not Task-capable on every Coder release of "${coderVersion}".`,
        members: { coderVersion, reasons, verdict: template.verdict, notes: notes.slice(0, MAX_NOTES) },
      },
    };
  }
  return null;
}

const MAX_NOTES = 100;

function send(answer: AnalyzeAnswer | MigrateAnswer, { maxAnswer }: JobSettings): HookResult {
  const body = JSON.stringify(answer);
  if (body.length > maxAnswer) {
    throw new ProblemError('too-large', 'There is more to say about this upload than fits into an answer.');
  }
  return { body, type: 'application/json' };
}
