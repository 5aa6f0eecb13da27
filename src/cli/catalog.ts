import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { compare, valid } from 'semver';
import { buildCatalog, type ModuleRelease } from '../coder/catalog/build.ts';
import type { RepositoryLayout } from '../coder/catalog/catalog.ts';
import { writeCatalog } from '../coder/catalog/file.ts';
import { parseModuleSource, patternOf, trimSlashes } from '../coder/module-source.ts';
import { loadParser } from '../hcl/parse.ts';
import { parseJson } from '../hcl/parse-json.ts';
import { wasmFiles } from '../input/wasm.ts';
import { type Environment, EXIT, UsageError } from './environment.ts';
import { useFile } from './use-file.ts';

/** What `tasks-lint catalog` is asked for; patterns as in `RepositoryLayout`. */
export interface CatalogArguments {
  /** Folder of a git clone of the registry's repository, bare or not. */
  readonly clone: string;
  /** File to write; without it the catalogue goes to standard output. */
  readonly output?: string | undefined;
  /** Default `release/{namespace}/{module}/v{version}`. */
  readonly tagPattern?: string | undefined;
  /** Default `registry/{namespace}/modules/{module}`. */
  readonly pathPattern?: string | undefined;
  /** Namespace and module name, where no pattern tells them. */
  readonly namespace?: string | undefined;
  readonly module?: string | undefined;
  /** Address of the repository as git sources name it; default the clone's remote `origin`. */
  readonly repository?: string | undefined;
  /** Registry hosts that serve the modules. */
  readonly host?: readonly string[] | undefined;
}

/**
 * Builds the catalogue of a module registry from the release tags of its git clone.
 * @throws UsageError when the clone or the options do not allow it, or the file cannot be written
 */
export async function runCatalog(
  args: CatalogArguments,
  { cwd, stdout, stderr }: Environment,
): Promise<number> {
  const { output } = args;
  const { text, summary } = await makeCatalog(args, cwd);
  if (output === undefined) stdout.write(text);
  else useFile(`${output} cannot be written`, () => writeFileSync(resolve(cwd, output), text));
  stderr.write(summary);
  return EXIT.ok;
}

async function makeCatalog(args: CatalogArguments, cwd: string): Promise<{ text: string; summary: string }> {
  const layout = layoutFrom(args);
  const clone = resolve(cwd, args.clone);
  await git(clone, ['rev-parse', '--git-dir'], `${args.clone} is not a git clone`);
  const tags = await releaseTags(clone, layout);
  if (tags.length === 0) {
    throw new UsageError(
      `${args.clone} has no tag like ${layout.tag}; fetch the tags, or name their pattern with --tag-pattern`,
    );
  }
  const releases = await readReleases(clone, tags, layout);
  if (releases.length === 0) {
    throw new UsageError(
      `No tag of ${args.clone} has Terraform files in ${layout.path || 'its top folder'}; name the folder with --path-pattern`,
    );
  }
  const repository = await repositoryOf(clone, args.repository);
  const hosts = [...(args.host ?? []), ...(repository === '' ? [] : [repository])];
  if (hosts.length === 0) {
    throw new UsageError(
      `${args.clone} has no remote; name the registry's host with --host or its repository with --repository`,
    );
  }
  const commit = (await git(clone, ['rev-parse', 'HEAD'], `${args.clone} has no commit`)).trim();
  const parser = await loadParser(wasmFiles());
  const { catalog, problems } = buildCatalog(
    releases,
    {
      generatedFrom: { repository, commit, tags: tags.length },
      hosts,
      layout,
    },
    (file) => (file.path.endsWith('.json') ? parseJson(file, parser) : parser.parse(file)),
  );
  const notes = problems.map(
    ({ id, version, path, text }) => `${id} ${version}: ${path} cannot be read: ${text}\n`,
  );
  const count = Object.keys(catalog.modules).length;
  notes.push(`${count} modules, ${releases.length} releases from ${tags.length} tags.\n`);
  return { text: writeCatalog(catalog), summary: notes.join('') };
}

