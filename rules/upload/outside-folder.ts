import { fullAddress } from '../../src/coder/import-world.ts';
import type { Template } from '../../src/coder/template.ts';
import { pathInTemplate, uploadFate } from '../../src/coder/uploaded-files.ts';
import { type Body, childrenOf, type Expression, walkExpression } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'upload/outside-folder',
  summary: 'Finds files and modules that `coder templates push` does not upload and that the template reads.',
  messages: {
    moduleOutside: ({ address, path }: { address: string; path: string }) => ({
      problem: `${address} is read from "${path}", outside the template's folder: a push of that folder does not bring it along.`,
      advice: "Move the module into the template's folder, or take it from a registry or a repository.",
      effects: since({ '2.24': 'degraded' }),
    }),
    fileOutside: ({ path }: { path: string }) => ({
      problem: `The template reads "${path}", outside its folder: a push of that folder does not bring it along.`,
      advice: "Move the file into the template's folder.",
      effects: since({ '2.24': 'degraded' }),
    }),
    leftOut: ({ path }: { path: string }) => ({
      problem: `The template reads "${path}", which \`coder templates push\` leaves out.`,
      advice: 'Give it another name: names that start with a dot, state and variable files are not uploaded.',
      effects: since({ '2.24': 'degraded' }),
    }),
  },
  check(template, { report }) {
    if (!isTemplate(template)) return;
    const folders = new Set<string>();
    for (const node of template.tree.nodes) {
      if (node.remote || folders.has(node.module.folder)) continue;
      folders.add(node.module.folder);
      for (const { source, sourceArgument, address } of node.module.calls.values()) {
        if (source === null || sourceArgument === undefined || !/^\.\.?(?:\/|$)/.test(source)) continue;
        const folder = pathInTemplate(node, sourceArgument.value);
        if (folder === null || node.parent !== null || uploadFate(folder) !== 'outside') continue;
        const data = { address: fullAddress(node, address), path: source };
        report({ message: 'moduleOutside', data, at: sourceArgument.value.span, address });
      }
      for (const { body } of node.module.blocks) {
        for (const argument of pathsReadIn(body)) {
          const path = pathInTemplate(node, argument);
          const fate = path === null ? 'uploaded' : uploadFate(path);
          if (path === null || fate === 'uploaded') continue;
          const shown = path.replace(/^\/+/, '');
          const message = fate === 'outside' ? 'fileOutside' : 'leftOut';
          report({ message, data: { path: shown }, at: argument.span, address: null });
        }
      }
    }
  },
});

/** Whether the folder is one that people push: it has something of Coder's, and is not handed its agent. */
function isTemplate({ root: { module } }: Template): boolean {
  const hasCoder = [...module.resources.values()].some(({ type }) => type.startsWith('coder_'));
  return hasCoder && module.variables.get('agent_id') === undefined;
}

/** Functions that fail when the file is not there; `fileset` and `fileexists` do not. */
const READERS = new Set([
  'file',
  'filebase64',
  'templatefile',
  'filemd5',
  'filesha1',
  'filesha256',
  'filesha512',
  'filebase64sha256',
  'filebase64sha512',
]);

/** The paths that a body hands to functions that read files, but for those that may fail. */
function pathsReadIn(body: Body): Expression[] {
  return body.items.flatMap((item) => (item.kind === 'block' ? pathsReadIn(item.body) : pathsIn(item.value)));
}

function pathsIn(expression: Expression): Expression[] {
  if (expression.kind === 'call' && ['try', 'can'].includes(expression.name)) return [];
  if (expression.kind === 'conditional' && asksForFile(expression.condition)) return [];
  const [path] = expression.kind === 'call' && READERS.has(expression.name) ? expression.arguments : [];
  return [...(path === undefined ? [] : [path]), ...childrenOf(expression).flatMap(pathsIn)];
}

function asksForFile(condition: Expression): boolean {
  let asks = false;
  walkExpression(condition, (inner) => {
    asks ||= inner.kind === 'call' && /^(?:fileexists|can|fileset)$/.test(inner.name);
  });
  return asks;
}
