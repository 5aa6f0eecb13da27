import { linesIn } from '../coder/releases.ts';
import type { Effect } from '../rule.ts';
import { SourceFile } from '../source/source-file.ts';
import { didYouMean } from './closest.ts';
import { matchesGlob } from './glob.ts';

/** The level that a user gives a rule; `off` takes its findings out. */
export type RuleLevel = 'off' | 'info' | 'warning' | 'error';

/** The lowest level that fails a run. */
export type FailLevel = 'info' | 'warning' | 'error' | 'never';

/** What a configuration says about a rule. */
interface RuleSetting {
  /** Null leaves the level to the effects of each finding. */
  readonly level: RuleLevel | null;
  readonly options: Readonly<Record<string, unknown>>;
}

const NO_SETTING: RuleSetting = { level: null, options: {} };

/** All that was configured, extended files and presets merged in. What is null was not configured. */
export interface Config {
  /** Files it was read from, the one that was found or named last. */
  readonly files: readonly string[];
  /** Folder that globs are relative to, in the same way of writing as the paths asked about. */
  readonly base: string;
  /** Semver range of Coder versions. */
  readonly coderVersion: string | null;
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** Level by the worst effect of a finding on the target, for rules that have none of their own. */
  readonly effects: ReadonlyMap<Effect, RuleLevel>;
  readonly overrides: readonly Override[];
  readonly ignore: readonly string[];
  /** Paths of module catalogues. */
  readonly catalogs: readonly string[];
  readonly maxWarnings: number | null;
  readonly failOn: FailLevel | null;
}

interface Override {
  readonly files: readonly string[];
  readonly rules: ReadonlyMap<string, RuleSetting>;
}

/** One configuration file, or preset, before those that it extends are merged in. */
export interface ConfigSource extends Partial<Omit<Config, 'files' | 'base'>> {
  /** Null for a preset. */
  readonly file: string | null;
  readonly extends: readonly Extension[];
}

/** A preset or file that a configuration extends, and where it says so. */
export interface Extension {
  readonly name: string;
  readonly place: ConfigPlace;
}

/** A place in a configuration file, line and column from 1. */
export interface ConfigPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface ConfigProblem extends ConfigPlace {
  readonly message: string;
}

/** A configuration that cannot be used; the message has one line `file:line:column: problem` for each problem. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The configurations that can be extended by name. */
export const PRESETS: Readonly<Record<string, ConfigSource>> = {
  /** What holds without any configuration. */
  recommended: { file: null, extends: [] },
  /** Only what stands between a template and the target, and what a migration removes. */
  migration: {
    file: null,
    extends: [],
    effects: new Map([
      ['degraded', 'off'],
      ['advice', 'off'],
    ]),
    // The one deprecation that has nothing to do with the shape of a task; a test looks for others.
    rules: settingsOf('off', ['agent/dir-deprecated']),
  },
  /** Whatever an author can mend fails the run, advice included. */
  strict: {
    file: null,
    extends: [],
    effects: new Map([['advice', 'warning']]),
    failOn: 'warning',
    // That Tasks end holds for every template with a task, and no edit can mend it.
    rules: settingsOf('info', ['agents/leftover-tasks', 'task/unavailable-on-target']),
  },
};

function settingsOf(level: RuleLevel, ids: readonly string[]): ReadonlyMap<string, RuleSetting> {
  return new Map(ids.map((id) => [id, { level, options: {} }]));
}

/** A configuration that says nothing. */
export const NO_CONFIG: Config = mergeConfigs('', []);

/**
 * Reads the text of a configuration file; its name decides whether that is YAML or JSON.
 * @throws ConfigError with every problem of the file
 */
