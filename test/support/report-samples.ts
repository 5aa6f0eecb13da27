import { LINE_IDS, type LineId } from '../../src/coder/releases.ts';
import { countFindings } from '../../src/report/findings.ts';
import { fingerprintAll } from '../../src/report/fingerprint.ts';
import { createContext, type RenderContext, type RuleMetadata } from '../../src/report/format.ts';
import type {
  FactsReport,
  FindingReport,
  Report,
  Status,
  TemplateReport,
  VerdictReport,
} from '../../src/report/report.ts';
import type { Effect } from '../../src/rule.ts';
import { SourceFile } from '../../src/source/source-file.ts';

const DOCS = 'https://github.com/tasks-lint/tasks-lint/blob/main/rules';
const NO_FACTS: FactsReport = { aiTasks: [], taskData: [], promptParameters: [], agentModules: [] };

const LEGACY_MAIN = `terraform {
  required_providers {
    coder = {
      source  = "coder/coder"
      version = "~> 2.9"
    }
  }
}

data "coder_parameter" "ai_prompt" {
  name    = "AI Prompt"
  type    = "string"
  default = ""
  mutable = true
}

resource "coder_agent" "main" {
  arch = "amd64"
  os   = "linux"
  env = {
    TASK_PROMPT = data.coder_parameter.ai_prompt.value
  }
}

resource "coder_app" "preview" {
  agent_id = coder_agent.main.id
  slug     = "preview"
  url      = "http://localhost:3000"
}

resource "coder_ai_task" "task" {
  count = data.coder_workspace.me.start_count

  sidebar_app {
    id = coder_app.preview.id
  }
}
`;

const SPLIT_TASKS = `resource "coder_ai_task" "task" {
  count  = data.external.gate.result.enabled == "yes" ? 1 : 0
  app_id = module.agent.task_app_id
}
`;

const BROKEN_MAIN = `resource "coder_agent" "main" {
  arch = "amd64"
  os   = 
}
`;

/** The files of all samples, by the path that the reports use. */
const SOURCES: Readonly<Record<string, string>> = {
  'templates/docker-claude/main.tf': LEGACY_MAIN,
  'templates/kubernetes/tasks.tf': SPLIT_TASKS,
  'templates/broken/main.tf': BROKEN_MAIN,
};

/** The rules of a run, some of which find nothing in the samples. */
export const RULES: readonly RuleMetadata[] = [
  rule('prompt/parameter-never-filled', 'An "AI Prompt" parameter that Coder no longer fills.', 'error'),
  rule('provider/constraint-too-old', 'A provider constraint that admits no release with app_id.', 'warning'),
  rule('security/token-in-env', 'A secret written into the environment of an agent.', 'error'),
  rule('task/count-undecided', 'A coder_ai_task whose count the files do not decide.', 'warning'),
  rule('task/sidebar-app-deprecated', 'A coder_ai_task that names its app in sidebar_app.', 'warning'),
  rule('template/syntax', 'A file that Terraform cannot read.', 'error'),
];

function rule(id: string, summary: string, level: RuleMetadata['level'] & string): RuleMetadata {
  return { id, summary, docs: docsOf(id), help: `# ${id}\n\n${summary}\n`, level };
}

function docsOf(id: string): string {
  return `${DOCS}/${id}.md`;
}

/** A place in a sample file: that of the first occurrence of a text. */
export function place(file: string, text: string, source: string | undefined = SOURCES[file]) {
  const sourceFile = new SourceFile(file, source ?? '');
  const at = sourceFile.text.indexOf(text);
  if (at === -1) throw new Error(`${file} does not contain ${JSON.stringify(text)}`);
  return { file, start: sourceFile.positionAt(at), end: sourceFile.positionAt(at + text.length) };
}

/** One effect on the lines from one to another, both included. */
function effectOn(effect: Effect, from: LineId, to: LineId = from): { line: LineId; effect: Effect }[] {
  return LINE_IDS.slice(LINE_IDS.indexOf(from), LINE_IDS.indexOf(to) + 1).map((line) => ({ line, effect }));
}

