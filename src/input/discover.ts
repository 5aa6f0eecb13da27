import { accessSync, constants, type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeOf, findRepository, isInside, listFiles, readBytes, realPathOr } from './directory.ts';
import { comparePaths, decodeText } from './template-files.ts';

interface DiscoverOptions {
  /** Folder that relative paths start from; by default the current one. */
  readonly cwd?: string;
}

/** The templates that paths name, and the paths that name none. */
interface Discovery {
  /** Sorted by path, each once. */
  readonly templates: readonly TemplateRoot[];
  /** In the order in which they came up; folders below a path that cannot be read are among them. */
  readonly unmatched: readonly UnmatchedPath[];
}

/** A template on disk; both paths are absolute and real, and what `openDirectory` wants. */
export interface TemplateRoot {
  readonly path: string;
  /** What may be read around the template when it is in no repository. */
  readonly boundary: string;
}

/** A path that led to no template. */
interface UnmatchedPath {
  readonly path: string;
  readonly why: 'missing' | 'unreadable' | 'no-template';
  /** Ends the sentence that the path begins: `does not exist`. */
  readonly reason: string;
}

/**
 * Finds the templates at and below paths: folders whose Terraform files, or those of the local modules
 * they call, use the coder provider, and that no other folder below the path calls as a local module.
 * A folder that holds a template itself means that one; a file means the template that it is part of. A
 * glob pattern is expanded when no file has that very name.
 */
export async function discover(paths: readonly string[], options: DiscoverOptions = {}): Promise<Discovery> {
  const search = new Search(options.cwd ?? process.cwd());
  for (const path of paths) await search.take(path);
  return search.result();
}

/** What the text of the Terraform files directly in a folder says. */
interface FolderFacts {
  readonly hasTerraform: boolean;
  readonly usesCoder: boolean;
  /** Whether it declares an agent, which no template can do without. */
  readonly hasAgent: boolean;
  /** Real paths of the local modules that it calls. */
  readonly calls: readonly string[];
}

/** Larger files are no hand-written Terraform, and only a glance is needed here; in bytes. */
const GLANCE_LIMIT = 1024 * 1024;

class Search {
  readonly #cwd: string;
  readonly #templates = new Map<string, TemplateRoot>();
  readonly #unmatched: UnmatchedPath[] = [];
  readonly #facts = new Map<string, FolderFacts>();

  constructor(cwd: string) {
    this.#cwd = realPathOr(cwd);
  }

