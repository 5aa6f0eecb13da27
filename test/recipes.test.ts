import { beforeAll, describe, expect, test } from 'vitest';
import {
  admittedVersions,
  type Catalog,
  factsOf,
  type ModuleFacts,
  newestTasksVersion,
} from '../src/coder/catalog/catalog.ts';
import { RECIPES } from '../src/coder/catalog/migrations.ts';
import { loadRegistryCatalog } from '../src/coder/catalog/registry.ts';
import { type ModuleMigration, planModuleMigration } from '../src/coder/recipes.ts';
import { agentModuleIds } from './support/catalog.ts';

let catalog: Catalog;

beforeAll(async () => {
  catalog = await loadRegistryCatalog();
});

function plan(id: string, from: string): ModuleMigration {
  const found = planModuleMigration(id, from, catalog);
  if ('none' in found) throw new Error(found.none);
  return found;
}

function factsAt(id: string, version: string): ModuleFacts {
  const module = catalog.modules[id];
  const facts = module && factsOf(module, version);
  if (!facts) throw new Error(`the catalogue has no ${id} ${version}`);
  return facts;
}

describe('recipes and catalogue agree', () => {
  const recipes = Object.entries(RECIPES).flatMap(([id, list]) =>
    list.map((recipe) => [id, recipe] as const),
  );

  test.each(recipes)('%s %j', (id, recipe) => {
    const module = catalog.modules[id];
    if (module === undefined) throw new Error(`the catalogue has no ${id}`);
    // What moves nowhere keeps its recipe for the names of inputs.
    const to = newestTasksVersion(module) ?? module.releases.at(-1)?.version ?? '';
    const target = factsAt(id, to).inputs;
    const versions = admittedVersions(module, recipe.from);
    const before = new Set(versions.flatMap((version) => Object.keys(factsAt(id, version).inputs)));
    expect(versions).not.toEqual([]);
    for (const [from, to] of Object.entries(recipe.rename ?? {})) {
      expect([...before], `${from} of ${id} ${recipe.from}`).toContain(from);
      expect(target, `new name of ${from}`).toHaveProperty(to);
      expect(target, `old name of ${to}`).not.toHaveProperty(from);
    }
    for (const input of Object.keys(recipe.remove ?? {})) {
      expect([...before], `${id} ${recipe.from}`).toContain(input);
      expect(target).not.toHaveProperty(input);
    }
    for (const move of Object.values(recipe.environment ?? {})) {
      if (move.action === 'move') expect(target).toHaveProperty(move.input);
    }
  });

  test('no input of an agent module vanishes without a word', () => {
    const silent = agentModuleIds(catalog).flatMap((id) =>
      (catalog.modules[id]?.releases ?? []).flatMap(({ version }) => {
        const found = planModuleMigration(id, version, catalog);
        return 'none' in found
          ? []
          : found.manual.map(({ input, why }) => `${id} ${version}: ${input}: ${why}`);
      }),
    );
    expect(silent).toEqual([]);
  });

  test('a plan never yields an input that the new release does not have', () => {
    for (const id of agentModuleIds(catalog)) {
      for (const { version } of catalog.modules[id]?.releases ?? []) {
        const found = planModuleMigration(id, version, catalog);
        if ('none' in found) continue;
        const inputs = Object.keys(factsAt(id, found.to).inputs);
        const yielded = [...found.rename.map(({ to }) => to), ...found.add.map(({ input }) => input)];
        expect(inputs).toEqual(expect.arrayContaining(yielded));
      }
    }
  });
});

