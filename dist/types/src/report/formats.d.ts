import type { Format } from './format.js';
/** Each format by name; imported on demand, so that `json` does not pay for colours. */
declare const LOADERS: {
    pretty: () => Promise<Format>;
    compact: () => Promise<Format>;
    json: () => Promise<Format>;
    sarif: () => Promise<Format>;
    github: () => Promise<Format>;
    markdown: () => Promise<Format>;
    junit: () => Promise<Format>;
    checkstyle: () => Promise<Format>;
    gitlab: () => Promise<Format>;
    rdjson: () => Promise<Format>;
};
/** Name of an output format. */
export type FormatName = keyof typeof LOADERS;
/** Names of all formats, in the order in which help shows them. */
export declare const FORMAT_NAMES: readonly FormatName[];
/** Whether a string names a format. */
export declare function isFormatName(name: string): name is FormatName;
/** Imports a format. */
export declare function loadFormat(name: FormatName): Promise<Format>;
export {};
