import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { compare } from 'semver';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCatalog } from '../src/cli/catalog.ts';
import {
  admittedVersions,
  type Catalog,
  type CatalogModule,
  factsOf,
  type ModuleFacts,
  newestTasksVersion,
  placeOfVersion,
  resolveVersion,
  tasksMode,
} from '../src/coder/catalog/catalog.ts';
import { loadRegistryCatalog } from '../src/coder/catalog/registry.ts';
import { parseConstraint } from '../src/terraform/constraint.ts';
import { agentModuleIds } from './support/catalog.ts';

let catalog: Catalog;

beforeAll(async () => {
  catalog = await loadRegistryCatalog();
});

function moduleOf(id: string): CatalogModule {
  const module = catalog.modules[id];
  if (module === undefined) throw new Error(`the catalogue has no ${id}`);
  return module;
}

/** The highest of the lower bounds, as `2.13`. */
function need(constraints: readonly (string | null)[]): string {
  const bounds = constraints.flatMap((text) => {
    const parsed = text === null ? { error: '' } : parseConstraint(text);
    return 'error' in parsed || parsed.lowest === null ? [] : [parsed.lowest];
  });
  const [highest = '0.0.0'] = bounds.sort(compare).reverse();
  return highest.split('.').slice(0, 2).join('.');
}

/**
 * What was read by hand from the release tags; the least provider is that of nested modules too, such as the
 * 2.13 of coder-utils in claude-code and codex 5. Columns: module, versions,
 * tasks mode, nested agentapi, prompt input, required inputs besides agent_id, least provider, Terraform.
 */
