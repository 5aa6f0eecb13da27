import { compare } from 'semver';
import {
  argumentNamed,
  type Expression,
  literalString,
  nestedBlocks,
  type ParsedFile,
} from '../../hcl/syntax.ts';
import { SourceFile, textOf } from '../../source/source-file.ts';
import { evaluate, type Resolved, type Scope } from '../../terraform/evaluate.ts';
import { buildModule, type Module, type ModuleCall, type Resource } from '../../terraform/module.ts';
import { asNumber, asString, unknown, type Value } from '../../terraform/value.ts';
import { findCatalogModule, parseModuleSource } from '../module-source.ts';
import { isCoderProvider } from '../provider-needs.ts';
import { PROMPT_PARAMETER_NAME } from '../template.ts';
import {
  type Catalog,
  type CatalogModule,
  type DefinedTask,
  type JsonValue,
  type ModuleFacts,
  type ModuleInput,
  type NestedModule,
  NO_FACTS,
  PROMPT_INPUTS,
} from './catalog.ts';

/** One release of a module as its tag holds it. */
export interface ModuleRelease {
  /** `namespace/name`. */
  readonly id: string;
  readonly version: string;
  /** Texts of the Terraform files by path inside the module's folder, those in folders below included. */
  readonly files: ReadonlyMap<string, string>;
}

/** A release of which not everything could be read; it is in the catalogue, marked as unresolved. */
interface BuildProblem {
  readonly id: string;
  readonly version: string;
  readonly path: string;
  readonly text: string;
}

/** Reads facts off the files of module releases. Pure; `parse` is the program's own parser. */
export function buildCatalog(
  releases: readonly ModuleRelease[],
  origin: Pick<Catalog, 'generatedFrom' | 'hosts' | 'layout'>,
  parse: (file: SourceFile) => ParsedFile,
): { catalog: Catalog; problems: BuildProblem[] } {
  const builder = new CatalogBuilder(releases, origin, parse);
  return { catalog: builder.build(), problems: builder.problems };
}

class CatalogBuilder {
  readonly problems: BuildProblem[] = [];
  private readonly origin: Pick<Catalog, 'generatedFrom' | 'hosts' | 'layout'>;
  private readonly parse: (file: SourceFile) => ParsedFile;
  private readonly releases = new Map<string, ModuleRelease[]>();
  private readonly folders = new Map<ModuleRelease, Map<string, Module>>();
  /** The releases without their facts: what is needed to resolve a nested module to a version. */
  private readonly skeleton: Catalog;

  constructor(
    releases: readonly ModuleRelease[],
    origin: Pick<Catalog, 'generatedFrom' | 'hosts' | 'layout'>,
    parse: (file: SourceFile) => ParsedFile,
  ) {
    this.origin = origin;
    this.parse = parse;
    const inOrder = [...releases].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    for (const release of inOrder) {
      const known = this.releases.get(release.id);
      if (known === undefined) this.releases.set(release.id, [release]);
      else known.push(release);
    }
    for (const list of this.releases.values()) list.sort((a, b) => compare(a.version, b.version));
    this.skeleton = {
      formatVersion: 1,
      ...origin,
      modules: mapValues(this.releases, (list) => ({
        releases: list.map(({ version }, facts) => ({ version, facts })),
        facts: list.map(() => NO_FACTS),
      })),
    };
  }

  build(): Catalog {
    const modules = mapValues(this.releases, (list) => this.moduleFrom(list));
    return { formatVersion: 1, ...this.origin, modules };
  }

  private moduleFrom(list: readonly ModuleRelease[]): CatalogModule {
    const facts: ModuleFacts[] = [];
    const releases: { version: string; facts: number }[] = [];
    let last = '';
    for (const release of list) {
      const found = this.factsFrom(release);
      const text = JSON.stringify(found);
      if (text !== last) facts.push(found);
      last = text;
      releases.push({ version: release.version, facts: facts.length - 1 });
    }
    return { releases, facts };
  }

