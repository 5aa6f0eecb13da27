import { findSecret, isCredentialName, looksRandom } from '../../src/coder/secrets.ts';
import { defineRule, since } from '../../src/rule.ts';
import { isDownloaded } from '../../src/terraform/load.ts';

export default defineRule({
  id: 'security/hardcoded-secret',
  summary: 'Finds credentials that are written in a Task template.',
  messages: {
    shape: ({ place, kind }: { place: string; kind: string }) => ({
      problem: `${place} holds what looks like ${kind}: whoever can read the template has it.`,
      advice: 'Revoke it, and hand a new one over in a sensitive variable or by external authentication.',
      effects: since({ '2.24': 'degraded' }),
      levelAtLeast: 'error',
    }),
    named: ({ place }: { place: string }) => ({
      problem: `${place} is written in the template and looks like a credential: whoever can read the template has it.`,
      advice: 'Revoke it, and hand a new one over in a sensitive variable or by external authentication.',
      effects: since({ '2.24': 'degraded' }),
      levelAtLeast: 'error',
    }),
  },
  check(template, { report }) {
    if (!template.isAboutTasks) return;
    // Findings point at names and comment marks: what they cover ends up in reports, hashed or not.
    for (const { address, name, nameSpan, text, isWhole } of template.writtenTexts) {
      const place = address.endsWith(`.${name}`) ? address : `"${name}" of ${address}`;
      const secret = findSecret(text);
      if (secret !== null)
        report({ message: 'shape', data: { place, kind: secret.kind }, at: nameSpan, address });
      else if (isWhole && looksRandom(text) && isCredentialName(name))
        report({ message: 'named', data: { place }, at: nameSpan, address });
    }
    for (const { comments, file } of template.tree.files) {
      if (isDownloaded(file)) continue;
      for (const { span, style, text } of comments) {
        const secret = findSecret(text);
        if (secret === null) continue;
        const at = { ...span, end: span.start + style.length };
        report({ message: 'shape', data: { place: 'A comment', kind: secret.kind }, at, address: null });
      }
    }
  },
});
