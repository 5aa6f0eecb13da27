import { oversizedUploadOf, UPLOAD_LIMIT } from '../../src/coder/upload.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'upload/archive-too-large',
  summary: 'Finds Task templates whose folder holds more than `coder templates push` uploads.',
  messages: {
    tooLarge: ({ largest, bytes }: { largest: string; bytes: number }) => ({
      problem: `The folder of the template holds more than the ${inKiB(UPLOAD_LIMIT)} that \`coder templates push\` uploads: ${largest} alone takes ${inKiB(bytes)} or more.`,
      advice:
        'Move what the template does not read out of its folder, or give it a name that begins with a dot.',
      // A pipeline may push a copy without it, and the server takes larger archives.
      effects: since({ '2.24': 'degraded' }),
    }),
  },
  check(template, { report }) {
    const at = template.place;
    if (!template.isAboutTasks || at === undefined) return;
    const oversized = oversizedUploadOf(template);
    if (oversized === null) return;
    report({ message: 'tooLarge', data: { ...oversized }, at, address: null });
  },
});

function inKiB(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en-US')} KiB`;
}