type FindingParts = Partial<FindingReport> &
  Pick<FindingReport, 'ruleId' | 'message' | 'file' | 'start' | 'end'>;

/** A finding with what is left out filled in. */
export function finding(parts: FindingParts): FindingReport {
  return {
    messageId: 'found',
    level: 'error',
    advice: '',
    address: null,
    effects: [],
    related: [],
    fix: null,
    fingerprint: '',
    suppressed: null,
    docs: docsOf(parts.ruleId),
    ...parts,
  };
}

/** A verdict from one status per line, oldest first, each with its cause. */
export function verdict(
  generation: VerdictReport['generation'],
  capableOn: string | null,
  statuses: readonly (readonly [Status, ...string[]])[],
): VerdictReport {
  const lines = LINE_IDS.map((line, index) => {
    const [status, ...because] = statuses[index] ?? (['unknown'] as const);
    const listed = status === 'unknown' ? null : status !== 'not-capable' && status !== 'import-fails';
    return { line, listed, status, because };
  });
  return { generation, lines, capableOn };
}

/** A template whose findings get the fingerprints that the engine would give them. */
export function template(
  parts: Partial<TemplateReport> & Pick<TemplateReport, 'root' | 'verdict'>,
): TemplateReport {
  const findings = parts.findings ?? [];
  const fingerprints = fingerprintAll(
    findings.map(({ ruleId, messageId, file, address, start, end }) => ({
      ruleId,
      messageId,
      path: file.slice(parts.root.length + 1),
      address,
      text: (SOURCES[file] ?? '').slice(start.offset, end.offset),
    })),
  );
  return {
    facts: NO_FACTS,
    ...parts,
    findings: findings.map((each, index) => ({ ...each, fingerprint: fingerprints[index] as string })),
  };
}

/** A report on templates, with its summary counted. */
export function report(templates: readonly TemplateReport[], target = '>=2.28 <2.37'): Report {
  const inTarget = (line: LineId) => line !== '2.24-2.27' && line !== '>=2.37';
  const isCapable = ({ verdict: { lines } }: TemplateReport) =>
    lines.filter(({ line }) => inTarget(line)).every(({ status }) => status === 'capable');
  return {
    formatVersion: 1,
    tool: { name: 'tasks-lint', version: '0.1.0' },
    target,
    templates,
    summary: {
      templates: templates.length,
      capable: templates.filter(isCapable).length,
      ...countFindings(templates),
    },
  };
}