export async function parseConfig(path: string, text: string): Promise<ConfigSource> {
  const source = new SourceFile(path, text);
  const problems: ConfigProblem[] = [];
  const add = (offset: number, message: string) => problems.push({ ...placeAt(source, offset), message });
  const document = await parseDocument(source, add);
  if (problems.length > 0) throw new ConfigError(problems);

  const { value, locate } = document;
  const { validateConfig } = await import('./generated/validate-config.ts');
  const validate = validateConfig as unknown as Validator;
  if (value !== null && value !== undefined && !validate(value)) {
    for (const error of validate.errors ?? []) {
      const problem = describe(error, value);
      if (problem !== null) add(locate(problem.path, problem.part), problem.message);
    }
    throw new ConfigError(sortProblems(problems));
  }
  const config = (value ?? {}) as RawConfig;

  if (config.coderVersion !== undefined) {
    try {
      linesIn(config.coderVersion);
    } catch (error) {
      add(locate(['coderVersion'], 'value'), `\`coderVersion\`: ${(error as RangeError).message}`);
    }
  }
  const overrides = (config.overrides ?? []).map(({ files, rules }) => ({ files, rules: settingsIn(rules) }));
  const names = typeof config.extends === 'string' ? [config.extends] : (config.extends ?? []);
  const extensions = names.map((name, index) => {
    const offset = locate(typeof config.extends === 'string' ? ['extends'] : ['extends', index], 'value');
    if (!isPath(name) && !Object.hasOwn(PRESETS, name)) {
      const hint = didYouMean(name, Object.keys(PRESETS)) || '; a file is written like `./other.yaml`';
      add(offset, `unknown preset \`${name}\`${hint}`);
    }
    return { name, place: placeAt(source, offset) };
  });
  if (problems.length > 0) throw new ConfigError(sortProblems(problems));
  const effects = new Map(Object.entries(config.effects ?? {})) as Config['effects'];
  return {
    ...config,
    file: path,
    extends: extensions,
    rules: settingsIn(config.rules ?? {}),
    effects,
    overrides,
  };
}

/** Merges configurations, later ones winning: settings by name, lists one behind the other. */
export function mergeConfigs(base: string, sources: readonly ConfigSource[]): Config {
  const lastOf = <K extends 'coderVersion' | 'maxWarnings' | 'failOn'>(key: K) =>
    sources.findLast((source) => source[key] !== undefined)?.[key] ?? null;
  return {
    files: [...new Set(sources.flatMap((source) => source.file ?? []))],
    base,
    coderVersion: lastOf('coderVersion'),
    rules: mergeRules(sources.flatMap((source) => source.rules ?? [])),
    effects: new Map(sources.flatMap((source) => [...(source.effects ?? [])])),
    overrides: sources.flatMap((source) => source.overrides ?? []),
    ignore: sources.flatMap((source) => source.ignore ?? []),
    catalogs: sources.flatMap((source) => source.catalogs ?? []),
    maxWarnings: lastOf('maxWarnings'),
    failOn: lastOf('failOn'),
  };
}

/**
 * What is configured for a rule in a file or a template's folder: for all of them, then in each override that
 * fits, what comes later winning.
 */
export function settingFor(config: Config, ruleId: string, path: string): RuleSetting {
  const relative = relativeTo(config.base, path);
  const fitting = config.overrides.filter(
    ({ files, rules }) => rules.has(ruleId) && relative !== null && fitsGlobs(files, relative),
  );
  return [config, ...fitting].reduce(
    (setting, { rules }) => mergeSettings(setting, rules.get(ruleId)),
    NO_SETTING,
  );
}

/** Settings by rule, those of later maps winning. */
export function mergeRules(all: readonly ReadonlyMap<string, RuleSetting>[]): Map<string, RuleSetting> {
  const merged = new Map<string, RuleSetting>();
  for (const [id, setting] of all.flatMap((rules) => [...rules])) {
    merged.set(id, mergeSettings(merged.get(id) ?? NO_SETTING, setting));
  }
  return merged;
}

function mergeSettings(earlier: RuleSetting, later: RuleSetting | undefined): RuleSetting {
  if (later === undefined) return earlier;
  return { level: later.level ?? earlier.level, options: { ...earlier.options, ...later.options } };
}

/** Whether the configuration leaves out a file or a template's folder. */
export function isIgnored(config: Config, path: string): boolean {
  const relative = relativeTo(config.base, path);
  return relative !== null && fitsGlobs(config.ignore, relative);
}

/** Whether a name in `extends` is the path of a file rather than a preset. */
export function isPath(name: string): boolean {
  return /[./\\]/.test(name);
}

/** The last glob that fits decides; one with `!` takes back. */
function fitsGlobs(globs: readonly string[], path: string): boolean {
  const glob = globs.findLast((glob) => matchesGlob(glob.replace(/^!/, ''), path));
  return glob !== undefined && !glob.startsWith('!');
}

