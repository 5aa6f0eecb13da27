import type { FileLimits, TemplateFiles } from './template-files.js';
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
/** Coder takes uploads of at most 100 MiB (coderd/files.go, HTTPFileMaxBytes). */
export declare const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits;
/**
 * The files of a tar or zip archive, told apart by their contents. Which entries count is what Coder does
 * when it unpacks an upload (provisionersdk/archive.go, Untar); whatever is odd gets a note.
 * @throws ArchiveError when the archive is none, is damaged, or is over a limit
 */
export declare function readArchive(bytes: Uint8Array, options?: ArchiveOptions): Promise<TemplateFiles>;