/** A template in the shape of Coder 2.27: errors, warnings, related places and fixes of both kinds. */
export const legacy: TemplateReport = template({
  root: 'templates/docker-claude',
  verdict: verdict('legacy', '>=2.24 <2.30', [
    ['capable'],
    ['capable'],
    ['prompt-lost', 'prompt/parameter-never-filled'],
    ['prompt-lost', 'prompt/parameter-never-filled'],
    ['prompt-lost', 'prompt/parameter-never-filled'],
    ['prompt-lost', 'prompt/parameter-never-filled'],
    ['not-capable'],
  ]),
  facts: {
    aiTasks: [
      {
        address: 'coder_ai_task.task',
        definedBy: 'template',
        module: null,
        appId: false,
        sidebarApp: true,
        plannedAtImport: 1,
      },
    ],
    taskData: [],
    promptParameters: [{ address: 'data.coder_parameter.ai_prompt', definedBy: 'template', references: 1 }],
    agentModules: [],
  },
  findings: [
    finding({
      ruleId: 'provider/constraint-too-old',
      level: 'warning',
      message: 'The constraint "~> 2.9" on coder/coder admits releases without app_id and coder_task.',
      advice: 'Raise it to "~> 2.13".',
      ...place('templates/docker-claude/main.tf', '"~> 2.9"'),
      effects: effectOn('deprecated', '2.28-2.29', '2.36'),
      fix: {
        title: 'Raise the constraint to "~> 2.13"',
        safety: 'safe',
        edits: [{ ...place('templates/docker-claude/main.tf', '"~> 2.9"'), text: '"~> 2.13"' }],
      },
    }),
    finding({
      ruleId: 'prompt/parameter-never-filled',
      message:
        'The parameter "AI Prompt" (data.coder_parameter.ai_prompt) is no longer filled with the prompt of a task, so the agent gets its default.',
      advice: 'Read the prompt from data.coder_task.me.prompt and remove the parameter.',
      address: 'data.coder_parameter.ai_prompt',
      ...place('templates/docker-claude/main.tf', 'data "coder_parameter" "ai_prompt"'),
      effects: effectOn('prompt-lost', '2.30-2.31', '2.36'),
      related: [
        {
          ...place('templates/docker-claude/main.tf', 'data.coder_parameter.ai_prompt.value'),
          text: 'the agent takes its prompt from here',
        },
      ],
      fix: {
        title: 'Read the prompt from coder_task',
        safety: 'review',
        edits: [
          {
            ...place('templates/docker-claude/main.tf', 'data "coder_parameter" "ai_prompt"'),
            text: 'data "coder_task" "me"',
          },
          {
            ...place('templates/docker-claude/main.tf', 'data.coder_parameter.ai_prompt.value'),
            text: 'data.coder_task.me.prompt',
          },
        ],
      },
    }),
    finding({
      ruleId: 'task/sidebar-app-deprecated',
      level: 'warning',
      message: 'coder_ai_task.task names its app in sidebar_app, which Coder 2.28 replaced.',
      advice: 'Write app_id = coder_app.preview.id instead.',
      address: 'coder_ai_task.task',
      ...place('templates/docker-claude/main.tf', 'sidebar_app {\n    id = coder_app.preview.id\n  }'),
      effects: effectOn('deprecated', '2.28-2.29', '2.36'),
      fix: {
        title: 'Replace sidebar_app by app_id',
        safety: 'safe',
        edits: [
          {
            ...place('templates/docker-claude/main.tf', 'sidebar_app {\n    id = coder_app.preview.id\n  }'),
            text: 'app_id = coder_app.preview.id',
          },
        ],
      },
    }),
  ],
});

/** A template that is right wherever Tasks exist; its one finding is suppressed in the source. */
export const current: TemplateReport = template({
  root: 'templates/kubernetes',
  verdict: verdict('current', '>=2.28 <2.34', [
    ['import-fails'],
    ['capable'],
    ['capable'],
    ['capable'],
    ['unknown', 'task/count-undecided'],
    ['unknown', 'task/count-undecided'],
    ['not-capable'],
  ]),
  facts: {
    aiTasks: [
      {
        address: 'module.agent.coder_ai_task.task',
        definedBy: 'registry-module',
        module: {
          address: 'module.agent',
          source: 'registry.coder.com/coder/claude-code/coder',
          version: '4.0.0',
        },
        appId: true,
        sidebarApp: false,
        plannedAtImport: null,
      },
    ],
    taskData: [{ address: 'data.coder_task.me', references: 2 }],
    promptParameters: [],
    agentModules: [
      {
        address: 'module.agent',
        source: 'registry.coder.com/coder/claude-code/coder',
        version: '~> 4.0',
        resolved: '4.2.1',
        tasks: 'exports-app-id',
        promptInput: 'ai_prompt',
      },
    ],
  },
  findings: [
    finding({
      ruleId: 'task/count-undecided',
      level: 'info',
      message:
        'Whether coder_ai_task.task is planned at import depends on data.external.gate, which only a plan knows.',
      advice: 'Let count depend on variables with defaults alone.',
      address: 'coder_ai_task.task',
      ...place('templates/kubernetes/tasks.tf', 'data.external.gate.result.enabled == "yes" ? 1 : 0'),
      effects: effectOn('advice', '2.34-2.35', '2.36'),
    }),
    finding({
      ruleId: 'security/token-in-env',
      message: 'module.agent is given a token.',
      advice: 'Pass it as a secret.',
      address: 'module.agent',
      ...place('templates/kubernetes/tasks.tf', 'module.agent.task_app_id'),
      effects: effectOn('degraded', '2.24-2.27', '>=2.37'),
      suppressed: { reason: 'a test token without rights' },
    }),
  ],
});

