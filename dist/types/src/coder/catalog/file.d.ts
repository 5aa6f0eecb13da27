import { type Catalog, type ModuleFacts, type ModuleInput } from './catalog.js';
/**
 * A catalogue file that is not what it should be; the message says where and what, for people.
 */
export declare class CatalogFileError extends Error {
    readonly name = "CatalogFileError";
}
/**
 * The text of a catalogue file. Each entry of `facts` holds only what differs from the one before it (the
 * first from a module without anything), and of `inputs` only those that were added or changed, or null for
 * those that went: so the file is small, and its lines tell the history of a module.
 */
export declare function writeCatalog(catalog: Catalog): string;
/**
 * Reads the text of a catalogue file.
 * @throws CatalogFileError when it is no JSON or not of this shape
 */
export declare function parseCatalog(text: string): Catalog;
/**
 * Reads the JSON of a catalogue file.
 * @throws CatalogFileError when it is not of this shape
 */
export declare function readCatalog(json: unknown): Catalog;
/** A catalogue as its file holds it; see `writeCatalog`. */
export interface CatalogFile extends Omit<Catalog, 'modules'> {
    readonly modules: Readonly<Record<string, ModuleEntry>>;
}
interface ModuleEntry {
    readonly releases: readonly (readonly [version: string, facts: number])[];
    readonly facts: readonly FactsEntry[];
}
type FactsEntry = Partial<Omit<ModuleFacts, 'inputs'>> & {
    readonly inputs?: Readonly<Record<string, InputEntry | null>>;
};
type InputEntry = Omit<ModuleInput, 'required'> & {
    readonly required?: boolean;
};
/** The catalogue that a file stands for; the file must be of the right shape, as the shipped one is. */
export declare function expandCatalog(file: CatalogFile): Catalog;
export {};
