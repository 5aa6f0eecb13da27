import { describe, expect, test } from 'vitest';
import type { Catalog, ModuleFacts } from '../src/coder/catalog/catalog.ts';
import { findCatalogModule, parseModuleSource } from '../src/coder/module-source.ts';

describe('parseModuleSource', () => {
  test.each(['./agent', '../agent', './', '.\\agent', '../../modules/agent'])('%s is local', (path) => {
    expect(parseModuleSource(path)).toEqual({ kind: 'local', path });
  });

  test.each([
    ['registry.coder.com/coder/claude-code/coder', 'registry.coder.com', 'coder/claude-code', null],
    ['Registry.Coder.com/coder/claude-code/coder', 'registry.coder.com', 'coder/claude-code', null],
    ['dev.registry.coder.com/coder/goose/coder', 'dev.registry.coder.com', 'coder/goose', null],
    ['coder/claude-code/coder', 'registry.terraform.io', 'coder/claude-code', null],
    ['localhost:8080/acme/agent/coder', 'localhost:8080', 'acme/agent', null],
    ['registry.acme.example:8443/acme/agent/coder', 'registry.acme.example:8443', 'acme/agent', null],
    [
      'registry.coder.com/coder/agentapi/coder//sub/folder',
      'registry.coder.com',
      'coder/agentapi',
      'sub/folder',
    ],
  ])('%s is a registry module', (source, host, id, submodule) => {
    expect(parseModuleSource(source)).toEqual({ kind: 'registry', host, id, system: 'coder', submodule });
  });

  const REPOSITORY = 'github.com/coder/registry';
  const FOLDER = 'registry/coder/modules/claude-code';
  const TAG = 'release/coder/claude-code/v4.9.2';

  test.each([
    `git::https://github.com/coder/registry.git//${FOLDER}?ref=${TAG}`,
    `git::https://github.com/coder/registry//${FOLDER}?ref=${TAG}`,
    `git::https://user:secret@GitHub.com:443/coder/registry.git//${FOLDER}?ref=${TAG}`,
    `git::https://github.com/coder/registry.git//${FOLDER}?depth=1&ref=release%2Fcoder%2Fclaude-code%2Fv4.9.2`,
    `git::ssh://git@github.com/coder/registry.git//${FOLDER}?ref=${TAG}`,
    `git::git@github.com:coder/registry.git//${FOLDER}?ref=${TAG}`,
    `git@github.com:coder/registry.git//${FOLDER}?ref=${TAG}`,
    `github.com/coder/registry//${FOLDER}?ref=${TAG}`,
    `github.com/coder/registry.git//${FOLDER}?ref=${TAG}`,
    `github.com/coder/registry/${FOLDER}?ref=${TAG}`,
  ])('%s is a folder of a git repository', (source) => {
    expect(parseModuleSource(source)).toEqual({
      kind: 'git',
      repository: REPOSITORY,
      ref: TAG,
      path: FOLDER,
    });
  });

  test('a repository without folder and reference', () => {
    expect(parseModuleSource('git::https://git.acme.example/coder/agent.git')).toEqual({
      kind: 'git',
      repository: 'git.acme.example/coder/agent',
      ref: null,
      path: '',
    });
  });

  test.each([
    'https://github.com/coder/registry.git//registry/coder/modules/claude-code',
    'https://example.com/module.zip',
    's3::https://s3.amazonaws.com/bucket/module.zip',
    'hg::https://example.com/module',
    'registry.coder.com/modules/coder/jetbrains/coder',
    'claude-code',
    '',
    '?ref=main',
    '//',
    'git::',
  ])('%s is some other address', (address) => {
    expect(parseModuleSource(address)).toEqual({ kind: 'remote', address });
  });
});

test('an address made to be slow is read at once', () => {
  const started = performance.now();
  for (const part of ['a.', 'a/', '/', '//', '?', 'git@a.', '-a', 'a:', '::']) {
    expect(parseModuleSource(part.repeat(200_000))).toMatchObject({ kind: 'remote' });
    parseModuleSource(part.repeat(1900 / part.length));
  }
  expect(performance.now() - started).toBeLessThan(2000);
});

const FACTS = { outputs: ['task_app_id'] } as unknown as ModuleFacts;
const CODER: Catalog = catalogOf(
  ['registry.coder.com', 'dev.registry.coder.com', 'github.com/coder/registry'],
  { tag: 'release/{namespace}/{module}/v{version}', path: 'registry/{namespace}/modules/{module}' },
  ['coder/claude-code', 'thezoker/nodejs'],
);
const ACME: Catalog = catalogOf(
  ['git.acme.example/platform/modules'],
  { tag: '{module}-{version}', path: 'modules/{module}' },
  ['acme/agent'],
);

