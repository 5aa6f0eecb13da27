import { argumentNamed, literalString, type ParsedFile } from '../hcl/syntax.ts';
import { comparePaths, joinPath, type TemplateFiles } from '../input/template-files.ts';
import { SourceFile, type Span } from '../source/source-file.ts';
import { buildModule, type Module, type ModuleCall } from './module.ts';

/** A module where it is used: the root, or what a `module` block brings in. A folder called twice is two nodes. */
export interface ModuleNode {
  /** `''` for the root, else `module.a.module.b`. */
  readonly address: string;
  readonly module: Module;
  readonly parent: ModuleNode | null;
  /** The block in `parent` that calls this module; null for the root. */
  readonly call: ModuleCall | null;
  /** True when Terraform downloads the module: its files come from `.terraform/modules`, not from the template. */
  readonly remote: boolean;
  /** Children by call name, in source order; calls whose files are not at hand are in `unresolved`. */
  readonly children: ReadonlyMap<string, ModuleNode>;
  readonly unresolved: ReadonlyMap<string, UnresolvedCall>;
}

/** A module call whose files are not part of what was read. */
interface UnresolvedCall {
  readonly call: ModuleCall;
  readonly reason: /** Terraform would download it. */
    | 'remote'
    /** A local path without Terraform files, or outside the tree. */
    | 'missing'
    /** It leads back to a module that is already being loaded. */
    | 'cycle'
    /** More modules within modules than Terraform users ever nest. */
    | 'too-deep'
    /** `source` is missing or no literal. */
    | 'no-source';
}

/** A configuration file that holds no readable text. */
interface UnreadableFile {
  readonly file: SourceFile;
  readonly detail: string;
  /** Whether it was left unread for its size, so that Terraform may well read it. */
  readonly isTooLarge: boolean;
}

/** A template with all modules that its files bring along. */
export interface ModuleTree {
  /** Where all was read from, for questions about files that are no Terraform. */
  readonly source: TemplateFiles;
  readonly root: ModuleNode;
  /** The root and all nodes below it, parents first. */
  readonly nodes: readonly ModuleNode[];
  /** Every parsed file once, also those of folders that are called more than once. */
  readonly files: readonly ParsedFile[];
  readonly unreadable: readonly UnreadableFile[];
  /** Version that `.terraform/modules/modules.json` says is installed, by node-like address. */
  readonly installedVersions: ReadonlyMap<string, string>;
  /** Versions that `.terraform.lock.hcl` pins, by provider address (`registry.terraform.io/coder/coder`). */
  readonly lockedProviders: ReadonlyMap<string, LockedProvider>;
  /** Whether there is a lock file; `coder templates push` warns when there is none. */
  readonly hasLockFile: boolean;
}

interface LockedProvider {
  readonly version: string;
  readonly at: Span;
}

const MAX_DEPTH = 20;
/** Bounds the fan-out of folders that call each other in chains: 2^20 nodes would fit in 21 small files. */
const MAX_NODES = 500;
/** A module of many blocks that is called many times is many blocks, too. */
const MAX_BLOCKS = 20_000;

/** Reads a template and, from there, every local module it calls; never throws on their content. */
export function loadModuleTree(files: TemplateFiles, parse: (file: SourceFile) => ParsedFile): ModuleTree {
  const loader = new Loader(files, parse);
  const root = loader.load({ folder: files.folder, address: '', parent: null, call: null, remote: false });
  return {
    source: files,
    root,
    nodes: loader.nodes,
    files: [...loader.parsed.values()].flat(),
    unreadable: loader.unreadable,
    installedVersions: loader.installed.versions,
    ...readLockFile(files, parse),
  };
}

/** Whether Terraform reads a file of that name as configuration. */
export function isConfigurationFile(name: string): boolean {
  return /^[^.].*\.tf(\.json)?$/.test(name) && !name.endsWith('~');
}

interface NodeSeed {
  readonly folder: string;
  readonly address: string;
  readonly parent: ModuleNode | null;
  readonly call: ModuleCall | null;
  readonly remote: boolean;
}

class Loader {
  readonly nodes: ModuleNode[] = [];
  readonly parsed = new Map<string, ParsedFile[]>();
  readonly unreadable: UnreadableFile[] = [];
  readonly installed: InstalledModules;
  private readonly modules = new Map<string, Module>();
  private blocks = 0;
  private readonly files: TemplateFiles;
  private readonly parse: (file: SourceFile) => ParsedFile;

  constructor(files: TemplateFiles, parse: (file: SourceFile) => ParsedFile) {
    this.files = files;
    this.parse = parse;
    this.installed = readInstalledModules(files);
  }

  load(seed: NodeSeed): ModuleNode {
    const children = new Map<string, ModuleNode>();
    const unresolved = new Map<string, UnresolvedCall>();
    const { folder, ...rest } = seed;
    const node: ModuleNode = { ...rest, module: this.moduleIn(folder), children, unresolved };
    this.nodes.push(node);
    this.blocks += node.module.blocks.length;
    for (const call of node.module.calls.values()) {
      const target = this.resolve(node, call);
      if (typeof target === 'string') unresolved.set(call.name, { call, reason: target });
      else children.set(call.name, this.load(target));
    }
    return node;
  }