describe('plans', () => {
  test('claude-code 2 brings its own task, takes folder and environment variables', () => {
    expect(plan('coder/claude-code', '2.2.0')).toMatchInlineSnapshot(`
      {
        "add": [
          {
            "input": "workdir",
            "value": {
              "kind": "literal",
              "value": "/home/coder",
            },
            "why": "4.9.2 requires it",
          },
          {
            "input": "ai_prompt",
            "value": {
              "kind": "task-prompt",
            },
            "why": "it takes the prompt of the task",
          },
        ],
        "bringsTask": true,
        "changedDefaults": [
          {
            "after": "v0.11.8",
            "before": "v0.3.3",
            "input": "agentapi_version",
          },
          {
            "after": true,
            "before": false,
            "input": "report_tasks",
          },
          {
            "after": false,
            "before": true,
            "input": "subdomain",
          },
        ],
        "downgrade": false,
        "environment": [
          {
            "action": "move",
            "input": "claude_api_key",
            "name": "CODER_MCP_CLAUDE_API_KEY",
          },
          {
            "action": "move",
            "input": "ai_prompt",
            "name": "CODER_MCP_CLAUDE_TASK_PROMPT",
          },
          {
            "action": "move",
            "input": "system_prompt",
            "name": "CODER_MCP_CLAUDE_SYSTEM_PROMPT",
          },
          {
            "action": "drop",
            "name": "CODER_MCP_APP_STATUS_SLUG",
            "why": "the module sets it itself",
          },
        ],
        "forOlderTerraform": {
          "terraform": ">= 1.0",
          "version": "4.7.1",
        },
        "id": "coder/claude-code",
        "inputsKnown": true,
        "manual": [],
        "notes": [],
        "promptInput": "ai_prompt",
        "provider": [
          ">= 2.12",
          ">= 2.13",
        ],
        "remove": [
          {
            "input": "experiment_cli_app_order",
            "why": "order places the web app only",
          },
          {
            "input": "experiment_cli_app_group",
            "why": "group is that of the web app only",
          },
        ],
        "rename": [
          {
            "from": "folder",
            "to": "workdir",
          },
          {
            "from": "experiment_pre_install_script",
            "to": "pre_install_script",
          },
          {
            "from": "experiment_post_install_script",
            "to": "post_install_script",
          },
          {
            "from": "experiment_report_tasks",
            "to": "report_tasks",
          },
          {
            "from": "experiment_cli_app",
            "to": "cli_app",
          },
        ],
        "terraform": ">= 1.9",
        "to": "4.9.2",
      }
    `);
  });

  test('claude-code 3 changes no input but those of the boundary', () => {
    const { to, rename, remove, add, manual, bringsTask, downgrade } = plan('coder/claude-code', '3.4.4');
    expect({ to, rename, add, manual, bringsTask, downgrade }).toEqual({
      to: '4.9.2',
      rename: [],
      add: [],
      manual: [],
      bringsTask: true,
      downgrade: false,
    });
    expect(remove.map(({ input }) => input)).toEqual([
      'boundary_log_dir',
      'boundary_log_level',
      'boundary_additional_allowed_urls',
      'boundary_proxy_port',
      'enable_boundary_pprof',
      'boundary_pprof_port',
    ]);
  });

  test.each([
    ['coder/claude-code', '5.4.0', '4.9.2'],
    ['coder-labs/codex', '5.3.0', '4.3.1'],
  ])('%s %s has lost Tasks, going back is a downgrade', (id, from, to) => {
    const found = plan(id, from);
    expect(found).toMatchObject({ to, downgrade: true, bringsTask: false, promptInput: 'ai_prompt' });
    expect(found.add).toEqual([
      { input: 'workdir', why: `${to} requires it`, value: null },
      { input: 'ai_prompt', why: 'it takes the prompt of the task', value: { kind: 'task-prompt' } },
    ]);
  });

  test('goose has no prompt input and keeps its environment variable', () => {
    const found = plan('coder/goose', '2.2.1');
    expect(found).toMatchObject({
      to: '3.0.1',
      promptInput: null,
      add: [],
      rename: [],
      remove: [],
      manual: [],
    });
    expect(found.environment).toMatchObject([{ name: 'GOOSE_TASK_PROMPT', action: 'keep' }]);
  });

  test('gemini 1.0 gets a prompt input for its own parameter', () => {
    const found = plan('coder-labs/gemini', '1.0.0');
    expect(found.add).toMatchObject([{ input: 'task_prompt', value: { kind: 'task-prompt' } }]);
    expect(found.notes).toHaveLength(1);
  });

  test('a release older than the catalogue is planned from the recipe alone', () => {
    const found = plan('coder/claude-code', '1.0.31');
    expect(found).toMatchObject({ to: '4.9.2', inputsKnown: false, manual: [], changedDefaults: [] });
    expect(found.rename).toContainEqual({ from: 'folder', to: 'workdir' });
    expect(found.add.map(({ input }) => input)).toEqual(['workdir', 'ai_prompt']);
  });

  test.each([
    ['coder/claude-code', '3.4.4', { version: '4.7.1', terraform: '>= 1.0' }],
    ['coder-labs/codex', '3.1.1', { version: '4.0.0', terraform: '>= 1.0' }],
    ['coder-labs/copilot', '0.2.3', { version: '0.3.0', terraform: '>= 1.0' }],
    ['coder/goose', '2.2.1', null],
  ])('the last release of %s for Terraform before 1.9', (id, from, expected) => {
    expect(plan(id, from).forOlderTerraform).toEqual(expected);
  });

  test.each([
    ['coder/aider', '2.0.1', 'No release of coder/aider exports task_app_id.'],
    ['coder/claude-code', '4.9.2', '4.9.2 is the newest release of coder/claude-code with Tasks support.'],
    ['coder/claude-code', '9.0.0', 'coder/claude-code 9.0.0 is newer than the catalogue.'],
    ['coder/claude-code', 'main', 'main is no version.'],
    ['acme/agent', '1.0.0', 'The catalogue does not have acme/agent.'],
    ['coder/code-server', '1.0.0', 'No release of coder/code-server exports task_app_id.'],
  ])('%s %s has no migration', (id, from, none) => {
    expect(planModuleMigration(id, from, catalog)).toEqual({ none });
  });
});
