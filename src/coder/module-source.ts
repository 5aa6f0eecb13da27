import { valid } from 'semver';
import {
  type Catalog,
  type CatalogModule,
  factsOf,
  type ModuleFacts,
  resolveVersion,
} from './catalog/catalog.ts';

/** What the `source` of a module call addresses, by Terraform's grammar (internal/addrs/module_source.go). */
type ModuleSource =
  /** `./x` and `../x`. */
  | { readonly kind: 'local'; readonly path: string }
  /** `[host/]namespace/name/system[//submodule]`; `id` is `namespace/name`. */
  | {
      readonly kind: 'registry';
      readonly host: string;
      readonly id: string;
      readonly system: string;
      readonly submodule: string | null;
    }
  /** Any spelling of a git repository; `repository` is `host/path` without user, port and `.git`. */
  | {
      readonly kind: 'git';
      readonly repository: string;
      readonly ref: string | null;
      /** Folder inside the repository, `''` for its top. */
      readonly path: string;
    }
  /** Everything else that Terraform downloads: archives, buckets, Mercurial. */
  | { readonly kind: 'remote'; readonly address: string };

/** Host that Terraform asks when a registry source names none. */
const DEFAULT_REGISTRY_HOST = 'registry.terraform.io';

/** Classifies a module source; never throws, text that Terraform would refuse counts as `remote`. */
export function parseModuleSource(source: string): ModuleSource {
  if (/^\.\.?[/\\]/.test(source) || source === '.' || source === '..') return { kind: 'local', path: source };
  return parseRegistrySource(source) ?? parseGitSource(source) ?? { kind: 'remote', address: source };
}

/** The name that a module goes by where it is kept: `claude-code` of `github.com/acme/modules//claude-code`. */
export function moduleNameIn(source: ModuleSource): string {
  switch (source.kind) {
    case 'registry':
      return (source.submodule ?? source.id).split('/').at(-1) as string;
    case 'git':
      return (source.path || source.repository).split('/').at(-1) as string;
    case 'local':
      return source.path.split('/').at(-1) as string;
    case 'remote':
      return (source.address.split('?')[0] as string).split('/').at(-1) as string;
  }
}

const LABEL = '[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?';
const REGISTRY_SOURCE = new RegExp(
  `^(?:(?<host>[^/\\s:][^/\\s:.]*\\.[^/\\s:]+(?::\\d+)?|localhost(?::\\d+)?)/)?(?<namespace>${LABEL})/(?<name>${LABEL})/(?<system>[0-9a-z]{1,64})$`,
);

/** Hosts that Terraform never takes for a registry, since three segments after them are a repository. */
const NOT_REGISTRIES = new Set(['github.com', 'bitbucket.org', 'gitlab.com']);

function parseRegistrySource(source: string): ModuleSource | null {
  const { address, path, query } = splitSubfolder(source);
  const groups = query === '' ? REGISTRY_SOURCE.exec(address)?.groups : undefined;
  if (groups === undefined) return null;
  const host = (groups.host ?? DEFAULT_REGISTRY_HOST).toLowerCase();
  if (NOT_REGISTRIES.has(host)) return null;
  return {
    kind: 'registry',
    host,
    id: `${groups.namespace}/${groups.name}`,
    system: groups.system as string,
    submodule: path === '' ? null : path,
  };
}

function parseGitSource(source: string): ModuleSource | null {
  const forced = source.startsWith('git::');
  const { address, path, query } = splitSubfolder(forced ? source.slice('git::'.length) : source);
  const place = gitPlace(address, forced);
  if (place === null) return null;
  // `github.com/owner/name/folder` is the short form of `github.com/owner/name//folder`.
  const short = forced ? null : /^(github\.com\/[^/]+\/[^/]+?)(?:\.git)?\/(.+)$/.exec(place);
  const folder = [short?.[2], path].filter((part) => part !== undefined && part !== '').join('/');
  return {
    kind: 'git',
    repository: (short?.[1] ?? place).replace(/\.git$/, ''),
    ref: new URLSearchParams(query).get('ref'),
    path: folder,
  };
}

