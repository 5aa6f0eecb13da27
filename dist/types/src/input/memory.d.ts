import type { FileLimits, FileNote, TemplateFiles } from './template-files.js';
/** Files by path relative to the tree, with `/`: text as it is, or bytes still to be decoded. */
export type FileMap = Readonly<Record<string, string | Uint8Array>> | ReadonlyMap<string, string | Uint8Array>;
/** Which template of a tree in memory is meant, and what it is called. */
export interface MemoryOptions {
    /** Path shown in the report; by default the folder, or `.` for the tree itself. */
    readonly root?: string;
    /** Folder of the template inside the tree; by default the tree itself. */
    readonly folder?: string;
    readonly limits?: Partial<FileLimits>;
    /** Whether these are all files of the template, README and lock file included. Default false. */
    readonly isWhole?: boolean;
    /** Notes of whoever collected the files; those about paths that are refused here are added. */
    readonly notes?: readonly FileNote[];
}
/**
 * A template whose files are in memory. Keys are normalised (`./a//b.tf` is `a/b.tf`); a key that leaves
 * the tree is left out with a note, as is everything behind the limits.
 */
export declare function memoryFiles(files: FileMap, options?: MemoryOptions): TemplateFiles;
