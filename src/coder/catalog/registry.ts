import type { Catalog } from './catalog.ts';
import { type CatalogFile, expandCatalog } from './file.ts';

let loaded: Promise<Catalog> | undefined;

/**
 * The catalogue of registry.coder.com that comes with the program. Its data is imported when first asked for,
 * since most of what the program does needs none of it. Made anew with
 * `tasks-lint catalog <clone> --host registry.coder.com --host dev.registry.coder.com
 * --repository https://github.com/coder/registry --output src/coder/catalog/registry.json`.
 */
export function loadRegistryCatalog(): Promise<Catalog> {
  loaded ??= import('./registry.json', { with: { type: 'json' } }).then((file) =>
    expandCatalog(file.default as unknown as CatalogFile),
  );
  return loaded;
}
