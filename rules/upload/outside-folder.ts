import { type DroppedBecause, droppedFilesOf } from '../../src/coder/upload.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'upload/outside-folder',
  summary: 'Finds files and modules that a template reads and that do not come with its upload.',
  messages: {
    file: ({ reader, path, because }: Dropped) => ({
      problem: `${reader}() reads "${path}", which ${WHY[because]}: \`coder templates push\` leaves it out.`,
      advice: 'Move the file into the folder of the template, under a name that is uploaded.',
      effects: effectsOf(because),
    }),
    looked: ({ reader, path, because }: Dropped) => ({
      problem: `${reader}() looks for "${path}", which ${WHY[because]}: \`coder templates push\` leaves it out, and it is never found.`,
      advice: 'Move the file into the folder of the template, under a name that is uploaded.',
      effects: since({ '2.24': 'degraded' }),
    }),
    module: ({ address, path, because }: Dropped & { address: string }) => ({
      problem: `${address} comes from "${path}", which ${WHY[because]}: \`coder templates push\` leaves it out.`,
      advice: 'Move the module into the folder of the template, or call it from a registry or repository.',
      effects: effectsOf(because),
    }),
  },
  check(template, { report }) {
    // A module is downloaded as it is, not uploaded.
    if (template.isModule) return;
    for (const { path, because, reader, address, at } of droppedFilesOf(template)) {
      const data = { reader, path, because };
      if (address !== null) report({ message: 'module', data: { ...data, address }, at, address });
      else report({ message: isLookup(reader) ? 'looked' : 'file', data, at, address });
    }
  },
});

interface Dropped {
  readonly reader: string;
  readonly path: string;
  readonly because: DroppedBecause;
}

const WHY: Readonly<Record<DroppedBecause, string>> = {
  outside: 'lies outside the folder of the template',
  hidden: 'has a name that begins with a dot',
  state: 'is taken for state',
  variables: 'holds values of variables',
};

/** A step of a build may bring what lies outside along; what has a wrong name is dropped wherever it lies. */
function effectsOf(because: DroppedBecause) {
  return since({ '2.24': because === 'outside' ? 'degraded' : 'import-fails' });
}

/** Functions that take a file that is not there for an answer. */
function isLookup(reader: string): boolean {
  return reader === 'fileexists' || reader === 'fileset';
}
