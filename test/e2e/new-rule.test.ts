import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git, ROOT } from '../support/cli.ts';

/*
 * Follows the checklist of CONTRIBUTING.md for a new rule in a copy of the repository, then leaves out one
 * step after the other.
 */
const ID = 'task/called-checklist';

const CASE = (reason: string, name: string) => `# ${reason}
resource "coder_ai_task" "${name}" {
  app_id = coder_app.web.id
}

resource "coder_app" "web" {
  agent_id = coder_agent.main.id
  slug     = "web"
}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
}
`;

const RULE = `rules/${ID}.ts`;
const PAGE = `rules/${ID}.md`;
const FOUND = `fixtures/rules/${ID}/by-its-label`;
const SILENT = `fixtures/rules/${ID}/ok-other-label`;

/** What steps 2 to 4 have a person write. */
const WRITTEN: Readonly<Record<string, string>> = {
  [RULE]: `import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: '${ID}',
  summary: 'Finds tasks that are called checklist.',
  messages: {
    called: ({ address }: { address: string }) => ({
      problem: \`\${address} is called after a list.\`,
      advice: 'Call it after what it does.',
      effects: since({ '2.28': 'deprecated', '2.37': null }),
    }),
  },
  check(template, { report }) {
    for (const { address, at } of template.aiTasks) {
      if (address.endsWith('.checklist')) report({ message: 'called', data: { address }, at, address });
    }
  },
});
`,
  [`${FOUND}/main.tf`]: CASE('A task by that name.', 'checklist'),
  [`${SILENT}/main.tf`]: CASE('A task by another name.', 'task'),
  [PAGE]: `## What it finds

A task called checklist.

\`\`\`hcl
resource "coder_ai_task" "checklist" {
}
\`\`\`

\`\`\`text
\`\`\`

## Why

It says nothing.

## How to fix

\`\`\`diff
-resource "coder_ai_task" "checklist" {
+resource "coder_ai_task" "task" {
 }
\`\`\`

## When it stays silent

- Tasks of other names.
`,
};

const base = mkdtempSync(join(tmpdir(), 'tasks-lint-new-rule-'));
const copy = join(base, 'repository');
afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeAll(() => {
  const files = git(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], ROOT).split('\0');
  for (const path of files) {
    if (path === '' || path.startsWith('dist/')) continue;
    cpSync(join(ROOT, path), join(copy, path));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const [path, text] of Object.entries(WRITTEN)) write(path, text);
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

function read(path: string): string {
  return readFileSync(join(copy, path), 'utf8');
}

function node(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
}

/** Names of the tests of rules that fail, of those that are named so; with `UPDATE` they first write what they compare with. */
function failures(name = '.', env: Readonly<Record<string, string>> = {}): string[] {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const { stderr } = node(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      'test/rules.test.ts',
      'test/generated.test.ts',
      '--reporter=json',
      `--testNamePattern=${name}`,
      `--outputFile=${report}`,
    ],
    env,
  );
  let parsed: {
    numPassedTests: number;
    testResults: { assertionResults: { fullName: string; status: string }[] }[];
  };
  try {
    parsed = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    throw new Error(stderr);
  }
  expect(parsed.numPassedTests).toBeGreaterThan(0);
  return parsed.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
}

describe('a rule written by the checklist', { timeout: 600_000 }, () => {
  it('is everywhere after one update', () => {
    // The tests as they stand know that the rule is there and what it lacks.
    expect(failures()).toEqual(
      expect.arrayContaining([
        'what is generated from the rules rules/index.ts lists them in order',
        'what is generated from the rules rules/README.md lists them by topic',
        'what is generated from the rules the README has a table of them',
        `${ID} has a page whose head says what the code says`,
        `${ID} says about the example on its page what the page shows`,
        `${ID} by-its-label`,
        `${ID} ok-other-label`,
      ]),
    );
    expect(failures('.', { UPDATE: '1' })).toEqual([]);
    expect(failures()).toEqual([]);
    expect(read('rules/index.ts')).toContain(`from './${ID}.ts';`);
    expect(read('README.md')).toContain(`[${ID}](${PAGE})`);
    expect(read('rules/README.md')).toContain(ID);
    expect(read(`${FOUND}/expected.txt`)).toMatch(/^main\.tf:2:.* called /);
    expect(read(`${SILENT}/expected.txt`)).toBe('');
    expect(read(PAGE)).toMatch(new RegExp(`^# ${ID}\\n\\nFinds tasks that are called checklist\\.`));
    expect(read(PAGE)).toContain('is called after a list');
  });

  it('passes the types and the style', () => {
    expect(node(['node_modules/typescript/bin/tsc', '--noEmit']).stdout).toBe('');
    const { status, stderr } = node([
      'node_modules/@biomejs/biome/bin/biome',
      'check',
      'rules',
      '--vcs-enabled=false',
    ]);
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('is in the program', () => {
    expect(node(['bin/compile.js']).status).toBe(0);
    const cli = (...args: string[]) => node(['bin/tasks-lint.js', ...args]).stdout;
    expect(cli('rules')).toContain(ID);
    expect(cli('explain', ID)).toContain('Call it after what it does');
    expect(cli('lint', '--only', ID, FOUND)).toContain('is called after a list');
  });

  it.each([
    ['a page', PAGE, `${ID} has a page with four sections`],
    ['an ok- case', SILENT, `${ID} has a case that finds something and one that does not`],
    ['a case with a finding', FOUND, `${ID} has a case for each of its messages`],
  ])('that lacks %s is told of it', (_, path, told) => {
    const kept = join(base, 'kept');
    cpSync(join(copy, path), kept, { recursive: true });
    rmSync(join(copy, path), { recursive: true });
    expect(failures(ID)).toContain(told);
    cpSync(kept, join(copy, path), { recursive: true });
    rmSync(kept, { recursive: true });
  });
});
