import { rules } from '../../rules/index.ts';
import { analyze } from '../../src/engine/lint.ts';
import { serveJobs } from '../../src/hook/thread.ts';

/** Threads whose migration renames a resource: what the hook makes of a migration is tested, not the migration. */
await serveJobs({
  rules,
  migrate: async (files, services, { target }) => {
    const path = files.folder === '' ? 'main.tf' : `${files.folder}/main.tf`;
    const content = files.read(path);
    const old = content !== null && 'text' in content ? content.text : '';
    const text = old.replace('"old"', '"new"');
    const before = await analyze(files, services, target);
    const read: typeof files.read = (wanted) => (wanted === path ? { text } : files.read(wanted));
    const after = await analyze({ ...files, read }, services, target);
    const [block] = after.template.tree.root.module.resources.values();
    return {
      before,
      after,
      changed: text === old ? new Map() : new Map([[path, text]]),
      diff: text === old ? '' : '-old\n+new\n',
      steps: [],
      manual: [
        { text: 'Tell.', address: 'a.b', at: block?.block.headerSpan ?? null, ruleId: null, blocking: false },
      ],
      halted: [],
      complete: true,
    };
  },
});
