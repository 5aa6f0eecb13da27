const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const nodeModule = require('node:module');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

/*
 * Compiling the program takes as long as starting Node does, so what V8 made of it is kept. Node 22 and later do that
 * themselves (`module.enableCompileCache()`); for Node 20 it is done here, in the user's cache folder (XDG_CACHE_HOME,
 * else ~/.cache). NODE_DISABLE_COMPILE_CACHE=1 turns both off.
 *
 * CommonJS, since `import` of a module of Node's own reads all that it exports, and so loads what hangs on that.
 */

/**
 * How much of a function of WebAssembly runs before V8 compiles it a second time, better, in the background. At V8's own
 * figure the parser gets there with the first template, and Node waits for the compiler before it ends, which takes
 * longer than all the rest; at this one it does so in runs over many templates, which gain by it.
 */
const TIERING_BUDGET = '--wasm-tiering-budget=500000000';

/** The releases of Node whose V8 is known to have the flag; others would complain of it. */
const HAS_BUDGET = /^v2[0-4]\./;

/** Milliseconds: a month. Several versions may be in use at once. */
const KEPT_FOR = 30 * 24 * 3600 * 1000;

/**
 * Loads a CommonJS file whose first line is a comment with the hash of the rest: V8 itself tells only texts of
 * different length apart.
 * @returns what it exports, and what keeps all that was compiled by then; null when there is nothing to do
 */
function loadProgram(path) {
  // Before all else: what V8 compiled with other flags it does not take.
  if (HAS_BUDGET.test(process.version)) setFlagsFromString(TIERING_BUDGET);
  if (nodeModule.enableCompileCache !== undefined) {
    nodeModule.enableCompileCache();
    return { exports: nodeModule.createRequire(path)(path), keep: null };
  }
  const source = readFileSync(path, 'utf8');
  const folder = cacheFolder();
  const name = `${/^\/\/ ([0-9a-f]+)\n/.exec(source)[1]}-${process.version}-${process.arch}`;
  const cachedData = folder === null ? undefined : read(join(folder, name));
  const wrapped = `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
  const script = new Script(wrapped, { filename: path, cachedData });
  const program = { exports: {} };
  script.runInThisContext()(program.exports, nodeModule.createRequire(path), program, path, dirname(path));
  const isKept = cachedData !== undefined && script.cachedDataRejected === false;
  const keep = () => write(folder, name, script.createCachedData());
  return { exports: program.exports, keep: isKept || folder === null ? null : keep };
}

/** Null where there is to be no cache, or no home to have one in. */
function cacheFolder() {
  const { XDG_CACHE_HOME, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return null;
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'tasks-lint');
  try {
    return join(homedir(), '.cache', 'tasks-lint');
  } catch {
    // A container whose user has no entry in the list of users.
    return null;
  }
}

/** What was kept, when its last four bytes say that it still is: V8 looks at its head alone, and dies of a damaged body. */
function read(path) {
  try {
    const kept = readFileSync(path);
    const data = kept.subarray(0, -4);
    return kept.length > 4 && crc32(data) === kept.readUInt32LE(data.length) ? data : undefined;
  } catch {
    // The first run, or a folder that is not ours to read: then there is no cache.
    return undefined;
  }
}

/** Writes the cache as a whole or not at all, and drops what other versions left long ago; nothing depends on it. */
function write(folder, name, data) {
  const part = join(folder, `.${name}-${process.pid}`);
  try {
    makeFolder(folder);
    for (const other of readdirSync(folder).map((entry) => join(folder, entry))) {
      if (Date.now() - statSync(other).mtimeMs > KEPT_FOR) rmSync(other);
    }
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(crc32(data));
    writeFileSync(part, Buffer.concat([data, checksum]), { mode: 0o600 });
    renameSync(part, join(folder, name));
  } catch {
    // No home, no space, no right to write: the next run compiles again.
  }
}

/** The folder and the one that it is in; Node's own `recursive` never comes back from a place such as /proc. */
function makeFolder(folder) {
  for (const each of [dirname(folder), folder]) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

module.exports = { loadProgram };
