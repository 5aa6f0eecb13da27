import type { ConfigFiles } from '../input/config-files.ts';
import type { Config, ConfigPlace, ConfigSource, Extension } from './config.ts';
import { ConfigError, isPath, mergeConfigs, PRESETS, parseConfig } from './config.ts';

/** Finds and reads configurations, each once however many templates it is for. */
export interface ConfigLoader {
  /**
   * Path of the configuration for a template's folder; null when there is none.
   * @throws ConfigError when one folder holds several
   */
  find(folder: string): string | null;
  /**
   * Reads a configuration with all that it extends.
   * @throws ConfigError when it is missing or wrong, with every problem of the first wrong file
   */
  load(path: string): Promise<Config>;
}

/** Files may extend each other in ever new combinations only when somebody means harm. */
const MAX_SOURCES = 100;

/** Reads configurations through a door to files. */
export function configLoader(files: ConfigFiles): ConfigLoader {
  const configs = new Map<string, Promise<Config>>();

  async function loadOnce(path: string): Promise<Config> {
    return mergeConfigs(files.folderOf(path), await collect(path, null, []));
  }

  /** A file's sources in order of growing weight: what it extends, then itself. */
  async function collect(
    path: string,
    from: ConfigPlace | null,
    trail: readonly string[],
  ): Promise<ConfigSource[]> {
    const shown = files.show(path);
    const place = from ?? { file: shown, line: 1, column: 1 };
    if (trail.includes(path)) throw fault(place, `${shown} extends itself`);
    const source = await parseConfig(shown, readText(path, place));
    const sources: ConfigSource[] = [];
    for (const extension of source.extends) {
      sources.push(...(await collectExtension(extension, path, [...trail, path])));
      if (sources.length > MAX_SOURCES)
        throw fault(extension.place, 'more than 100 configurations are extended');
    }
    const catalogs = source.catalogs?.map((catalog) => files.resolve(catalog, path));
    sources.push({ ...source, file: path, ...(catalogs && { catalogs }) });
    return sources;
  }

  async function collectExtension(
    { name, place }: Extension,
    file: string,
    trail: readonly string[],
  ): Promise<readonly ConfigSource[]> {
    if (isPath(name)) return collect(files.resolve(name, file), place, trail);
    const preset = PRESETS[name];
    return preset === undefined ? [] : [preset];
  }

  function readText(path: string, place: ConfigPlace): string {
    const content = files.read(path);
    if (content === null)
      throw fault(
        place,
        `${files.show(path) === place.file ? 'the file' : files.show(path)} is not there, or is a folder`,
      );
    if ('problem' in content) throw fault(place, `${files.show(path)}: ${content.detail}`);
    return content.text;
  }

  return {
    find(folder) {
      const [first, second] = files.find(folder);
      if (first !== undefined && second !== undefined) {
        const place = { file: files.show(second), line: 1, column: 1 };
        throw fault(place, `${files.show(first)} is a configuration for the same folder; keep one of them`);
      }
      return first ?? null;
    },
    load(path) {
      const absolute = files.resolve(path);
      const known = configs.get(absolute);
      if (known !== undefined) return known;
      const config = loadOnce(absolute);
      configs.set(absolute, config);
      return config;
    },
  };
}

function fault(place: ConfigPlace, message: string): ConfigError {
  return new ConfigError([{ ...place, message }]);
}