function catalogOf(hosts: string[], layout: { tag: string; path: string }, ids: string[]): Catalog {
  const module = {
    releases: ['3.0.0', '4.9.2', '5.0.0-rc.1'].map((version) => ({ version, facts: 0 })),
    facts: [FACTS],
  };
  return {
    formatVersion: 1,
    generatedFrom: { repository: hosts.at(-1) ?? '', commit: '', tags: 0 },
    hosts,
    layout: { ...layout, namespace: 'acme', module: null },
    modules: Object.fromEntries(ids.map((id) => [id, module])),
  };
}

function find(source: string, version: string | null = null) {
  const found = findCatalogModule(parseModuleSource(source), version, [ACME, CODER]);
  return found && { id: found.id, version: found.version, resolved: found.resolved };
}

describe('findCatalogModule', () => {
  test.each([
    'registry.coder.com/coder/claude-code/coder',
    'dev.registry.coder.com/coder/claude-code/coder',
    'coder/claude-code/coder',
    'registry.coder.com/modules/claude-code/coder',
    'modules/claude-code/coder',
  ])('%s takes the version that its constraint admits', (source) => {
    const id = 'coder/claude-code';
    expect(find(source, '~> 3.0')).toEqual({
      id,
      version: { kind: 'constraint', text: '~> 3.0' },
      resolved: '3.0.0',
    });
    expect(find(source)).toEqual({ id, version: { kind: 'constraint', text: null }, resolved: '4.9.2' });
    expect(find(source, '>= 9')?.resolved).toBeNull();
    expect(find(source, 'nonsense')?.resolved).toBeNull();
  });

  test('a name of the time before namespaces leads to the namespace it went to', () => {
    expect(find('registry.coder.com/modules/nodejs/coder')?.id).toBe('thezoker/nodejs');
  });

  test('a git reference to a release tag is an exact version', () => {
    const source =
      'github.com/coder/registry//registry/coder/modules/claude-code?ref=release/coder/claude-code/';
    expect(find(`${source}v4.9.2`)).toEqual({
      id: 'coder/claude-code',
      version: { kind: 'exact', version: '4.9.2' },
      resolved: '4.9.2',
    });
    expect(find(`${source}v4.9.9`)?.resolved).toBeNull();
    expect(find(`${source.replace('ref=', 'ref=refs/tags/')}v4.9.2`)?.resolved).toBe('4.9.2');
  });

  test.each([
    ['?ref=main', 'main'],
    ['', null],
    ['?ref=6be121e4', '6be121e4'],
    ['?ref=release/coder/goose/v3.0.0', 'release/coder/goose/v3.0.0'],
  ])('a git source with reference %j has no known version', (query, ref) => {
    expect(
      find(`git::https://github.com/coder/registry.git//registry/coder/modules/claude-code${query}`),
    ).toEqual({
      id: 'coder/claude-code',
      version: { kind: 'unknown', ref },
      resolved: null,
    });
  });

  test('the repository of the modules before the registry', () => {
    const source = 'git::https://github.com/coder/modules.git//claude-code?ref=';
    expect(find(`${source}v1.0.31`)).toEqual({
      id: 'coder/claude-code',
      version: { kind: 'exact', version: '1.0.31' },
      resolved: null,
    });
    expect(find(`${source}release/claude-code/v3.0.0`)?.resolved).toBe('3.0.0');
    expect(find(`${source}main`)?.version).toEqual({ kind: 'unknown', ref: 'main' });
  });

  test('a private registry with its own layout', () => {
    expect(
      find('git::ssh://git@git.acme.example/platform/modules.git//modules/agent?ref=agent-3.0.0'),
    ).toEqual({
      id: 'acme/agent',
      version: { kind: 'exact', version: '3.0.0' },
      resolved: '3.0.0',
    });
    expect(find('acme/agent/coder')).toBeNull();
  });

  test.each([
    './claude-code',
    'registry.acme.example/coder/claude-code/coder',
    'coder/claude-code/aws',
    'registry.coder.com/coder/claude-code/coder//sub',
    'registry.coder.com/coder/no-such-module/coder',
    'registry.coder.com/coder/__proto__/coder',
    'github.com/someone/registry//registry/coder/modules/claude-code',
    'github.com/coder/registry//.github/claude-code',
  ])('%s is not in the catalogues', (source) => {
    expect(find(source)).toBeNull();
  });
});
