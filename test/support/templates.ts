import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FactsReport, LineVerdict, TemplateReport, VerdictReport } from '../../src/report/report.ts';

export const TEMPLATES_FOLDER = fileURLToPath(new URL('../../fixtures/templates/', import.meta.url));

/** What `expected.json` says by reasoning from Coder's sources, never from the program's output. */
interface ExpectedTemplate {
  /** What the template shows, and why the verdict is what it is. */
  readonly why: string;
  /** Folder of the template below the fixture, where modules lie beside it; by default the fixture itself. */
  readonly template?: string;
  readonly verdict: Omit<VerdictReport, 'lines'> & {
    /** `because` only where the causes are certain. */
    readonly lines: readonly (Omit<LineVerdict, 'because'> & Partial<Pick<LineVerdict, 'because'>>)[];
  };
  readonly facts: FactsReport;
}

/** One folder below fixtures/templates: a whole template as somebody would write it. */
export interface TemplateCase {
  readonly name: string;
  /** Absolute path of the fixture; the template itself may lie below it. */
  readonly folder: string;
  /** Null when nobody wrote it down. */
  readonly expected: ExpectedTemplate | null;
}

/** All templates in order of their names. */
export function readTemplateCases(): TemplateCase[] {
  return readdirSync(TEMPLATES_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(TEMPLATES_FOLDER, name);
      const path = join(folder, 'expected.json');
      const expected = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
      return { name, folder, expected };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The absolute path that a user would lint. */
export function templatePath({ folder, expected }: TemplateCase): string {
  return join(folder, expected?.template ?? '');
}

/** The verdict without the causes that are not expected to be any. */
export function comparableVerdict(
  verdict: TemplateReport['verdict'],
  expected: ExpectedTemplate['verdict'],
): ExpectedTemplate['verdict'] {
  const lines = verdict.lines.map(({ because, ...line }, index) =>
    expected.lines[index]?.because === undefined ? line : { ...line, because },
  );
  return { ...verdict, lines };
}

/** The facts in order of their addresses, since the report promises no order. */
export function sortedFacts(facts: FactsReport): FactsReport {
  return {
    aiTasks: byAddress(facts.aiTasks),
    taskData: byAddress(facts.taskData),
    promptParameters: byAddress(facts.promptParameters),
    agentModules: byAddress(facts.agentModules),
  };
}

function byAddress<T extends { readonly address: string }>(facts: readonly T[]): T[] {
  return [...facts].sort((a, b) => (a.address < b.address ? -1 : 1));
}