  private factsFrom(release: ModuleRelease): ModuleFacts {
    const module = this.folderOf(release, '');
    const inputs = mapValues(module.variables, (variable) => inputFrom(variable.block.body));
    const found = new Findings();
    if (this.problems.some((problem) => problem.id === release.id && problem.version === release.version)) {
      found.unresolved.add('.');
    }
    this.survey(
      {
        release,
        module,
        prefix: '',
        counted: false,
        usual: true,
        depth: 0,
        fixed: new ModuleScope(module, new Map()),
        defaults: new ModuleScope(module, defaultsOf(module)),
        alternatives: new Map(),
      },
      found,
    );
    const names = Object.keys(inputs);
    return {
      definesTask: found.definesTask.sort((a, b) => (a.address < b.address ? -1 : 1)),
      promptParameters: found.promptParameters.sort(),
      parameters: [...found.parameters].sort(),
      readsTaskData: [...module.resources.values()].some(
        ({ mode, type }) => mode === 'data' && type === 'coder_task',
      ),
      outputs: [...module.outputs.keys()].sort(),
      inputs: Object.fromEntries(names.sort().map((name) => [name, inputs[name] as ModuleInput])),
      promptInput: PROMPT_INPUTS.find((name) => name in inputs) ?? null,
      provider: [...found.provider],
      terraform: joinConstraints([...found.terraform]),
      appSlugs: [...found.appSlugs].sort(),
      optionalAppSlugs: without(found.optionalAppSlugs, found.appSlugs),
      envNames: [...found.envNames].sort(),
      optionalEnvNames: without(found.optionalEnvNames, found.envNames),
      modules: [...module.calls.values()].flatMap(nestedModuleFrom),
      unresolved: [...found.unresolved].sort(),
    };
  }

  /** The merged module in a folder of a release. */
  private folderOf(release: ModuleRelease, folder: string): Module {
    let folders = this.folders.get(release);
    if (folders === undefined) {
      folders = new Map();
      this.folders.set(release, folders);
    }
    let module = folders.get(folder);
    if (module === undefined) {
      const paths = [...release.files.keys()].filter((path) => folderOfPath(path) === folder).sort();
      module = buildModule(
        folder,
        paths.map((path) => this.parseFile(release, path)),
      );
      folders.set(folder, module);
    }
    return module;
  }

  private parseFile(release: ModuleRelease, path: string): ParsedFile {
    const parsed = this.parse(new SourceFile(path, release.files.get(path) ?? ''));
    const first = parsed.problems[0];
    if (first !== undefined) {
      const { line } = first.span.file.positionAt(first.span.start);
      const { id, version } = release;
      this.problems.push({ id, version, path, text: `${first.summary} in line ${line}` });
    }
    return parsed;
  }

  /** Adds what a module and the modules below it bring. */
  private survey(at: Visit, found: Findings): void {
    for (const constraint of coderConstraintsOf(at.module)) found.provider.add(constraint);
    for (const argument of at.module.requiredVersions) {
      const constraint = literalString(argument.value);
      if (constraint !== null) found.terraform.add(constraint);
    }
    for (const resource of at.module.resources.values()) this.surveyResource(at, resource, found);
    for (const call of at.module.calls.values()) {
      const below = this.enter(at, call);
      if (below === null) found.unresolved.add(at.prefix + call.address);
      else this.survey(below, found);
    }
  }

  private surveyResource(at: Visit, resource: Resource, found: Findings): void {
    const { block, type, mode } = resource;
    const address = at.prefix + resource.address;
    const usual = at.usual && existsByDefault(resource, at.defaults);
    if (mode === 'data') {
      const name = argumentNamed(block.body, 'name')?.value;
      if (type === 'coder_parameter' && name !== undefined) {
        const names = stringsOf(name, at);
        for (const text of names) found.parameters.add(text);
        if (names.includes(PROMPT_PARAMETER_NAME)) found.promptParameters.push(address);
      }
    } else if (type === 'coder_ai_task') {
      found.definesTask.push({
        address,
        sidebarApp: nestedBlocks(block.body, 'sidebar_app').length > 0,
        appId: argumentNamed(block.body, 'app_id') !== undefined,
        counted: at.counted || isCounted(resource),
      });
    } else if (type === 'coder_app') {
      addNames(argumentNamed(block.body, 'slug')?.value, found.appSlugs, found.optionalAppSlugs);
    } else if (type === 'coder_env') {
      addNames(argumentNamed(block.body, 'name')?.value, found.envNames, found.optionalEnvNames);
    }

    function addNames(name: Expression | undefined, always: Set<string>, sometimes: Set<string>): void {
      const isCertain = name !== undefined && usual && evaluate(name, at.fixed).kind !== 'unknown';
      for (const text of stringsOf(name, at)) (isCertain ? always : sometimes).add(text);
    }
  }

