import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { DEFAULT_TARGET, linesIn } from '../src/coder/releases.ts';
import { misalignedLines } from '../src/hcl/format.ts';
import { memoryFiles } from '../src/input/memory.ts';
import { migrateTemplate } from '../src/migrate/migrate.ts';
import { createServices, type NodeServices } from '../src/services.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { tries } from './support/tries.ts';

let services: NodeServices;
beforeAll(async () => {
  services = await createServices({ rules, judge: 'all' });
});
afterAll(() => services.close());

const target = linesIn(DEFAULT_TARGET);

/** What of a legacy template may be one way or the other without changing what it means. */
interface Choices {
  readonly label: string;
  readonly isCounted: boolean;
  readonly isIndexed: boolean;
  readonly comment: string;
  readonly order: readonly number[];
  readonly files: readonly number[];
  readonly eol: string;
  readonly bom: boolean;
  readonly use: 'input' | 'local' | 'heredoc' | 'condition';
  readonly agent: 'claude' | 'custom';
  readonly provider: string;
  readonly presets: number;
  readonly isRequired: boolean;
}

const name = fc.constantFrom('ai_prompt', 'prompt', 'AI-Prompt', 'p', 'task_0');

const choices: fc.Arbitrary<Choices> = fc.record({
  label: name,
  isCounted: fc.boolean(),
  isIndexed: fc.boolean(),
  comment: fc.constantFrom('', '# what to do\n', '/* what to do */\n', '// "AI Prompt" = { }\n'),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
  files: fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }),
  eol: fc.constantFrom('\n', '\r\n'),
  bom: fc.boolean(),
  use: fc.constantFrom('input', 'local', 'heredoc', 'condition'),
  agent: fc.constantFrom('claude', 'custom'),
  provider: fc.constantFrom('version = ">= 2.7"', 'version = "~> 2.7.0"', 'version = "2.11.0"', ''),
  presets: fc.nat(2),
  isRequired: fc.boolean(),
});

function templateOf(each: Choices): Map<string, string> {
  const index = each.isIndexed ? '[0]' : '';
  const value = `data.coder_parameter.${each.label}${index}.value`;
  const count = '  count = data.coder_workspace.me.start_count\n';
  const text = {
    input: value,
    local: 'local.prompt',
    heredoc: `<<-EOT\n    Do this:\n    \${${value}}\n  EOT`,
    condition: `${value} == "" ? "wait" : ${value}`,
  }[each.use];
  const agent =
    each.agent === 'claude'
      ? `module "claude" {\n  source = "registry.coder.com/coder/claude-code/coder"\n  version = "3.4.4"\n${each.isCounted ? count : ''}  agent_id = coder_agent.main.id\n  workdir = "/home/coder" # where it works\n  ai_prompt = ${text}\n}`
      : `resource "coder_app" "a" {\n  agent_id = coder_agent.main.id\n  slug = "a"\n  url = "http://localhost:3284"\n}\n\nresource "coder_env" "p" {\n  agent_id = coder_agent.main.id\n  name = "P"\n  value = ${text}\n}\n\nresource "coder_ai_task" "t" {\n  sidebar_app {\n    ${each.comment.trim() === '' ? '' : '# the tab\n    '}id = coder_app.a.id\n  }\n}`;
  const presets = Array.from(
    { length: each.presets },
    (_, at) =>
      `data "coder_workspace_preset" "p${at}" {\n  name = "P${at}"\n${at === 0 ? '  default = true\n' : ''}  parameters = {\n    "AI Prompt" = "" ${at === 0 ? '' : '# nothing'}\n${at === 0 ? '    region = "eu"\n' : ''}  }\n}`,
  );
  const blocks = [
    `terraform {\n  required_providers {\n    coder = {\n      source = "coder/coder"\n      ${each.provider}\n    }\n  }\n}`,
    'data "coder_workspace" "me" {}\ndata "coder_workspace_owner" "me" {}',
    'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n}\n\nresource "null_resource" "compute" {\n  triggers = { token = coder_agent.main.token }\n}',
    `${each.comment}data "coder_parameter" "${each.label}" {\n${each.isIndexed ? '  count = 1\n' : ''}  name = "AI Prompt"\n${each.isRequired ? '' : '  default = ""\n'}  mutable = true\n}\n\ndata "coder_parameter" "region" {\n  name = "region"\n  default = "eu"\n}`,
    agent,
    each.use === 'local' ? `locals {\n  prompt = trimspace(${value})\n}` : 'locals {}',
    presets.join('\n\n'),
  ];
  const files = new Map<string, string>();
  for (const at of each.order) {
    const path = ['main.tf', 'agent.tf', 'more.tf'][each.files[at] as number] as string;
    const old = files.get(path);
    const block = blocks[at] as string;
    if (block !== '') files.set(path, old === undefined ? `${block}\n` : `${old}\n${block}\n`);
  }
  for (const [path, content] of files) {
    files.set(path, (each.bom ? '\ufeff' : '') + content.replace(/\n/g, each.eol));
  }
  return files;
}

describe('migrating any variation', () => {
  it('ends in a current template that stays as it is', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(choices, async (each) => {
        const before = templateOf(each);
        const result = await migrateTemplate(memoryFiles(before), services, { target });
        expect(result.before.template.syntaxProblems).toEqual([]);
        expect(result.after.failures).toEqual([]);
        expect(result.after.template.syntaxProblems).toEqual([]);
        expect(result.manual.filter(({ blocking }) => blocking)).toEqual([]);
        expect(result.complete).toBe(true);
        expect(result.after.verdict.generation).toBe('current');
        const after = new Map([...before, ...result.changed]);
        for (const [path, text] of after) {
          const old = before.get(path) as string;
          expect(text.startsWith('\ufeff')).toBe(old.startsWith('\ufeff'));
          expect(text.replace(/\r\n/g, '').includes('\n')).toBe(each.eol === '\n' && text.includes('\n'));
          if (misalignedLines(new SourceFile(path, old)).length === 0)
            expect(misalignedLines(new SourceFile(path, text))).toEqual([]);
        }
        const all = [...after.values()].join('\n');
        expect(all.replace(/(#|\/\/|\/\*).*/g, '')).not.toContain('AI Prompt');
        expect(all).not.toContain('sidebar_app');
        const again = await migrateTemplate(memoryFiles(after), services, { target });
        expect([...again.changed]).toEqual([]);
      }),
      tries(60),
    );
  });
});
