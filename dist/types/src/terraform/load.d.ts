import { type ParsedFile } from '../hcl/syntax.js';
import { type TemplateFiles } from '../input/template-files.js';
import { SourceFile, type Span } from '../source/source-file.js';
import { type Module, type ModuleCall } from './module.js';
/** A module where it is used: the root, or what a `module` block brings in. A folder called twice is two nodes. */
export interface ModuleNode {
    /** `''` for the root, else `module.a.module.b`. */
    readonly address: string;
    readonly module: Module;
    readonly parent: ModuleNode | null;
    /** The block in `parent` that calls this module; null for the root. */
    readonly call: ModuleCall | null;
    /** True when Terraform downloads the module: its files come from `.terraform/modules`, not from the template. */
    readonly remote: boolean;
    /** Children by call name, in source order; calls whose files are not at hand are in `unresolved`. */
    readonly children: ReadonlyMap<string, ModuleNode>;
    readonly unresolved: ReadonlyMap<string, UnresolvedCall>;
}
/** A module call whose files are not part of what was read. */
interface UnresolvedCall {
    readonly call: ModuleCall;
    readonly reason: 'remote'
    /** A local path without Terraform files, or outside the tree. */
     | 'missing'
    /** It leads back to a module that is already being loaded. */
     | 'cycle'
    /** More modules within modules than Terraform users ever nest. */
     | 'too-deep'
    /** `source` is missing or no literal. */
     | 'no-source';
}
/** A configuration file that holds no readable text. */
interface UnreadableFile {
    readonly file: SourceFile;
    readonly detail: string;
    /** Whether it was left unread for its size, so that Terraform may well read it. */
    readonly isTooLarge: boolean;
}
/** A template with all modules that its files bring along. */
export interface ModuleTree {
    /** Where all was read from, for questions about files that are no Terraform. */
    readonly source: TemplateFiles;
    readonly root: ModuleNode;
    /** The root and all nodes below it, parents first. */
    readonly nodes: readonly ModuleNode[];
    /** Every parsed file once, also those of folders that are called more than once. */
    readonly files: readonly ParsedFile[];
    readonly unreadable: readonly UnreadableFile[];
    /** Version that `.terraform/modules/modules.json` says is installed, by node-like address. */
    readonly installedVersions: ReadonlyMap<string, string>;
    /** Versions that `.terraform.lock.hcl` pins, by provider address (`registry.terraform.io/coder/coder`). */
    readonly lockedProviders: ReadonlyMap<string, LockedProvider>;
    /** Whether there is a lock file; `coder templates push` warns when there is none. */
    readonly hasLockFile: boolean;
}
interface LockedProvider {
    readonly version: string;
    readonly at: Span;
}
/** Reads a template and, from there, every local module it calls; never throws on their content. */
export declare function loadModuleTree(files: TemplateFiles, parse: (file: SourceFile) => ParsedFile): ModuleTree;
/** Whether Terraform reads a file of that name as configuration. */
export declare function isConfigurationFile(name: string): boolean;
/** Whether Terraform downloaded a file, so that it belongs to a module and not to the template's author. */
export declare function isDownloaded({ path }: SourceFile): boolean;
export {};