  /** The module that a call leads to, seen with the inputs it gives; null when it is not in the catalogue. */
  private enter(at: Visit, call: ModuleCall): Visit | null {
    const place = call.source === null ? null : this.find(at, call.source, call.version);
    // No module calls itself in a working release; the limit only stops a broken one.
    if (place === null || at.depth === MAX_DEPTH) return null;
    const module = this.folderOf(place.release, place.folder);
    if (module.files.length === 0) return null;
    const defaults = defaultsOf(module);
    const fixed = new Map(defaults);
    const usual = new Map(defaults);
    const alternatives = new Map<string, readonly string[]>();
    for (const [name, { value }] of call.inputs) {
      fixed.set(name, evaluate(value, at.fixed));
      usual.set(name, evaluate(value, at.defaults));
      alternatives.set(name, stringsOf(value, at));
    }
    return {
      release: place.release,
      module,
      prefix: `${at.prefix}${call.address}.`,
      counted: at.counted || isCounted(call),
      usual: at.usual && existsByDefault(call, at.defaults),
      depth: at.depth + 1,
      fixed: new ModuleScope(module, fixed),
      defaults: new ModuleScope(module, usual),
      alternatives,
    };
  }

  private find(
    at: Visit,
    text: string,
    version: string | null,
  ): { release: ModuleRelease; folder: string } | null {
    const source = parseModuleSource(text);
    if (source.kind === 'local') {
      const folder = joinFolder(at.module.folder, source.path);
      return folder === null ? null : { release: at.release, folder };
    }
    const found = findCatalogModule(source, version, [this.skeleton]);
    if (found === null || found.resolved === null) return null;
    const release = this.releases.get(found.id)?.find((candidate) => candidate.version === found.resolved);
    return release === undefined ? null : { release, folder: '' };
  }
}

const MAX_DEPTH = 8;

/** Longest text that is taken as a default; longer ones are scripts and prompts, which are no facts. */
const MAX_TEXT = 120;

/** A module on the way down from the released one. */
interface Visit {
  readonly release: ModuleRelease;
  readonly module: Module;
  /** Address of the module with a dot behind it, `''` for the released module. */
  readonly prefix: string;
  readonly counted: boolean;
  /** False when a call with default inputs does not bring it. */
  readonly usual: boolean;
  readonly depth: number;
  /** Knows only what holds for every call: the released module's inputs are unknown. */
  readonly fixed: Scope;
  /** Knows what holds for a call that sets required inputs only. */
  readonly defaults: Scope;
  /** Texts that each input may have, where its value is a choice between literals. */
  readonly alternatives: ReadonlyMap<string, readonly string[]>;
}

class Findings {
  readonly definesTask: DefinedTask[] = [];
  readonly promptParameters: string[] = [];
  readonly parameters = new Set<string>();
  readonly provider = new Set<string>();
  readonly terraform = new Set<string>();
  readonly appSlugs = new Set<string>();
  readonly optionalAppSlugs = new Set<string>();
  readonly envNames = new Set<string>();
  readonly optionalEnvNames = new Set<string>();
  readonly unresolved = new Set<string>();
}

/** Knows variables and locals of one module; everything else waits for a plan. */
class ModuleScope implements Scope {
  private readonly module: Module;
  private readonly inputs: ReadonlyMap<string, Value>;
  private readonly locals = new Map<string, Value>();

  constructor(module: Module, inputs: ReadonlyMap<string, Value>) {
    this.module = module;
    this.inputs = inputs;
  }

  resolve(root: string, steps: Parameters<Scope['resolve']>[1]): Resolved {
    const [step] = steps;
    if (step?.kind === 'attribute') {
      if (root === 'var') {
        return { value: this.inputs.get(step.name) ?? unknown('it is an input of the module'), used: 1 };
      }
      if (root === 'local') return { value: this.local(step.name), used: 1 };
    }
    return { value: unknown('only a plan knows it'), used: steps.length };
  }

  private local(name: string): Value {
    const known = this.locals.get(name);
    if (known !== undefined) return known;
    // Stands while the local is evaluated, so that one which refers to itself ends.
    this.locals.set(name, unknown('it refers to itself'));
    const expression = this.module.locals.get(name)?.value;
    const value = expression === undefined ? unknown('there is no such local') : evaluate(expression, this);
    this.locals.set(name, value);
    return value;
  }
}

const NO_NAMES: Scope = { resolve: () => null };

function defaultsOf(module: Module): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const variable of module.variables.values()) {
    if (variable.default !== undefined) values.set(variable.name, evaluate(variable.default, NO_NAMES));
  }
  return values;
}

/**
 * The texts that an expression can have whatever inputs are set: its value, or the branches of a choice.
 * Empty when it is not known.
 */
function stringsOf(expression: Expression | undefined, at: Visit): string[] {
  if (expression === undefined) return [];
  const value = evaluate(expression, at.fixed);
  if (value.kind !== 'unknown') return nonEmpty(asString(value));
  switch (expression.kind) {
    case 'parens':
      return stringsOf(expression.inner, at);
    case 'conditional':
      return [...stringsOf(expression.then, at), ...stringsOf(expression.else, at)];
    case 'traversal': {
      const [step] = expression.steps;
      if (step?.kind !== 'attribute' || expression.steps.length > 1) return [];
      if (expression.root === 'var') return [...(at.alternatives.get(step.name) ?? [])];
      return expression.root === 'local' ? stringsOf(at.module.locals.get(step.name)?.value, at) : [];
    }
    default:
      return [];
  }
}