/** A path below the base relative to it; null for one that lies elsewhere. */
function relativeTo(base: string, path: string): string | null {
  if (base === '') return path;
  if (path === base) return '';
  const prefix = base.endsWith('/') ? base : `${base}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

type RawRules = Readonly<Record<string, RuleLevel | Partial<RuleSetting>>>;

/** A configuration that the schema has found good. */
interface RawConfig {
  readonly extends?: string | readonly string[];
  readonly coderVersion?: string;
  readonly rules?: RawRules;
  readonly effects?: Partial<Record<Effect, RuleLevel>>;
  readonly overrides?: readonly { readonly files: readonly string[]; readonly rules: RawRules }[];
  readonly ignore?: readonly string[];
  readonly catalogs?: readonly string[];
  readonly maxWarnings?: number;
  readonly failOn?: FailLevel;
}

/** What is configured for rules, by id. */
export function settingsIn(rules: RawRules): ReadonlyMap<string, RuleSetting> {
  const settings = Object.entries(rules).map(([id, setting]) => {
    const { level = null, options = {} } = typeof setting === 'string' ? { level: setting } : setting;
    return [id, { level, options }] as const;
  });
  return new Map(settings);
}

type Path = readonly (string | number)[];
type Part = 'key' | 'value';

/** A parsed file: its value, and the offset of each key and value in it. */
interface ConfigDocument {
  readonly value: unknown;
  locate(path: Path, part: Part): number;
}

type AddProblem = (offset: number, message: string) => void;

/** Parsers are loaded for the format at hand only; both count offsets behind a BOM. */
async function parseDocument(file: SourceFile, add: AddProblem): Promise<ConfigDocument> {
  const bom = file.text.startsWith('\uFEFF') ? 1 : 0;
  const text = file.text.slice(bom);
  const addBehindBom: AddProblem = (offset, message) => add(offset + bom, message);
  try {
    const { value, locate } = /\.jsonc?$/.test(file.path)
      ? await parseJson(text, file.path.endsWith('c'), addBehindBom)
      : await parseYaml(text, addBehindBom);
    return { value, locate: (path, part) => locate(path, part) + bom };
  } catch (error) {
    // JSON nested beyond the stack; YAML aliases that lead nowhere or multiply without end.
    add(0, `the file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return { value: null, locate: () => 0 };
  }
}

/** Four levels are enough for any configuration. */
const MAX_DEPTH = 100;

/** More than any configuration has that is written in YAML for its readability. */
const MAX_BRACKETS = 500;

/**
 * Whether YAML may nest deeper than its parser can follow. It recurses, and compiles regular expressions at
 * the end of the stack, which ends the process from some 1,000 levels on: nothing could be caught. All
 * brackets are counted, because which of them are in strings is only known once the text is parsed.
 */
