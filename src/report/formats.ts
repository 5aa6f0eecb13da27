import type { Format } from './format.ts';

/** Each format by name; imported on demand, so that `json` does not pay for colours. */
const LOADERS = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  compact: async () => (await import('./compact.ts')).compact,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  github: async () => (await import('./github.ts')).github,
  markdown: async () => (await import('./markdown.ts')).markdown,
  junit: async () => (await import('./junit.ts')).junit,
  checkstyle: async () => (await import('./checkstyle.ts')).checkstyle,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  rdjson: async () => (await import('./rdjson.ts')).rdjson,
} satisfies Record<string, () => Promise<Format>>;

/** Name of an output format. */
export type FormatName = keyof typeof LOADERS;

/** Names of all formats, in the order in which help shows them. */
export const FORMAT_NAMES = Object.keys(LOADERS) as readonly FormatName[];

/** Whether a string names a format. */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(LOADERS, name);
}

/** Imports a format. */
export function loadFormat(name: FormatName): Promise<Format> {
  return LOADERS[name]();
}
