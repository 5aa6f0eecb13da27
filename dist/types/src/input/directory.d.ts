import type { FileContent, FileLimits, TemplateFiles } from './template-files.js';
/** How paths of a folder are shown, and what may be read around it. */
export interface DirectoryOptions {
    /** Folder that shown paths are relative to; by default the current one. */
    readonly cwd?: string;
    /**
     * Folder that bounds what may be read when the template is in no repository; must hold the template.
     * By default the template's own folder.
     */
    readonly boundary?: string;
    readonly limits?: Partial<FileLimits>;
}
/** A template on disk. Files are read when they are asked for, each once. */
export interface DirectoryFiles extends TemplateFiles {
    /** Absolute real path of the tree: the repository, or the boundary. */
    readonly tree: string;
    /** Absolute path on disk of a path relative to the tree. */
    locate(path: string): string;
}
/**
 * Opens the template in a folder. The tree around it is the repository that the folder is in, so that
 * `../../modules/x` can be read and nothing outside the repository; a link counts where it leads.
 * @throws Error with a `code` (ENOENT, ENOTDIR, EACCES, …) when the folder cannot be opened
 */
export declare function openDirectory(path: string, options?: DirectoryOptions): DirectoryFiles;
/**
 * Names of the files in a folder on disk, links to files included, sorted.
 * @throws Error with a `code` when the folder cannot be read
 */
export declare function listFiles(folder: string): string[];
/** The nearest folder at or above that holds `.git` (a folder, or a file in worktrees and submodules); null when none does. */
export declare function findRepository(folder: string): string | null;
/** A path as the report shows it: relative to `cwd` with `/`, or absolute where no relative path exists. */
export declare function showPath(path: string, cwd: string): string;
/** Whether a real path is a folder or lies below it. */
export declare function isInside(folder: string, path: string): boolean;
/** A path of this system with `/` between its parts. */
export declare function toPosix(path: string): string;
/**
 * Bytes of a regular file up to a limit, or why there are none; null when nothing or a folder is there.
 * Pipes and devices are not opened, since that may block.
 */
export declare function readBytes(path: string, limit: number): Uint8Array | FileContent | null;
/** The system's name of a failure, such as ENOENT. */
export declare function codeOf(error: unknown): string;
/** The real path, or the path itself where there is none. */
export declare function realPathOr(path: string): string;
/** Whether a path leads to a regular file; false when it cannot be looked at. */
export declare function isFile(path: string): boolean;