function layoutFrom(args: CatalogArguments): RepositoryLayout {
  const layout = {
    tag: args.tagPattern ?? 'release/{namespace}/{module}/v{version}',
    path: trimSlashes(args.pathPattern ?? 'registry/{namespace}/modules/{module}'),
    namespace: args.namespace ?? null,
    module: args.module ?? null,
  };
  if (!layout.tag.includes('{version}')) {
    throw new UsageError('--tag-pattern must hold {version}, such as "{module}/v{version}"');
  }
  for (const [option, pattern] of [
    ['--tag-pattern', layout.tag],
    ['--path-pattern', layout.path],
  ] as const) {
    const repeated = ['{namespace}', '{module}', '{version}'].find((name) => pattern.split(name).length > 2);
    if (repeated !== undefined) throw new UsageError(`${option} may hold ${repeated} only once`);
  }
  for (const name of ['namespace', 'module'] as const) {
    const told = layout.tag.includes(`{${name}}`) || layout.path.includes(`{${name}}`);
    if (!told && layout[name] === null) {
      throw new UsageError(`Neither pattern holds {${name}}; name it with --${name}`);
    }
  }
  return layout;
}

/**
 * The environment for git: without the variables by which a hook points every git at its own repository, and
 * without network, since what a partial clone lacks is an error to tell, not a thing to fetch.
 */
function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY, ...rest } =
    process.env;
  return { ...rest, GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' };
}

/** Runs git and returns its output. */
async function git(clone: string, args: readonly string[], failure: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', clone, ...args], {
      maxBuffer: 1 << 28,
      env: gitEnvironment(),
    });
    return stdout;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') throw new UsageError('git is not installed');
    const said = String((error as { stderr?: unknown }).stderr ?? '').split('\n')[0];
    throw new UsageError(said ? `${failure} (${said})` : failure);
  }
}

/** The repository as module sources name it: `github.com/coder/registry`, without user or password. */
async function repositoryOf(clone: string, given: string | undefined): Promise<string> {
  const url =
    given ?? (await git(clone, ['config', '--get', 'remote.origin.url'], '').catch(() => '')).trim();
  const source = parseModuleSource(/^https?:\/\//.test(url) ? `git::${url}` : url);
  return source.kind === 'git' ? source.repository : '';
}

interface ReleaseTag {
  readonly object: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly module: string | undefined;
}

async function releaseTags(clone: string, layout: RepositoryLayout): Promise<ReleaseTag[]> {
  const refs = await git(
    clone,
    ['for-each-ref', '--format=%(objectname) %(refname:strip=2)', 'refs/tags'],
    `The tags of ${clone} cannot be listed`,
  );
  const pattern = patternOf(layout.tag);
  const tags = refs.split('\n').flatMap((line) => {
    const [object = '', name = ''] = line.split(' ');
    const groups = pattern.exec(name)?.groups;
    const version = valid(groups?.version);
    if (groups === undefined || version === null) return [];
    return [{ object, version, namespace: groups.namespace, module: groups.module }];
  });
  return tags.sort((a, b) => compare(a.version, b.version));
}

async function readReleases(
  clone: string,
  tags: readonly ReleaseTag[],
  layout: RepositoryLayout,
): Promise<ModuleRelease[]> {
  const objects = new GitObjects(clone);
  try {
    const found = await Promise.all(tags.map((tag) => readTag(objects, tag, layout)));
    return found.flat();
  } finally {
    objects.close();
  }
}

/** The modules that a tag releases: one where the tag names it, else all in the folder of modules. */
async function readTag(
  objects: GitObjects,
  tag: ReleaseTag,
  layout: RepositoryLayout,
): Promise<ModuleRelease[]> {
  const top = await objects.read(`${tag.object}^{tree}`);
  if (top === null) return [];
  const known = { namespace: tag.namespace ?? layout.namespace, module: tag.module ?? layout.module };
  const segments = layout.path === '' ? [] : layout.path.split('/');
  const folders = await matchFolders(objects, top, segments, { ...known, version: tag.version });
  const releases = await Promise.all(
    folders.map(async ({ tree, names }) => {
      const files = new Map<string, string>();
      await readFolder(objects, tree, '', files);
      const { namespace, module } = names;
      return { id: `${namespace}/${module}`, version: tag.version, files };
    }),
  );
  return releases.filter(({ files }) => [...files.keys()].some((path) => !path.includes('/')));
}

type Names = Readonly<Record<'namespace' | 'module' | 'version', string | null>>;

/** The folders below a tree that the segments of a path pattern lead to, with the names they told. */
async function matchFolders(
  objects: GitObjects,
  tree: Buffer,
  segments: readonly string[],
  names: Names,
): Promise<{ tree: Buffer; names: Names }[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [{ tree, names }];
  const filled = segment.replace(/\{(\w+)\}/g, (mark, name) => names[name as keyof Names] ?? mark);
  const pattern = patternOf(filled);
  const found = await Promise.all(
    entriesOf(tree, objects.idBytes).map(async (entry) => {
      const told = entry.isTree ? pattern.exec(entry.name) : null;
      if (told === null) return [];
      const below = await objects.read(entry.object);
      return below === null ? [] : matchFolders(objects, below, rest, { ...names, ...told.groups });
    }),
  );
  return found.flat();
}

/** Levels of folders below a module that are read; local child modules lie there. */
const MAX_DEPTH = 6;

async function readFolder(
  objects: GitObjects,
  tree: Buffer,
  path: string,
  files: Map<string, string>,
): Promise<void> {
  await Promise.all(
    entriesOf(tree, objects.idBytes).map(async ({ name, object, isTree, isFile }) => {
      const isTerraform = isFile && /\.tf(\.json)?$/.test(name);
      if (!isTerraform && !(isTree && path.split('/').length <= MAX_DEPTH)) return;
      const content = await objects.read(object);
      if (content === null) {
        throw new UsageError(
          `The clone lacks the content of ${path}${name} (${object}); is it a partial one?`,
        );
      }
      if (isTree) await readFolder(objects, content, `${path}${name}/`, files);
      else files.set(path + name, content.toString('utf8'));
    }),
  );
}

interface TreeEntry {
  readonly name: string;
  readonly object: string;
  readonly isTree: boolean;
  readonly isFile: boolean;
}

/** Reads git's binary tree format: `mode SP name NUL id`, ids of 20 bytes (SHA-1) or 32 (SHA-256). */
function entriesOf(tree: Buffer, idBytes: number): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < tree.length) {
    const space = tree.indexOf(0x20, at);
    const nul = tree.indexOf(0, space);
    const mode = tree.toString('latin1', at, space);
    entries.push({
      name: tree.toString('utf8', space + 1, nul),
      object: tree.toString('hex', nul + 1, nul + 1 + idBytes),
      isTree: mode === '40000',
      isFile: mode.startsWith('100'),
    });
    at = nul + 1 + idBytes;
  }
  return entries;
}