const ROWS = `
coder/agentapi             | >= 1.0.0, <= 1.2.0 | defines-task   | -     | -           | AGENTAPI                   | 2.7  | 1.0
coder/agentapi             | = 2.0.0            | exports-app-id | -     | -           | AGENTAPI                   | 2.12 | 1.0
coder/agentapi             | >= 2.1.0, <= 2.4.0 | exports-app-id | -     | -           | AGENTAPI                   | 2.13 | 1.0
coder/claude-code          | >= 1.3.0, <= 1.4.0 | none           | -     | -           | -                          | 2.5  | 1.0
coder/claude-code          | >= 2.0.0, <= 2.2.0 | defines-task   | -     | -           | -                          | 2.7  | 1.0
coder/claude-code          | >= 3.0.0, <= 3.0.3 | defines-task   | 1.1.1 | ai_prompt   | workdir                    | 2.7  | 1.0
coder/claude-code          | >= 3.1.0, <= 3.4.4 | defines-task   | 1.2.0 | ai_prompt   | workdir                    | 2.7  | 1.0
coder/claude-code          | >= 4.0.0, <= 4.7.1 | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.0
coder/claude-code          | >= 4.7.2, <= 4.7.5 | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.9
coder/claude-code          | >= 4.8.0, <= 4.8.2 | exports-app-id | 2.2.0 | ai_prompt   | workdir                    | 2.13 | 1.9
coder/claude-code          | = 4.9.0            | exports-app-id | 2.3.0 | ai_prompt   | workdir                    | 2.13 | 1.9
coder/claude-code          | >= 4.9.1, <= 4.9.2 | exports-app-id | 2.4.0 | ai_prompt   | workdir                    | 2.13 | 1.9
coder/claude-code          | >= 5.0.0, <= 5.4.0 | none           | -     | -           | -                          | 2.13 | 1.9
coder-labs/codex           | >= 1.0.0, <= 2.0.0 | defines-task   | 1.1.1 | ai_prompt   | folder                     | 2.7  | 1.0
coder-labs/codex           | >= 2.1.0, <= 2.1.1 | defines-task   | 1.2.0 | ai_prompt   | folder                     | 2.7  | 1.0
coder-labs/codex           | >= 3.0.0, <= 3.1.1 | defines-task   | 1.2.0 | ai_prompt   | workdir                    | 2.7  | 1.0
coder-labs/codex           | = 4.0.0            | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.0
coder-labs/codex           | >= 4.1.0, <= 4.1.2 | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.9
coder-labs/codex           | = 4.2.0            | exports-app-id | 2.2.0 | ai_prompt   | workdir                    | 2.13 | 1.9
coder-labs/codex           | >= 4.3.0, <= 4.3.1 | exports-app-id | 2.3.0 | ai_prompt   | workdir                    | 2.13 | 1.9
coder-labs/codex           | >= 5.0.0, <= 5.3.0 | none           | -     | -           | -                          | 2.13 | 1.9
coder/goose                | >= 1.1.1, <= 1.3.0 | none           | -     | -           | -                          | *    | 1.0
coder/goose                | >= 2.0.0, <= 2.0.1 | defines-task   | 1.0.0 | -           | goose_model goose_provider | 2.7  | 1.0
coder/goose                | = 2.1.0            | defines-task   | 1.1.0 | -           | goose_model goose_provider | 2.7  | 1.0
coder/goose                | >= 2.1.1, <= 2.1.2 | defines-task   | 1.1.1 | -           | goose_model goose_provider | 2.7  | 1.0
coder/goose                | >= 2.2.0, <= 2.2.1 | defines-task   | 1.2.0 | -           | goose_model goose_provider | 2.7  | 1.0
coder/goose                | >= 3.0.0, <= 3.0.1 | exports-app-id | 2.0.0 | -           | goose_model goose_provider | 2.12 | 1.0
coder/aider                | >= 1.0.0, <= 1.1.2 | none           | -     | task_prompt | -                          | *    | 1.0
coder/aider                | >= 2.0.0, <= 2.0.1 | defines-task   | 1.2.0 | ai_prompt   | model                      | 2.7  | 1.0
coder/amazon-q             | >= 1.0.0, <= 1.1.2 | none           | -     | ai_prompt   | -                          | *    | 1.0
coder/amazon-q             | = 2.0.0            | defines-task   | 1.1.1 | ai_prompt   | workdir                    | 2.7  | 1.0
coder/amazon-q             | >= 2.1.0, <= 2.1.1 | defines-task   | 1.2.0 | ai_prompt   | workdir                    | 2.7  | 1.0
coder/amazon-q             | >= 3.0.0, <= 3.0.1 | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.0
coder-labs/gemini          | = 1.0.0            | defines-task   | 1.0.0 | -           | -                          | 2.7  | 1.0
coder-labs/gemini          | = 1.0.1            | defines-task   | 1.1.1 | -           | -                          | 2.7  | 1.0
coder-labs/gemini          | >= 1.1.0, <= 2.0.0 | defines-task   | 1.1.1 | task_prompt | -                          | 2.7  | 1.0
coder-labs/gemini          | >= 2.1.0, <= 2.1.2 | defines-task   | 1.2.0 | task_prompt | -                          | 2.7  | 1.0
coder-labs/gemini          | >= 3.0.0, <= 3.0.2 | exports-app-id | 2.0.0 | task_prompt | -                          | 2.12 | 1.0
coder-labs/auggie          | = 0.1.0            | defines-task   | 1.1.1 | ai_prompt   | folder                     | 2.7  | 1.0
coder-labs/auggie          | >= 0.2.0, <= 0.2.2 | defines-task   | 1.2.0 | ai_prompt   | folder                     | 2.7  | 1.0
coder-labs/auggie          | = 0.3.0            | exports-app-id | 2.0.0 | ai_prompt   | folder                     | 2.12 | 1.0
coder-labs/copilot         | >= 0.1.0, < 0.2.0  | defines-task   | 1.1.1 | ai_prompt   | workdir                    | 2.7  | 1.0
coder-labs/copilot         | >= 0.2.0, <= 0.2.3 | defines-task   | 1.2.0 | ai_prompt   | workdir                    | 2.7  | 1.0
coder-labs/copilot         | = 0.3.0            | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.0
coder-labs/copilot         | >= 0.4.0, <= 0.4.1 | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.9
coder-labs/cursor-cli      | >= 0.1.0, < 0.2.0  | defines-task   | 1.1.1 | ai_prompt   | folder                     | 2.7  | 1.0
coder-labs/cursor-cli      | >= 0.2.0, <= 0.2.2 | defines-task   | 1.2.0 | ai_prompt   | folder                     | 2.7  | 1.0
coder-labs/cursor-cli      | = 0.3.0            | exports-app-id | 2.0.0 | ai_prompt   | folder                     | 2.12 | 1.0
coder-labs/sourcegraph-amp | >= 1.0.0, <= 1.0.3 | defines-task   | 1.0.1 | -           | -                          | 2.7  | 1.0
coder-labs/sourcegraph-amp | >= 1.1.0, <= 1.1.1 | defines-task   | 1.2.0 | -           | -                          | 2.7  | 1.0
coder-labs/sourcegraph-amp | >= 2.0.0, <= 2.1.0 | defines-task   | 1.2.0 | ai_prompt   | workdir                    | 2.7  | 1.0
coder-labs/sourcegraph-amp | = 3.0.0            | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.0
coder-labs/opencode        | >= 0.1.0, <= 0.1.2 | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.0
harleylrn/kiro-cli         | >= 1.0.0, <= 1.0.1 | exports-app-id | 2.0.0 | ai_prompt   | workdir                    | 2.12 | 1.0
`;

