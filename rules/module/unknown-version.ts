import { nearestRelease, placeOfVersion } from '../../src/coder/catalog/catalog.ts';
import { releaseFix } from '../../src/coder/migration-module.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'module/unknown-version',
  summary: 'Finds exact module versions that were never released.',
  messages: {
    neverReleased: ({ address, module, version }: { address: string; module: string; version: string }) => ({
      problem: `${address} pins ${module} ${version}, and that version was never released.`,
      advice: 'Pin a version that exists.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    for (const call of template.catalogCalls) {
      const { address, id, module, wanted, at } = call;
      const text =
        wanted.kind === 'exact' ? wanted.version : wanted.kind === 'constraint' ? wanted.text : null;
      const version = text === null ? undefined : /^\s*(?:=\s*)?(\d+\.\d+\.\d+)\s*$/.exec(text)?.[1];
      if (version === undefined || placeOfVersion(module, version) !== 'gap') continue;
      const nearest = nearestRelease(module, version);
      const mended = nearest === null ? {} : releaseFix(call, nearest);
      report({ message: 'neverReleased', data: { address, module: id, version }, at, address, ...mended });
    }
  },
});
