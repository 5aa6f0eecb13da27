/**
 * The files of one template and of the tree around it. The analysis core sees files through this
 * interface only, so that a folder, an archive and a map in memory are the same to it.
 */
export interface TemplateFiles {
    /** Path of the template as the report shows it, with `/`; `.` for the current folder. */
    readonly root: string;
    /** Folder of the template inside the tree: `` for the tree itself, else like `a/b`. */
    readonly folder: string;
    /** What was left out or looked odd while the files were collected; paths are relative to the tree. */
    readonly notes: readonly FileNote[];
    /**
     * Whether a file of the template that is not here does not exist. False for a map in memory unless its maker
     * says so, for it may hold the Terraform files only.
     */
    readonly isWhole: boolean;
    /**
     * Content of the file at a normalised path relative to the tree (see `joinPath`), which may lie outside
     * `folder`; null when there is no file. Never throws.
     */
    read(path: string): FileContent | null;
    /** Names of the files directly in a folder of the tree, sorted; empty when there is no such folder. Never throws. */
    list(folder: string): string[];
    /**
     * What lies below the template's own folder, by paths relative to it, a folder before what is in it. Read as
     * far as it is asked for, and ended by the limit of files. Who does not want a folder must not want anything
     * in it, so that it need not be entered. Never throws.
     */
    walk(isWanted: (path: string) => boolean): Iterable<FolderEntry>;
}
/** A file, folder or link below a folder. */
export interface FolderEntry {
    /** Relative to the folder, with `/`. */
    readonly path: string;
    /** Size of a file; 0 for a folder, and for a link, which is not followed. */
    readonly bytes: number;
}
/** Something a reader of the files should know about one path. */
export interface FileNote {
    readonly path: string;
    readonly text: string;
}
/** Decoded text, BOM included, or the reason why a file that exists has none. */
export type FileContent = FileText | FileProblem;
interface FileText {
    readonly text: string;
}
interface FileProblem {
    readonly problem: 'binary' | 'invalid-utf-8' | 'too-large' | 'unreadable';
    /** One sentence for the user. */
    readonly detail: string;
}
/** How much may be read before reading stops; sizes in bytes. */
export interface FileLimits {
    readonly fileBytes: number;
    readonly files: number;
    readonly totalBytes: number;
}
/** Far above any real template (Coder takes 1 MiB for a whole one), low enough that nothing hangs. */
export declare const DEFAULT_LIMITS: FileLimits;
/** Content of a file from its bytes: UTF-8 only, as Terraform demands, and a BOM stays in the text. */
export declare function decodeText(bytes: Uint8Array, limits?: Pick<FileLimits, 'fileBytes'>): FileContent;
/** The problem of a file that is over the limit; both sizes in bytes. */
export declare function tooLarge(size: number, limit: number): FileProblem;
/**
 * A path relative to the tree from a folder of the tree and a path relative to that folder
 * (`joinPath('a/b', '../c')` is `a/c`); null when it leaves the tree or is absolute.
 */
export declare function joinPath(folder: string, relative: string): string | null;
/** Order of paths that does not depend on the machine's language. */
export declare function comparePaths(a: string, b: string): number;
export {};