  private resolve(node: ModuleNode, call: ModuleCall): NodeSeed | UnresolvedCall['reason'] {
    const address = node.address === '' ? call.address : `${node.address}.${call.address}`;
    if (call.source === null) return 'no-source';
    // An absolute path leads somewhere on the author's machine, and nowhere on a server.
    if (/^(\/|[A-Za-z]:[\\/])/.test(call.source)) return 'missing';
    const isLocal = /^\.\.?(\/|$)/.test(call.source);
    const folder = isLocal
      ? joinPath(node.module.folder, call.source)
      : (this.installed.folders.get(address) ?? null);
    if (folder === null || !this.files.list(folder).some(isConfigurationFile)) {
      return isLocal ? 'missing' : 'remote';
    }
    if (isOnPath(node, folder)) return 'cycle';
    const isTooDeep = address.split('.module.').length > MAX_DEPTH;
    if (isTooDeep || this.nodes.length >= MAX_NODES || this.blocks >= MAX_BLOCKS) return 'too-deep';
    return { folder, address, parent: node, call, remote: node.remote || !isLocal };
  }

  private moduleIn(folder: string): Module {
    const known = this.modules.get(folder);
    if (known !== undefined) return known;
    const parsed: ParsedFile[] = [];
    for (const name of this.files.list(folder).filter(isConfigurationFile).sort(comparePaths)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const content = this.files.read(path);
      if (content === null) continue;
      if ('text' in content) parsed.push(this.parse(new SourceFile(path, content.text)));
      else {
        const { problem, detail } = content;
        this.unreadable.push({ file: new SourceFile(path, ''), detail, isTooLarge: problem === 'too-large' });
      }
    }
    this.parsed.set(folder, parsed);
    const module = buildModule(folder, parsed);
    this.modules.set(folder, module);
    return module;
  }
}

function isOnPath(node: ModuleNode | null, folder: string): boolean {
  for (let at = node; at !== null; at = at.parent) if (at.module.folder === folder) return true;
  return false;
}

/** Whether Terraform downloaded a file, so that it belongs to a module and not to the template's author. */
export function isDownloaded({ path }: SourceFile): boolean {
  return /(^|\/)\.terraform\//.test(path);
}

const LOCK_FILE = '.terraform.lock.hcl';

function readLockFile(
  files: TemplateFiles,
  parse: (file: SourceFile) => ParsedFile,
): Pick<ModuleTree, 'lockedProviders' | 'hasLockFile'> {
  const lockedProviders = new Map<string, LockedProvider>();
  const path = joinPath(files.folder, LOCK_FILE);
  const content = path === null ? null : files.read(path);
  if (path === null || content === null) return { lockedProviders, hasLockFile: false };
  // A lock file without readable text pins nothing; Terraform writes it anew.
  const items = 'text' in content ? parse(new SourceFile(path, content.text)).body.items : [];
  for (const block of items) {
    if (block.kind !== 'block' || block.type !== 'provider') continue;
    const version = argumentNamed(block.body, 'version');
    const text = literalString(version?.value);
    const address = block.labels[0]?.text;
    if (version !== undefined && text !== null && address !== undefined) {
      lockedProviders.set(address, { version: text, at: version.value.span });
    }
  }
  return { lockedProviders, hasLockFile: true };
}

interface InstalledModules {
  /** Folder in the tree by address. */
  readonly folders: ReadonlyMap<string, string>;
  readonly versions: ReadonlyMap<string, string>;
}

/** What `terraform init` wrote about the modules it downloaded; nothing when it has not run or the file is broken. */
function readInstalledModules(files: TemplateFiles): InstalledModules {
  const folders = new Map<string, string>();
  const versions = new Map<string, string>();
  const path = joinPath(files.folder, '.terraform/modules/modules.json');
  const content = path === null ? null : files.read(path);
  if (content !== null && 'text' in content) {
    for (const entry of entriesIn(content.text)) {
      const address = entry.Key.split('.')
        .map((name) => `module.${name}`)
        .join('.');
      const folder = joinPath(files.folder, entry.Dir);
      if (folder !== null) folders.set(address, folder);
      if (typeof entry.Version === 'string') versions.set(address, entry.Version);
    }
  }
  return { folders, versions };
}

interface InstalledEntry {
  readonly Key: string;
  readonly Dir: string;
  readonly Version?: unknown;
}

function entriesIn(text: string): InstalledEntry[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The manifest is Terraform's cache, not the author's work: without it modules count as not downloaded.
    return [];
  }
  const modules = typeof json === 'object' && json !== null ? (json as { Modules?: unknown }).Modules : null;
  if (!Array.isArray(modules)) return [];
  return modules.filter(
    (entry): entry is InstalledEntry =>
      typeof entry?.Key === 'string' && entry.Key !== '' && typeof entry?.Dir === 'string',
  );
}