  result(): Discovery {
    const templates = [...this.#templates.values()].sort((a, b) => comparePaths(a.path, b.path));
    return { templates, unmatched: this.#unmatched };
  }

  async take(path: string): Promise<void> {
    if (path === '') return this.#miss(path, 'missing', 'is an empty path');
    const absolute = resolve(this.#cwd, path);
    let real: string;
    let found: Stats;
    try {
      real = realpathSync(absolute);
      found = statSync(real);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT' && /[*?[\]{}()!]/.test(path)) return this.#takePattern(path);
      if (code === 'ENOENT' || code === 'ENOTDIR') return this.#miss(path, 'missing', 'does not exist');
      return this.#miss(path, 'unreadable', `cannot be read (${code})`);
    }
    if (found.isDirectory()) return this.#takeFolder(path, real);
    // A link to a file is part of the folder that the link is in, as Terraform sees it.
    if (found.isFile()) return this.#takeFile(path, realpathSync(dirname(absolute)));
    this.#miss(path, 'unreadable', 'is neither a file nor a folder');
  }

  async #takePattern(pattern: string): Promise<void> {
    const { default: fastGlob } = await import('fast-glob');
    const paths = await fastGlob(pattern, {
      cwd: this.#cwd,
      onlyFiles: false,
      followSymbolicLinks: false,
      ignore: SKIPPED,
      suppressErrors: true,
    });
    if (paths.length === 0) this.#miss(pattern, 'missing', 'does not exist and matches nothing as a pattern');
    for (const path of paths.sort(comparePaths)) await this.take(path);
  }

  #takeFile(path: string, folder: string): void {
    const boundary = findRepository(folder) ?? (isInside(this.#cwd, folder) ? this.#cwd : folder);
    let root = this.#usesCoder(folder) ? folder : null;
    // The highest caller is the template; a module's file is rarely named for the module's own sake.
    for (let above = folder; above !== boundary && above !== dirname(above); ) {
      above = dirname(above);
      if (this.#reach(above).has(folder) && this.#usesCoder(above)) root = above;
    }
    if (root !== null) this.#add(root, boundary);
    else if (!isReadable(resolve(this.#cwd, path))) this.#miss(path, 'unreadable', 'cannot be read');
    else
      this.#miss(
        path,
        'no-template',
        'is part of no template: nothing in its folder uses the coder provider',
      );
  }

  #takeFolder(path: string, folder: string): void {
    try {
      listFiles(folder);
    } catch (error) {
      this.#miss(path, 'unreadable', `cannot be read (${codeOf(error)})`);
      return;
    }
    if (this.#usesCoder(folder)) {
      this.#add(folder, folder);
      return;
    }
    const found = this.#findFolders(folder);
    const roots = this.#rootsAmong(found.folders);
    for (const root of roots) this.#add(root, folder);
    if (roots.length > 0) return;
    // Terraform that has nothing of Coder is still what the user asked about.
    if (this.#factsOf(folder).hasTerraform) this.#add(folder, folder);
    else this.#miss(path, 'no-template', whyNoTemplate(found));
  }

  /** Of the folders that lead to the coder provider, those that no other folder calls, nor seems to have called. */
  #rootsAmong(folders: ReadonlySet<string>): string[] {
    const candidates = [...folders].filter((folder) => this.#usesCoder(folder)).sort(comparePaths);
    const called = new Set(
      candidates.flatMap((folder) => this.#factsOf(folder).calls.filter((call) => call !== folder)),
    );
    const roots = candidates.filter((folder) => !called.has(folder));
    const covered = new Set(roots.flatMap((root) => [...this.#reach(root)]));
    // Folders that call each other in a circle have no root; the first stands for them, else they would go unseen.
    for (const folder of candidates) {
      if (covered.has(folder)) continue;
      roots.push(folder);
      for (const reached of this.#reach(folder)) covered.add(reached);
    }
    return roots.filter((root) => !this.#isLeftover(root, roots));
  }

  /** A module in a template's folder that nobody calls any more. */
  #isLeftover(folder: string, roots: readonly string[]): boolean {
    const isNested = roots.some((root) => root !== folder && isInside(root, folder));
    return isNested && ![...this.#reach(folder)].some((reached) => this.#factsOf(reached).hasAgent);
  }

  /** Real paths of the folders at and below a folder that hold Terraform files. */
  #findFolders(start: string): { folders: Set<string>; hasTofu: boolean } {
    const tree = findRepository(start) ?? start;
    const folders = new Set<string>();
    // What is added while it is walked is walked too, each folder once.
    const waiting = new Set([start]);
    let hasTofu = false;
    for (const folder of waiting) {
      for (const entry of this.#entriesOf(folder)) {
        const { name } = entry;
        const place = join(folder, name);
        hasTofu ||= /\.tofu(\.json)?$/.test(name);
        if (entry.isDirectory()) waiting.add(place);
        else if (entry.isFile() && isTerraformFile(name)) folders.add(folder);
        const target = entry.isSymbolicLink() ? followInside(tree, place) : null;
        if (target === null) continue;
        if (target.isFile) {
          if (isTerraformFile(name)) folders.add(folder);
        } else if (!isInside(target.path, place)) {
          // A link to a folder that it is in would only lead in circles, or out of what was named.
          waiting.add(target.path);
        }
      }
    }
    return { folders, hasTofu };
  }

  /** What a folder holds that is searched; an unreadable one holds nothing, but is told. */
  #entriesOf(folder: string): Dirent[] {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      return entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
    } catch (error) {
      this.#miss(folder, 'unreadable', `cannot be read (${codeOf(error)})`);
      return [];
    }
  }

  #usesCoder(folder: string): boolean {
    for (const reached of this.#reach(folder)) if (this.#factsOf(reached).usesCoder) return true;
    return false;
  }

  /** The folder and all that it calls as local modules, directly or not. */
  #reach(folder: string): Set<string> {
    const reached = new Set([folder]);
    for (const at of reached) for (const call of this.#factsOf(at).calls) reached.add(call);
    return reached;
  }

  #factsOf(folder: string): FolderFacts {
    const known = this.#facts.get(folder);
    if (known !== undefined) return known;
    const facts = readFacts(folder);
    this.#facts.set(folder, facts);
    return facts;
  }

  #add(path: string, boundary: string): void {
    if (this.#templates.has(path)) return;
    // Terraform reads the modules that a template calls wherever they lie.
    const called = [...this.#reach(path)].filter((folder) => this.#factsOf(folder).hasTerraform);
    this.#templates.set(path, { path, boundary: called.reduce(sharedFolder, boundary) });
  }

  #miss(path: string, why: UnmatchedPath['why'], reason: string): void {
    this.#unmatched.push({ path, why, reason });
  }
}

function whyNoTemplate({ folders, hasTofu }: { folders: ReadonlySet<string>; hasTofu: boolean }): string {
  if (folders.size > 0) return 'holds Terraform files, but none use the coder provider';
  return hasTofu
    ? 'holds OpenTofu files (.tofu) only, which Coder does not read'
    : 'holds no Terraform files';
}

/** What a pattern does not reach: `.terraform` holds copies of modules. */
const SKIPPED = ['**/.terraform/**', '**/node_modules/**'];

/** Whether Terraform reads a file of this name. What editors leave behind starts or ends with other marks. */
function isTerraformFile(name: string): boolean {
  return /^[^.].*\.tf(\.json)?$/.test(name);
}

function readFacts(folder: string): FolderFacts {
  const names = namesIn(folder).filter(isTerraformFile);
  const tree = findRepository(folder);
  const calls = new Set<string>();
  let usesCoder = false;
  let hasAgent = false;
  for (const name of names) {
    const text = glanceAt(join(folder, name));
    usesCoder ||= CODER_USE.test(text);
    hasAgent ||= CODER_AGENT.test(text);
    for (const [, source = ''] of text.matchAll(LOCAL_SOURCE)) {
      const target = followInside(tree, resolve(folder, source));
      if (target !== null && !target.isFile) calls.add(target.path);
    }
  }
  return { hasTerraform: names.length > 0, usesCoder, hasAgent, calls: [...calls] };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return listFiles(folder);
  } catch {
    return [];
  }
}

/** `resource "coder_agent"` and the like, the same in JSON, and the provider's source. */
const CODER_USE = /\b(?:resource|data|ephemeral)\s+"?coder_\w|"coder_\w+"\s*:|"(?:[\w.-]+\/)?coder\/coder"/;

const CODER_AGENT = /\bresource\s+"?coder_agent\b|"coder_agent"\s*:/;

/** `source = "./x"` and the same in JSON. */
const LOCAL_SOURCE = /\bsource"?\s*[=:]\s*"(\.\.?(?:\/[^"$]*)?)"/g;

/** Comments and heredocs, behind strings so that a `#` or `//` inside one starts nothing. */
const NO_CODE =
  /("(?:\\.|[^"\\\n])*"?)|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|<<-?([A-Za-z_][\w-]*)\r?\n[\s\S]*?(?:\n[ \t]*\2(?![\w-])|$)/g;

/** Text of a file without comments and heredocs; empty when it cannot be read. JSON has neither, which does no harm. */
function glanceAt(path: string): string {
  const bytes = readBytes(path, GLANCE_LIMIT);
  if (!(bytes instanceof Uint8Array)) return '';
  const content = decodeText(bytes);
  return 'text' in content ? content.text.replace(NO_CODE, (_match, string?: string) => string ?? ' ') : '';
}

/** Where a path leads on disk, unless it leads nowhere or out of the tree (null: no tree bounds it). */
function followInside(tree: string | null, path: string): { path: string; isFile: boolean } | null {
  try {
    const real = realpathSync(path);
    if (tree !== null && !isInside(tree, real)) return null;
    const found = statSync(real);
    return found.isFile() || found.isDirectory() ? { path: real, isFile: found.isFile() } : null;
  } catch {
    return null;
  }
}

/** The deepest folder that holds both. */
function sharedFolder(one: string, other: string): string {
  let shared = one;
  while (!isInside(shared, other)) shared = dirname(shared);
  return shared;
}
