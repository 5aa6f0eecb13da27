import { type Catalog, type CatalogModule, type ModuleFacts } from './catalog/catalog.js';
/** What the `source` of a module call addresses, by Terraform's grammar (internal/addrs/module_source.go). */
type ModuleSource = 
/** `./x` and `../x`. */
{
    readonly kind: 'local';
    readonly path: string;
}
/** `[host/]namespace/name/system[//submodule]`; `id` is `namespace/name`. */
 | {
    readonly kind: 'registry';
    readonly host: string;
    readonly id: string;
    readonly system: string;
    readonly submodule: string | null;
}
/** Any spelling of a git repository; `repository` is `host/path` without user, port and `.git`. */
 | {
    readonly kind: 'git';
    readonly repository: string;
    readonly ref: string | null;
    /** Folder inside the repository, `''` for its top. */
    readonly path: string;
}
/** Everything else that Terraform downloads: archives, buckets, Mercurial. */
 | {
    readonly kind: 'remote';
    readonly address: string;
};
/** Classifies a module source; never throws, text that Terraform would refuse counts as `remote`. */
export declare function parseModuleSource(source: string): ModuleSource;
/** The name that a module goes by where it is kept: `claude-code` of `github.com/acme/modules//claude-code`. */
export declare function moduleNameIn(source: ModuleSource): string;
/** A path without slashes at its ends. */
export declare function trimSlashes(path: string): string;
/** A module call that leads to a module of a catalogue. */
interface CatalogMatch {
    readonly catalog: Catalog;
    /** `namespace/name` in the catalogue, whatever the spelling of the source. */
    readonly id: string;
    readonly module: CatalogModule;
    readonly version: WantedVersion;
    /** The release that `terraform init` would take of those in the catalogue; null when none is known to fit. */
    readonly resolved: string | null;
    readonly facts: ModuleFacts | null;
}
/** Which version a module call asks for. */
export type WantedVersion = 
/** The `version` argument of a registry source; null when there is none, so that the newest is taken. */
{
    readonly kind: 'constraint';
    readonly text: string | null;
}
/** A release tag as git reference. */
 | {
    readonly kind: 'exact';
    readonly version: string;
}
/** A git branch, a commit, or no reference at all. */
 | {
    readonly kind: 'unknown';
    readonly ref: string | null;
};
/**
 * Looks a module call up in catalogues; the first that describes the module wins. Null when none does.
 * `version` is the call's version constraint.
 */
export declare function findCatalogModule(source: ModuleSource, version: string | null, catalogs: readonly Catalog[]): CatalogMatch | null;
/**
 * A layout pattern such as `release/{namespace}/{module}/v{version}` as a regular expression with a
 * group per placeholder.
 */
export declare function patternOf(pattern: string): RegExp;
export {};