/** A template that Terraform cannot read. */
export const broken: TemplateReport = template({
  root: 'templates/broken',
  verdict: verdict(
    'orphan',
    null,
    LINE_IDS.map((): [Status, string] => ['import-fails', 'template/syntax']),
  ),
  findings: [
    finding({
      ruleId: 'template/syntax',
      message:
        'Invalid expression: Expected the start of an expression, but found an invalid expression token.',
      advice: 'Give os a value.',
      ...place('templates/broken/main.tf', '\n}'),
      effects: effectOn('import-fails', '2.24-2.27', '>=2.37'),
    }),
  ],
  notes: [{ path: 'templates/broken/main.tf', text: '12 more findings of template/syntax are left out.' }],
});

/** A template that has nothing to do with Tasks. */
export const plain: TemplateReport = template({
  root: 'templates/plain',
  verdict: verdict(
    'none',
    null,
    LINE_IDS.map((): [Status] => ['not-capable']),
  ),
});

/** A report on all samples. */
export const allSamples: Report = report([legacy, current, broken, plain]);

/** A template whose author attacks whoever reads the report. */
export const HOSTILE_TEXT =
  '::set-output name=a::b ::add-mask::c ##[error]d \u001b[31mred\u001b[0m \u001b]0;title\u0007 ]]> <script>alert("&")</script> | `x` @octocat #12 https://evil.example \u202eltr\u202c\u200b \u0000\u0085\ud800 %0A\r\n::stop-commands::x';

const HOSTILE_FILE = 'templates/hostile/a%b:c,d|`]]>\u001b[2J\n::add-mask::x.tf';

/** The source of the hostile template, wide and unseen characters before the span included. */
const HOSTILE_SOURCE = `\ufeff# 漢字 ##[group] ${HOSTILE_TEXT.slice(0, 60)}\n\tname = "é😀\u202e${'x'.repeat(3000)}" # \ud800\n::add-mask::y\n`;

const hostilePlace = place(HOSTILE_FILE, '"é😀\u202e', HOSTILE_SOURCE);

/** A report on the hostile template. */
export const hostile: Report = report([
  template({
    root: 'templates/hostile',
    verdict: verdict(
      'current',
      null,
      LINE_IDS.map((): [Status, string] => ['build-fails', HOSTILE_TEXT]),
    ),
    findings: [
      finding({
        ruleId: 'task/count-undecided',
        message: HOSTILE_TEXT,
        advice: HOSTILE_TEXT,
        address: HOSTILE_TEXT,
        ...hostilePlace,
        effects: effectOn('build-fails', '2.24-2.27', '>=2.37'),
        related: [{ ...hostilePlace, text: `${HOSTILE_TEXT}](https://evil.example)` }],
        fix: { title: HOSTILE_TEXT, safety: 'safe', edits: [{ ...hostilePlace, text: HOSTILE_TEXT }] },
      }),
      finding({
        ruleId: 'task/count-undecided',
        level: 'warning',
        message: 'huge '.repeat(100_000),
        ...hostilePlace,
        suppressed: null,
      }),
      finding({
        ruleId: 'task/count-undecided',
        message: 'hidden',
        ...hostilePlace,
        suppressed: { reason: HOSTILE_TEXT },
      }),
    ],
    notes: [{ path: HOSTILE_FILE, text: `--> ${HOSTILE_TEXT} ---` }],
  }),
]);

/** A context that knows the samples' files and rules. */
export function sampleContext(known: Partial<RenderContext> = {}): RenderContext {
  return createContext({
    sources: (path) => (path === HOSTILE_FILE ? HOSTILE_SOURCE : (SOURCES[path] ?? null)),
    rules: RULES,
    ...known,
  });
}
