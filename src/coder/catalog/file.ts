import { compare, valid } from 'semver';
import { type Catalog, type CatalogModule, type ModuleFacts, type ModuleInput, NO_FACTS } from './catalog.ts';

/**
 * A catalogue file that is not what it should be; the message says where and what, for people.
 */
export class CatalogFileError extends Error {
  override readonly name = 'CatalogFileError';
}

/**
 * The text of a catalogue file. Each entry of `facts` holds only what differs from the one before it (the
 * first from a module without anything), and of `inputs` only those that were added or changed, or null for
 * those that went: so the file is small, and its lines tell the history of a module.
 */
export function writeCatalog(catalog: Catalog): string {
  const modules = Object.entries(catalog.modules).map(([id, module]) => {
    const facts = module.facts.map((entry, index) => difference(module.facts[index - 1] ?? NO_FACTS, entry));
    const releases = module.releases.map((release) => [release.version, release.facts]);
    const lines = facts.map((entry) => `\n      ${JSON.stringify(entry)}`);
    return `\n    ${JSON.stringify(id)}: {"releases": ${JSON.stringify(releases)}, "facts": [${lines.join(',')}]}`;
  });
  const head = (['formatVersion', 'generatedFrom', 'hosts', 'layout'] as const).map(
    (name) => `  ${JSON.stringify(name)}: ${JSON.stringify(catalog[name])},\n`,
  );
  return `{\n${head.join('')}  "modules": {${modules.join(',')}\n  }\n}\n`;
}

function difference(before: ModuleFacts, after: ModuleFacts): object {
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const old = before[name as keyof ModuleFacts];
    if (JSON.stringify(value) === JSON.stringify(old)) return [];
    return [[name, name === 'inputs' ? changedInputs(before.inputs, after.inputs) : value]];
  });
  return Object.fromEntries(changed);
}

function changedInputs(before: ModuleFacts['inputs'], after: ModuleFacts['inputs']): object {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const changed = Object.entries(after).filter(
    ([name, input]) => !Object.hasOwn(before, name) || JSON.stringify(before[name]) !== JSON.stringify(input),
  );
  return Object.fromEntries([
    ...gone.map((name) => [name, null]),
    ...changed.map(([name, { required, ...rest }]) => [name, required ? { required, ...rest } : rest]),
  ]);
}

/**
 * Reads the text of a catalogue file.
 * @throws CatalogFileError when it is no JSON or not of this shape
 */
export function parseCatalog(text: string): Catalog {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new CatalogFileError(`it is no JSON: ${(error as Error).message}`);
  }
  return readCatalog(json);
}

/**
 * Reads the JSON of a catalogue file.
 * @throws CatalogFileError when it is not of this shape
 */
export function readCatalog(json: unknown): Catalog {
  checkFile(json);
  return expandCatalog(json);
}

/** A catalogue as its file holds it; see `writeCatalog`. */
export interface CatalogFile extends Omit<Catalog, 'modules'> {
  readonly modules: Readonly<Record<string, ModuleEntry>>;
}

interface ModuleEntry {
  readonly releases: readonly (readonly [version: string, facts: number])[];
  readonly facts: readonly FactsEntry[];
}

type FactsEntry = Partial<Omit<ModuleFacts, 'inputs'>> & {
  readonly inputs?: Readonly<Record<string, InputEntry | null>>;
};

type InputEntry = Omit<ModuleInput, 'required'> & { readonly required?: boolean };

/** The catalogue that a file stands for; the file must be of the right shape, as the shipped one is. */
export function expandCatalog(file: CatalogFile): Catalog {
  const { generatedFrom, hosts, layout } = file;
  const modules = Object.entries(file.modules).map(([id, entry]) => [id, expandModule(entry)] as const);
  return { formatVersion: 1, generatedFrom, hosts, layout, modules: Object.fromEntries(modules) };
}

function expandModule(entry: ModuleEntry): CatalogModule {
  let facts: readonly ModuleFacts[] | undefined;
  return {
    releases: entry.releases.map(([version, index]) => ({ version, facts: index })),
    // Expanded when asked for: a template calls few of the registry's modules.
    get facts() {
      facts ??= expandFacts(entry.facts);
      return facts;
    },
  };
}

function expandFacts(entries: readonly FactsEntry[]): ModuleFacts[] {
  let last = NO_FACTS;
  return entries.map((changed) => {
    const inputs = changed.inputs === undefined ? last.inputs : expandInputs(last.inputs, changed.inputs);
    last = { ...last, ...changed, inputs };
    return last;
  });
}