function isNestedTooDeeply(text: string): boolean {
  if ((text.match(/[[{]/g)?.length ?? 0) > MAX_BRACKETS) return true;
  // YAML also nests by indentation, and by dashes on one line.
  return new RegExp(`^[ \\t]{${2 * MAX_DEPTH}}|^(?:[ \\t]*[-?:](?=[ \\t])){${MAX_DEPTH}}`, 'm').test(text);
}

/** The exports of a package in CommonJS; a bundler leaves them all behind `default`. */
function exportsOf<T extends object>(module: T): T {
  return 'default' in module ? (module.default as T) : module;
}

async function parseYaml(text: string, add: AddProblem): Promise<ConfigDocument> {
  if (isNestedTooDeeply(text)) {
    throw new RangeError(`it nests too deeply, or has more than ${MAX_BRACKETS} brackets`);
  }
  const { isAlias, isMap, isNode, isScalar, isSeq, parseDocument } = exportsOf(await import('yaml'));
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  for (const { pos, message } of document.errors) add(pos[0], message);
  const value = document.errors.length > 0 ? null : document.toJS();
  return {
    value,
    locate(path, part) {
      let node: unknown = document.contents;
      let key: unknown = node;
      for (const segment of path) {
        if (isAlias(node)) node = node.resolve(document);
        if (isMap(node)) {
          const pair = node.items.find(
            (item) => String(isScalar(item.key) ? item.key.value : item.key) === segment,
          );
          if (pair === undefined) break;
          key = pair.key;
          node = pair.value ?? pair.key;
        } else if (isSeq(node)) {
          node = node.items[Number(segment)];
          key = node;
        }
      }
      const found = part === 'key' ? key : node;
      return isNode(found) && found.range ? found.range[0] : 0;
    },
  };
}

async function parseJson(text: string, comments: boolean, add: AddProblem): Promise<ConfigDocument> {
  const { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } = await import('jsonc-parser');
  const errors: import('jsonc-parser').ParseError[] = [];
  const options = { disallowComments: !comments, allowTrailingComma: comments, allowEmptyContent: true };
  const root = parseTree(text, errors, options);
  for (const { error, offset } of errors) {
    // The library names an error like `CloseBraceExpected`.
    add(
      offset,
      `${printParseErrorCode(error).replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
    );
  }
  if (root !== undefined) addRepeatedKeys(root, add);
  return {
    value: root === undefined ? null : getNodeValue(root),
    locate(path, part) {
      let node = root;
      for (const segment of path) {
        if (node === undefined) break;
        node = findNodeAtLocation(node, [node.type === 'array' ? Number(segment) : String(segment)]);
      }
      if (node === undefined) return 0;
      const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
      return (part === 'key' ? (key ?? node) : node).offset;
    },
  };
}

/** JSON lets the last of equal keys win without a word; here one of them is a mistake. */
function addRepeatedKeys(node: import('jsonc-parser').Node, add: AddProblem): void {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    if (key !== undefined && seen.has(key.value)) add(key.offset, `the key \`${key.value}\` occurs twice`);
    seen.add(key?.value);
    addRepeatedKeys(child, add);
  }
}

/** What the generated validator is, and the part of its errors that is used. */
interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: { readonly properties?: object };
}

/** A schema error in words with its place; null for those that only wrap another. */
function describe(error: SchemaError, root: unknown): { path: Path; part: Part; message: string } | null {
  const path = error.instancePath.split('/').slice(1).map(decodePointer);
  const name = path.length === 0 ? 'the configuration' : `\`${path.join('.')}\``;
  const { params } = error;
  switch (error.keyword) {
    case 'if':
      return null;
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const allowed = Object.keys(error.parentSchema.properties ?? {});
      const kind = KINDS_OF_KEY[path.at(-1) ?? ''] ?? 'key';
      const isForNothing = key === 'options' && path.at(-2) === 'rules';
      const message = isForNothing
        ? `${name} has no options`
        : `unknown ${kind} \`${key}\`${didYouMean(key, allowed)}`;
      return { path: [...path, key], part: 'key', message };
    }
    case 'required':
      return { path, part: 'value', message: `${name} lacks \`${params.missingProperty}\`` };
    case 'type': {
      const types = [params.type].flat().map((type) => TYPE_WORDS[String(type)] ?? String(type));
      return { path, part: 'value', message: `${name} must be ${types.join(' or ')}` };
    }
    case 'enum': {
      const allowed = params.allowedValues as readonly string[];
      const value = valueAt(root, path);
      const hint = typeof value === 'string' ? didYouMean(value, allowed) : '';
      return { path, part: 'value', message: `${name} must be one of ${allowed.join(', ')}${hint}` };
    }
    case 'minimum':
      return { path, part: 'value', message: `${name} must be at least ${params.limit}` };
    case 'maximum':
      return { path, part: 'value', message: `${name} must be at most ${params.limit}` };
    case 'minItems':
      return { path, part: 'value', message: `${name} must not be empty` };
    default:
      return { path, part: 'value', message: `${name} is not what the schema allows (${error.schemaPath})` };
  }
}

/** What the keys of a mapping are called, by its name. */
const KINDS_OF_KEY: Readonly<Record<string, string>> = {
  rules: 'rule',
  effects: 'effect',
  options: 'option',
};

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
};

function decodePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const segment of path) value = (value as Record<string, unknown>)[segment];
  return value;
}

function placeAt(file: SourceFile, offset: number): ConfigPlace {
  const { line, column } = file.positionAt(offset);
  return { file: file.path, line, column };
}

function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
