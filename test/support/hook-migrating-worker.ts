import { rules } from '../../rules/index.ts';
import { serveJobs } from '../../src/hook/thread.ts';

/** Threads whose migration renames a resource: what the hook makes of a migration is tested, not the migration. */
await serveJobs({
  rules,
  migrate: async (files) => {
    const path = files.folder === '' ? 'main.tf' : `${files.folder}/main.tf`;
    const content = files.read(path);
    const text = content !== null && 'text' in content ? content.text : '';
    const changed = text.replace('"old"', '"new"');
    return {
      changed: changed === text ? new Map() : new Map([[path, changed]]),
      diff: changed === text ? '' : '-old\n+new\n',
      manual: ['Tell everyone.'],
    };
  },
});