/** Reads git objects through one `git cat-file --batch`; the same object is asked for once. */
class GitObjects {
  /** Length of an object id in trees; known once the first object was read. */
  idBytes = 20;
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly asked = new Map<string, Promise<Buffer | null>>();
  private readonly waiting: { resolve(content: Buffer | null): void; reject(error: Error): void }[] = [];
  private chunks: Buffer[] = [];
  private length = 0;
  /** Bytes of content, with the line break behind it, that the answer at hand still needs; null before its header. */
  private needed: number | null = null;

  constructor(clone: string) {
    this.process = spawn('git', ['-C', clone, 'cat-file', '--batch'], { env: gitEnvironment() });
    this.process.stdout.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.length += chunk.length;
      this.answer();
    });
    // Git's last words are not needed: what it failed on is told by the object that is missing.
    this.process.stderr.resume();
    this.process.stdin.on('error', () => {});
    this.process.on('error', () => this.fail());
    this.process.on('close', () => this.fail());
  }

  /** The content of an object by any name that git understands, null when there is none. */
  read(name: string): Promise<Buffer | null> {
    let content = this.asked.get(name);
    if (content === undefined) {
      content = new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
      this.asked.set(name, content);
      this.process.stdin.write(`${name}\n`);
    }
    return content;
  }

  close(): void {
    this.process.stdin.end();
  }

  private fail(): void {
    for (const { reject } of this.waiting.splice(0)) reject(new UsageError('git stopped while it was read'));
  }

  private answer(): void {
    if (this.needed !== null && this.length < this.needed) return;
    let buffer = Buffer.concat(this.chunks);
    for (;;) {
      if (this.needed === null) {
        const end = buffer.indexOf(0x0a);
        if (end === -1) break;
        const header = buffer.toString('utf8', 0, end).split(' ');
        buffer = buffer.subarray(end + 1);
        const size = Number(header.at(-1));
        // `name missing` and `name ambiguous` have no content behind them.
        if (header.length < 3 || Number.isNaN(size)) {
          this.waiting.shift()?.resolve(null);
          continue;
        }
        this.idBytes = (header[0] as string).length / 2;
        this.needed = size + 1;
      }
      if (buffer.length < this.needed) break;
      this.waiting.shift()?.resolve(buffer.subarray(0, this.needed - 1));
      buffer = buffer.subarray(this.needed);
      this.needed = null;
    }
    this.chunks = [buffer];
    this.length = buffer.length;
  }
}