/** `host/path` of an address that Terraform hands to git, null when it would not. */
function gitPlace(address: string, forced: boolean): string | null {
  const scp = /^(?:[\w.-]+@)?([\w.-][\w-]*\.[\w.-]+):(?!\/\/)\/?(.+)$/.exec(address);
  if (scp !== null && (forced || address.startsWith('git@'))) return joinPlace(scp[1], scp[2]);
  const url = /^(?:https?|ssh|git|git\+ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(address);
  // Without `git::` an https address is an archive, even when it ends in `.git`.
  if (url !== null) return forced ? joinPlace(url[1], url[2]) : null;
  const shorthand = /^(?:www\.)?(github\.com|bitbucket\.org)\/([^/]+\/[^/].*)$/i.exec(address);
  return shorthand === null ? null : joinPlace(shorthand[1], shorthand[2]);
}

/** A path without slashes at its ends. */
export function trimSlashes(path: string): string {
  return path.replace(/^\/+|(?<!\/)\/+$/g, '');
}

function joinPlace(host: string | undefined, path: string | undefined): string {
  return `${(host ?? '').toLowerCase()}/${trimSlashes(path ?? '')}`;
}

/** Takes `//folder` and `?query` off an address, as go-getter does: the `//` of `scheme://` is not one. */
function splitSubfolder(source: string): { address: string; path: string; query: string } {
  const mark = source.indexOf('?');
  const query = mark === -1 ? '' : source.slice(mark + 1);
  const bare = mark === -1 ? source : source.slice(0, mark);
  const scheme = bare.indexOf('://');
  const at = bare.indexOf('//', scheme === -1 ? 0 : scheme + 3);
  if (at === -1) return { address: bare, path: '', query };
  return { address: bare.slice(0, at), path: trimSlashes(bare.slice(at + 2)), query };
}

/** A module call that leads to a module of a catalogue. */
interface CatalogMatch {
  readonly catalog: Catalog;
  /** `namespace/name` in the catalogue, whatever the spelling of the source. */
  readonly id: string;
  readonly module: CatalogModule;
  readonly version: WantedVersion;
  /** The release that `terraform init` would take of those in the catalogue; null when none is known to fit. */
  readonly resolved: string | null;
  readonly facts: ModuleFacts | null;
}

/** Which version a module call asks for. */
export type WantedVersion =
  /** The `version` argument of a registry source; null when there is none, so that the newest is taken. */
  | { readonly kind: 'constraint'; readonly text: string | null }
  /** A release tag as git reference. */
  | { readonly kind: 'exact'; readonly version: string }
  /** A git branch, a commit, or no reference at all. */
  | { readonly kind: 'unknown'; readonly ref: string | null };

/**
 * Looks a module call up in catalogues; the first that describes the module wins. Null when none does.
 * `version` is the call's version constraint.
 */
export function findCatalogModule(
  source: ModuleSource,
  version: string | null,
  catalogs: readonly Catalog[],
): CatalogMatch | null {
  for (const catalog of catalogs) {
    const found =
      source.kind === 'registry'
        ? findByRegistryAddress(source, version, catalog)
        : source.kind === 'git'
          ? findInRepository(source, catalog)
          : null;
    if (found !== null) return found;
  }
  return null;
}

type RegistrySource = Extract<ModuleSource, { kind: 'registry' }>;
type GitSource = Extract<ModuleSource, { kind: 'git' }>;

const CODER_REGISTRY = 'registry.coder.com';

/** Repository of Coder's modules until May 2025 (coder/modules#468); folder = name, one tag `v1.0.x` for all. */
const FORMER_REPOSITORY = 'github.com/coder/modules';

/** Namespace of all modules of that time; registry.coder.com still answers to it. */
const FORMER_NAMESPACE = 'modules';

function findByRegistryAddress(
  source: RegistrySource,
  version: string | null,
  catalog: Catalog,
): CatalogMatch | null {
  // A submodule is another module, of which the catalogue knows nothing.
  if (source.submodule !== null) return null;
  const served =
    catalog.hosts.some((host) => host.toLowerCase() === source.host) ||
    // People leave out Coder's host; only `coder` as system tells such a source from a public module.
    (source.host === DEFAULT_REGISTRY_HOST && source.system === 'coder' && isCoderRegistry(catalog));
  if (!served) return null;
  const [namespace, name] = source.id.split('/') as [string, string];
  const id =
    namespace === FORMER_NAMESPACE && isCoderRegistry(catalog) ? idOfFormerModule(name, catalog) : source.id;
  return match(catalog, id, { kind: 'constraint', text: version });
}

function findInRepository(source: GitSource, catalog: Catalog): CatalogMatch | null {
  const repository = source.repository.toLowerCase();
  // Git takes a tag by its full name too.
  const ref = source.ref?.replace(/^(refs\/)?tags\//, '') ?? null;
  if (repository === FORMER_REPOSITORY && isCoderRegistry(catalog)) {
    const tag = /^(?:release\/[^/]+\/)?v?(\d+\.\d+\.\d\S*)$/.exec(ref ?? '');
    return match(catalog, idOfFormerModule(source.path, catalog), wantedByTag(source.ref, tag?.[1]));
  }
  if (!catalog.hosts.some((host) => host.toLowerCase() === repository)) return null;
  const folder = patternOf(catalog.layout.path).exec(source.path)?.groups;
  if (folder === undefined) return null;
  const namespace = folder.namespace ?? catalog.layout.namespace;
  const name = folder.module ?? catalog.layout.module;
  const tag = patternOf(catalog.layout.tag).exec(ref ?? '')?.groups;
  // A release tag of another module holds this one too, in a state that is no release of its own.
  const own =
    (tag?.namespace === undefined || tag.namespace === namespace) &&
    (tag?.module === undefined || tag.module === name);
  return match(catalog, `${namespace}/${name}`, wantedByTag(source.ref, own ? tag?.version : undefined));
}

function wantedByTag(ref: string | null, version: string | undefined): WantedVersion {
  const exact = valid(version);
  return exact === null ? { kind: 'unknown', ref } : { kind: 'exact', version: exact };
}

function isCoderRegistry(catalog: Catalog): boolean {
  return catalog.hosts.includes(CODER_REGISTRY);
}

/** The module that carries a name of the time when there were no namespaces; most went to `coder`. */
function idOfFormerModule(name: string, catalog: Catalog): string {
  if (Object.hasOwn(catalog.modules, `coder/${name}`)) return `coder/${name}`;
  const moved = Object.keys(catalog.modules).filter((id) => id.endsWith(`/${name}`));
  return moved.length === 1 ? (moved[0] as string) : `coder/${name}`;
}

function match(catalog: Catalog, id: string, version: WantedVersion): CatalogMatch | null {
  const module = Object.hasOwn(catalog.modules, id) ? catalog.modules[id] : undefined;
  if (module === undefined) return null;
  const resolved = resolve(module, version);
  return {
    catalog,
    id,
    module,
    version,
    resolved,
    facts: resolved === null ? null : factsOf(module, resolved),
  };
}

function resolve(module: CatalogModule, version: WantedVersion): string | null {
  switch (version.kind) {
    case 'constraint':
      return resolveVersion(module, version.text);
    case 'exact':
      return factsOf(module, version.version) === null ? null : version.version;
    case 'unknown':
      return null;
  }
}

/**
 * A layout pattern such as `release/{namespace}/{module}/v{version}` as a regular expression with a
 * group per placeholder.
 */
export function patternOf(pattern: string): RegExp {
  const source = pattern
    .split(/(\{namespace\}|\{module\}|\{version\})/)
    .map((part) => {
      if (part === '{version}') return '(?<version>\\d+\\.\\d+\\.\\d+(?:[-+][0-9A-Za-z.+-]+)?)';
      if (part === '{namespace}' || part === '{module}') return `(?<${part.slice(1, -1)}>[^/]+)`;
      return part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}