const AGENTAPI_INPUTS = [
  'agent_id',
  'cli_app_display_name',
  'cli_app_slug',
  'module_dir_name',
  'start_script',
  'web_app_display_name',
  'web_app_icon',
  'web_app_slug',
];

const rows = ROWS.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, ...string[]]);

describe('what the dossier says of agent modules', () => {
  test.each(rows)('%s %s', (id, versions, mode, agentapi, prompt, required, provider, terraform) => {
    const module = moduleOf(id);
    const admitted = admittedVersions(module, versions);
    expect(admitted).not.toEqual([]);
    for (const version of admitted) {
      const facts = factsOf(module, version) as ModuleFacts;
      const found = {
        version,
        mode: tasksMode(facts),
        agentapi: facts.modules.find(({ name }) => name === 'agentapi')?.version ?? '-',
        prompt: facts.promptInput ?? '-',
        required: Object.keys(facts.inputs).filter((name) => facts.inputs[name]?.required),
        provider: provider === '*' ? '*' : need(facts.provider),
        terraform: need([facts.terraform]),
      };
      const inputs =
        required === 'AGENTAPI'
          ? AGENTAPI_INPUTS
          : ['agent_id', ...(required === '-' ? [] : (required as string).split(' '))];
      expect(found).toEqual({
        version,
        mode,
        agentapi,
        prompt,
        required: inputs.sort(),
        provider,
        terraform,
      });
    }
  });

  test('every release of an agent module is in the table', () => {
    for (const id of agentModuleIds(catalog)) {
      const told = rows.flatMap(([row, versions]) =>
        row === id ? admittedVersions(moduleOf(id), versions) : [],
      );
      expect([...told].sort(compare), id).toEqual(moduleOf(id).releases.map(({ version }) => version));
    }
  });

  test('no other module has to do with Tasks', () => {
    expect(agentModuleIds(catalog).sort()).toEqual([...new Set(rows.map(([id]) => id))].sort());
  });

  test.each([
    ['coder/claude-code', '4.9.2'],
    ['coder-labs/codex', '4.3.1'],
    ['coder/goose', '3.0.1'],
    ['coder/amazon-q', '3.0.1'],
    ['coder-labs/gemini', '3.0.2'],
    ['coder-labs/auggie', '0.3.0'],
    ['coder-labs/copilot', '0.4.1'],
    ['coder-labs/cursor-cli', '0.3.0'],
    ['coder-labs/sourcegraph-amp', '3.0.0'],
    ['coder-labs/opencode', '0.1.2'],
    ['harleylrn/kiro-cli', '1.0.1'],
    ['coder/agentapi', '2.4.0'],
    ['coder/aider', null],
  ])('the best release of %s for Tasks is %s', (id, version) => {
    expect(newestTasksVersion(moduleOf(id))).toBe(version);
  });

  test('where coder_ai_task is defined', () => {
    const addresses = (id: string, version: string) => factsOf(moduleOf(id), version)?.definesTask;
    const own = { sidebarApp: true, appId: false, counted: false };
    expect(addresses('coder/claude-code', '2.2.0')).toEqual([
      { address: 'coder_ai_task.claude_code', ...own },
    ]);
    expect(addresses('coder/agentapi', '1.2.0')).toEqual([{ address: 'coder_ai_task.agentapi', ...own }]);
    expect(addresses('coder/goose', '2.0.0')).toEqual([
      { address: 'module.agentapi.coder_ai_task.agentapi', ...own },
    ]);
    expect(addresses('coder/claude-code', '4.9.2')).toEqual([]);
  });

  test('the prompt parameter inside gemini 1.0', () => {
    const parameters = (version: string) => factsOf(moduleOf('coder-labs/gemini'), version)?.promptParameters;
    expect(parameters('1.0.0')).toEqual(['data.coder_parameter.ai_prompt']);
    expect(parameters('1.0.1')).toEqual(['data.coder_parameter.ai_prompt']);
    expect(parameters('1.1.0')).toEqual([]);
  });

  test('agentapi reads the task from 2.1 on', () => {
    const agentapi = moduleOf('coder/agentapi');
    const reading = agentapi.releases.filter(({ version }) => factsOf(agentapi, version)?.readsTaskData);
    expect(reading[0]?.version).toBe('2.1.0');
    expect(reading.at(-1)?.version).toBe('2.4.0');
  });

  test.each([
    ['coder/claude-code', '2.2.0', ['ccw'], ['claude-code']],
    ['coder/claude-code', '3.4.4', ['ccw'], ['ccw-cli']],
    ['coder/claude-code', '4.9.2', ['ccw'], ['ccw-cli']],
    ['coder-labs/codex', '4.3.1', ['codex'], ['codex-cli']],
    ['coder/goose', '3.0.1', ['goose'], ['goose-cli']],
    ['coder-labs/gemini', '3.0.2', ['gemini'], ['gemini-cli']],
    ['coder-labs/copilot', '0.4.1', ['copilot'], ['copilot-cli']],
    ['coder-labs/opencode', '0.1.2', ['opencode'], ['opencode-cli']],
    ['coder-labs/auggie', '0.3.0', ['auggie'], ['auggie-cli']],
    ['coder-labs/cursor-cli', '0.3.0', ['cursorcli'], []],
    ['coder-labs/sourcegraph-amp', '3.0.0', ['amp'], ['amp-cli']],
    ['coder/amazon-q', '3.0.1', ['amazonq'], ['amazonq-cli']],
    ['coder/aider', '2.0.1', ['aider'], ['aider-cli']],
    ['harleylrn/kiro-cli', '1.0.1', ['kiro-cli'], ['kiro-cli-cli']],
  ])('app slugs of %s %s', (id, version, always, sometimes) => {
    const { appSlugs, optionalAppSlugs } = factsOf(moduleOf(id), version) as ModuleFacts;
    expect({ appSlugs, optionalAppSlugs }).toEqual({ appSlugs: always, optionalAppSlugs: sometimes });
  });

  test('environment variables of claude-code', () => {
    const { envNames, optionalEnvNames } = factsOf(moduleOf('coder/claude-code'), '4.9.2') as ModuleFacts;
    expect(envNames).toEqual([
      'CLAUDE_CODE_OAUTH_TOKEN',
      'CODER_MCP_CLAUDE_MD_PATH',
      'CODER_MCP_CLAUDE_SYSTEM_PROMPT',
    ]);
    expect(optionalEnvNames).toEqual(
      expect.arrayContaining([
        'ANTHROPIC_BASE_URL',
        'ANTHROPIC_MODEL',
        'CLAUDE_API_KEY',
        'DISABLE_AUTOUPDATER',
      ]),
    );
  });

  test('which agent modules set the status slug themselves', () => {
    const setting = agentModuleIds(catalog).filter((id) =>
      moduleOf(id).facts.some((facts) =>
        [...facts.envNames, ...facts.optionalEnvNames].includes('CODER_MCP_APP_STATUS_SLUG'),
      ),
    );
    expect(setting.sort()).toEqual([
      'coder-labs/copilot',
      'coder-labs/cursor-cli',
      'coder/amazon-q',
      'harleylrn/kiro-cli',
    ]);
  });

  test.each([
    ['coder/claude-code', 'v0.11.8'],
    ['coder-labs/codex', 'v0.12.1'],
    ['coder-labs/opencode', 'v0.11.2'],
    ['coder-labs/sourcegraph-amp', 'v0.11.1'],
    ['coder/goose', 'v0.10.0'],
    ['coder/agentapi', 'v0.10.0'],
    ['coder-labs/auggie', 'v0.10.0'],
  ])('%s takes agentapi %s by default', (id, version) => {
    const module = moduleOf(id);
    const facts = factsOf(module, newestTasksVersion(module) ?? '');
    expect(facts?.inputs.agentapi_version?.default).toBe(version);
  });

  test('inputs marked as sensitive', () => {
    const sensitive = agentModuleIds(catalog)
      .sort()
      .map((id) => {
        const facts = moduleOf(id).facts.flatMap(({ inputs }) => Object.entries(inputs));
        return [id, ...new Set(facts.filter(([, input]) => input.sensitive).map(([name]) => name))];
      });
    expect(sensitive.filter((row) => row.length > 1)).toMatchInlineSnapshot(`
      [
        [
          "coder-labs/codex",
          "openai_api_key",
        ],
        [
          "coder-labs/copilot",
          "github_token",
          "aibridge_proxy_auth_url",
        ],
        [
          "coder-labs/cursor-cli",
          "api_key",
        ],
        [
          "coder/aider",
          "ai_api_key",
          "api_key",
        ],
        [
          "coder/amazon-q",
          "auth_tarball",
        ],
        [
          "coder/claude-code",
          "claude_code_oauth_token",
          "anthropic_api_key",
        ],
        [
          "harleylrn/kiro-cli",
          "auth_tarball",
        ],
      ]
    `);
  });

  test('releases that were never made', () => {
    const claude = moduleOf('coder/claude-code');
    for (const version of ['3.4.0', '3.4.1', '3.4.2', '4.2.5'])
      expect(placeOfVersion(claude, version)).toBe('gap');
    expect(placeOfVersion(claude, '1.0.31')).toBe('before');
    expect(placeOfVersion(claude, '4.9.2')).toBe('known');
    expect(placeOfVersion(claude, '9.0.0')).toBe('after');
  });

  test('what an open constraint takes', () => {
    const claude = moduleOf('coder/claude-code');
    expect(resolveVersion(claude, null)).toBe('5.4.0');
    expect(resolveVersion(claude, '>= 4.8.0')).toBe('5.4.0');
    expect(resolveVersion(claude, '~> 4.0')).toBe('4.9.2');
    expect(resolveVersion(claude, '4.9.2')).toBe('4.9.2');
    expect(resolveVersion(claude, '4.2.5')).toBeNull();
  });
});

