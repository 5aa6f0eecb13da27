import { type Catalog, isAgentModule } from '../../src/coder/catalog/catalog.ts';

/** Ids of all agent modules of a catalogue. */
export function agentModuleIds(catalog: Catalog): string[] {
  return Object.entries(catalog.modules).flatMap(([id, module]) => (isAgentModule(module) ? [id] : []));
}
