import type { FileLimits, FileNote, TemplateFiles } from './template-files.js';
/** Limits of an archive; sizes in bytes, `totalBytes` counts what comes out of it. */
export interface ArchiveLimits extends FileLimits {
    readonly archiveBytes: number;
}
/** Which template of an archive is meant, and how much may come out of it. */
export interface ArchiveOptions {
    /** Path shown in the report; by default the folder, or `.`. */
    readonly root?: string;
    /** Folder of the template inside the archive; by default the archive itself. */
    readonly folder?: string;
    readonly limits?: Partial<ArchiveLimits>;
}
/** Why an archive cannot be read at all: no tar or zip, over a limit, cut short, or with wrong contents. */
export type ArchiveFault = 'not-an-archive' | 'too-large' | 'too-many-files' | 'truncated' | 'damaged';
/** An archive that cannot be read; the message is one sentence for the user. */
export declare class ArchiveError extends Error {
    readonly code: ArchiveFault;
    constructor(code: ArchiveFault, message: string);
}
/** A file as an archive has it; time and mode where the archive says them. */
interface ArchiveFile {
    readonly data: Uint8Array;
    readonly mtime?: Date;
    readonly mode?: number;
}
/** What Coder would have on disk after unpacking an archive, by path, and what was odd about it. */
export interface ArchiveContent {
    readonly files: ReadonlyMap<string, ArchiveFile>;
    readonly folders: ReadonlySet<string>;
    readonly notes: readonly FileNote[];
}
/**
 * The template in a tar or zip archive.
 * @throws ArchiveError when the archive is none, is damaged, or is over a limit
 */
export declare function readArchive(bytes: Uint8Array, options?: ArchiveOptions): Promise<TemplateFiles>;
/** The template in what was unpacked. */
export declare function templateOf({ files, notes }: ArchiveContent, options: ArchiveOptions): TemplateFiles;
/**
 * The files of a tar or zip archive, told apart by their contents. Which entries count is what Coder does
 * when it unpacks an upload (provisionersdk/archive.go, Untar); whatever is odd gets a note.
 * @throws ArchiveError when the archive is none, is damaged, or is over a limit
 */
export declare function unpackArchive(bytes: Uint8Array, wanted?: Partial<ArchiveLimits>): Promise<ArchiveContent>;
export {};