test('the catalogue can see into every module of the registry', () => {
  const blind = Object.entries(catalog.modules).flatMap(([id, { facts }]) =>
    facts.some(({ unresolved }) => unresolved.length > 0) ? [id] : [],
  );
  expect(blind).toEqual([]);
});

const CLONE = process.env.TASKS_LINT_REGISTRY_CLONE;

describe('the registry itself', () => {
  if (CLONE === undefined) {
    console.warn(
      'TASKS_LINT_REGISTRY_CLONE names no clone of coder/registry: its catalogue is not built anew.',
    );
  }

  test.skipIf(CLONE === undefined)('its release tags give the catalogue that is shipped', async () => {
    const shipped = readFileSync(new URL('../src/coder/catalog/registry.json', import.meta.url), 'utf8');
    const out: string[] = [];
    const said: string[] = [];
    const code = await runCatalog(
      {
        clone: CLONE as string,
        host: ['registry.coder.com', 'dev.registry.coder.com'],
        repository: 'https://github.com/coder/registry',
      },
      {
        cwd: process.cwd(),
        env: {},
        stdout: { write: (text: string) => out.push(text) },
        stderr: { write: (text: string) => said.push(text) },
      },
    );
    expect(said.join('')).toMatch(/^\d+ modules, \d+ releases from \d+ tags\.\n$/);
    expect(code).toBe(0);
    const head = execFileSync('git', ['-C', CLONE as string, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
    }).trim();
    // A newer clone has releases that the shipped catalogue cannot know.
    if (head === catalog.generatedFrom.commit) expect(out.join('')).toBe(shipped);
  });
});