function nonEmpty(text: string | null): string[] {
  return text === null || text === '' ? [] : [text];
}

function isCounted(block: Resource | ModuleCall): boolean {
  return block.count !== undefined || block.forEach !== undefined;
}

/** Whether at least one instance is there when only required inputs are set and nothing is asked of a plan. */
function existsByDefault({ count, forEach }: Resource | ModuleCall, scope: Scope): boolean {
  if (count !== undefined) return (asNumber(evaluate(count.value, scope)) ?? 0) > 0;
  if (forEach === undefined) return true;
  const value = evaluate(forEach.value, scope);
  if (value.kind === 'object') return value.entries.size > 0;
  return (value.kind === 'set' || value.kind === 'list') && value.elements.length > 0;
}

/** Version constraints of a module on the coder provider. */
function coderConstraintsOf(module: Module): string[] {
  return [...module.requiredProviders.values()]
    .filter(isCoderProvider)
    .flatMap(({ version }) => version ?? []);
}

function inputFrom(body: Parameters<typeof argumentNamed>[0]): ModuleInput {
  const fallback = argumentNamed(body, 'default');
  const type = argumentNamed(body, 'type');
  const sensitive = argumentNamed(body, 'sensitive')?.value;
  const literal = fallback === undefined ? undefined : jsonFrom(evaluate(fallback.value, NO_NAMES));
  return {
    required: fallback === undefined,
    ...(literal === undefined ? {} : { default: literal }),
    ...(sensitive?.kind === 'literal' && sensitive.value === true ? { sensitive: true } : {}),
    ...(type === undefined ? {} : { type: typeText(type.value) }),
  };
}

/** The value as JSON; undefined when it is not wholly known or holds a text that is too long. */
function jsonFrom(value: Value): JsonValue | undefined {
  switch (value.kind) {
    case 'unknown':
      return undefined;
    case 'null':
      return null;
    case 'list':
    case 'set': {
      const elements = value.elements.map(jsonFrom);
      return elements.includes(undefined) ? undefined : (elements as JsonValue[]);
    }
    case 'object': {
      // Terraform's objects have no order, so another one is no other fact.
      const entries = [...value.entries].map(([name, entry]) => [name, jsonFrom(entry)] as const);
      entries.sort(([a], [b]) => (a < b ? -1 : 1));
      return entries.some(([, entry]) => entry === undefined)
        ? undefined
        : (Object.fromEntries(entries) as { [key: string]: JsonValue });
    }
    case 'string':
      return value.value.length > MAX_TEXT || value.value.includes('\n') ? undefined : value.value;
    default:
      return value.value;
  }
}

/** A type constraint on one line, without comments. */
function typeText(type: Expression): string {
  switch (type.kind) {
    case 'call':
      return `${type.name}(${type.arguments.map(typeText).join(', ')})`;
    case 'object':
      if (type.entries.length === 0) return '{}';
      return `{ ${type.entries.map(({ name, value }) => `${name} = ${typeText(value)}`).join(', ')} }`;
    case 'tuple':
      return `[${type.elements.map(typeText).join(', ')}]`;
    case 'parens':
      return typeText(type.inner);
    default:
      return textOf(type.span).replace(/\s+/g, ' ');
  }
}

/** Joins version constraints into one; of plain lower bounds only the highest is kept. */
function joinConstraints(constraints: readonly string[]): string | null {
  const bounds: { text: string; version: string }[] = [];
  const others: string[] = [];
  for (const text of constraints) {
    const version = /^\s*>=\s*(\d+(?:\.\d+){0,2})\s*$/.exec(text)?.[1];
    if (version === undefined) others.push(text);
    else bounds.push({ text: text.trim(), version: `${version}.0.0`.split('.').slice(0, 3).join('.') });
  }
  bounds.sort((a, b) => compare(b.version, a.version));
  const joined = [...bounds.slice(0, 1).map(({ text }) => text), ...others].join(', ');
  return joined === '' ? null : joined;
}

function nestedModuleFrom(call: ModuleCall): NestedModule[] {
  const { name, source, version } = call;
  return source === null ? [] : [{ name, source, version }];
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...names].filter((name) => !others.has(name)).sort();
}

function folderOfPath(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** A local module's folder, null when it lies outside the released module. */
function joinFolder(folder: string, path: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function mapValues<T, U>(map: ReadonlyMap<string, T>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries([...map].map(([key, value]) => [key, to(value)]));
}
