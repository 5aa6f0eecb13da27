import type { Format } from './format.ts';
import type { Report } from './report.ts';
import { writeJson } from './text.ts';

type KeysOf<T> = T extends readonly (infer Item)[]
  ? KeysOf<Item>
  : T extends object
    ? { [Key in keyof T & string]: Key | KeysOf<T[Key]> }[keyof T & string]
    : never;

/**
 * Every key of the report in the order in which it is written, whatever order the engine built it in. The
 * compiler keeps it complete: a key that is missing here would be missing in the output.
 */
const KEYS = {
  formatVersion: true,
  tool: true,
  name: true,
  target: true,
  templates: true,
  root: true,
  verdict: true,
  generation: true,
  lines: true,
  ruleId: true,
  messageId: true,
  level: true,
  message: true,
  advice: true,
  address: true,
  definedBy: true,
  module: true,
  source: true,
  version: true,
  resolved: true,
  tasks: true,
  promptInput: true,
  appId: true,
  sidebarApp: true,
  plannedAtImport: true,
  references: true,
  title: true,
  safety: true,
  edits: true,
  file: true,
  start: true,
  end: true,
  line: true,
  column: true,
  offset: true,
  listed: true,
  status: true,
  because: true,
  effect: true,
  capableOn: true,
  facts: true,
  aiTasks: true,
  taskData: true,
  promptParameters: true,
  agentModules: true,
  findings: true,
  effects: true,
  related: true,
  text: true,
  fix: true,
  fingerprint: true,
  suppressed: true,
  reason: true,
  docs: true,
  notes: true,
  path: true,
  summary: true,
  capable: true,
  errors: true,
  warnings: true,
  infos: true,
  fixable: true,
} satisfies Record<KeysOf<Report>, true>;

/** The report itself, as schema/report.json describes it. */
export const json: Format = {
  name: 'json',
  render: (report) => writeJson(report, Object.keys(KEYS)),
};