function expandInputs(
  before: ModuleFacts['inputs'],
  changed: Readonly<Record<string, InputEntry | null>>,
): ModuleFacts['inputs'] {
  const entries = Object.entries(changed).map(([name, input]) => [
    name,
    input && { ...input, required: input.required === true },
  ]);
  const inputs = { ...before, ...Object.fromEntries(entries) };
  for (const [name, input] of entries) if (input === null) delete inputs[name as string];
  return inputs;
}

function checkFile(json: unknown): asserts json is CatalogFile {
  const file = objectAt('the file', json);
  if (file.formatVersion !== 1) {
    const found = JSON.stringify(file.formatVersion) ?? 'nothing';
    throw new CatalogFileError(
      `formatVersion must be 1, found ${found}; build the catalogue again with \`tasks-lint catalog\``,
    );
  }
  checkFields('generatedFrom', file.generatedFrom, { repository: text, commit: text, tags: index });
  texts('hosts', file.hosts);
  checkFields('layout', file.layout, { tag: text, path: text, namespace: textOrNull, module: textOrNull });
  for (const [id, module] of Object.entries(objectAt('modules', file.modules))) {
    checkModule(`modules["${id}"]`, module);
  }
}

/** Throws a `CatalogFileError` that names the place when the JSON is not what it checks for. */
type Check = (at: string, json: unknown) => void;

const text: Check = (at, json) => {
  if (typeof json !== 'string') throw wrong(at, 'a string', json);
};
const flag: Check = (at, json) => {
  if (typeof json !== 'boolean') throw wrong(at, 'true or false', json);
};
const index: Check = (at, json) => {
  if (!isIndex(json)) throw wrong(at, 'a number', json);
};
const texts = listOf(text);
const textOrNull = orElse(null, text);
const input: Check = (at, json) =>
  checkFields(at, json, {
    required: orElse(undefined, flag),
    sensitive: orElse(undefined, flag),
    type: orElse(undefined, text),
  });

const FACTS: Readonly<Record<keyof ModuleFacts, Check>> = {
  definesTask: listOf((at, json) =>
    checkFields(at, json, { address: text, sidebarApp: flag, appId: flag, counted: flag }),
  ),
  promptParameters: texts,
  parameters: texts,
  readsTaskData: flag,
  outputs: texts,
  inputs: (at, json) => {
    for (const [name, entry] of Object.entries(objectAt(at, json)))
      orElse(null, input)(`${at}.${name}`, entry);
  },
  promptInput: textOrNull,
  provider: texts,
  terraform: textOrNull,
  appSlugs: texts,
  optionalAppSlugs: texts,
  envNames: texts,
  optionalEnvNames: texts,
  modules: listOf((at, json) => checkFields(at, json, { name: text, source: text, version: textOrNull })),
  unresolved: texts,
};

function checkModule(at: string, json: unknown): void {
  const { releases, facts } = objectAt(at, json);
  listOf((place, entry) => {
    const fields = objectAt(place, entry);
    for (const [name, check] of Object.entries(FACTS)) {
      if (Object.hasOwn(fields, name)) check(`${place}.${name}`, fields[name]);
    }
  })(`${at}.facts`, facts);
  let last: string | null = null;
  listOf((place, entry) => {
    const [version, index] = Array.isArray(entry) ? entry : [];
    if (typeof version !== 'string' || valid(version) !== version) throw wrong(place, 'a release', entry);
    if (!isIndex(index) || index >= (facts as unknown[]).length) {
      throw wrong(place, 'a release with an entry of facts', entry);
    }
    if (last !== null && compare(last, version) >= 0) {
      throw new CatalogFileError(
        `${at}.releases must go from old to new, but ${last} stands before ${version}`,
      );
    }
    last = version;
  })(`${at}.releases`, releases);
}

function checkFields(at: string, json: unknown, checks: Readonly<Record<string, Check>>): void {
  const fields = objectAt(at, json);
  for (const [name, check] of Object.entries(checks)) check(`${at}.${name}`, fields[name]);
}

function listOf(check: Check): Check {
  return (at, json) => {
    if (!Array.isArray(json)) throw wrong(at, 'a list', json);
    for (const [index, entry] of json.entries()) check(`${at}[${index}]`, entry);
  };
}

function orElse(other: null | undefined, check: Check): Check {
  return (at, json) => {
    if (json !== other) check(at, json);
  };
}

function objectAt(at: string, json: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(at, 'an object', json);
  return json as Record<string, unknown>;
}

function isIndex(json: unknown): json is number {
  return Number.isInteger(json) && (json as number) >= 0;
}

function wrong(at: string, expected: string, found: unknown): CatalogFileError {
  const said = JSON.stringify(found) ?? 'nothing';
  return new CatalogFileError(
    `${at} must be ${expected}, found ${said.length > 60 ? `${said.slice(0, 60)}…` : said}`,
  );
}
