import type { Template } from '../../src/coder/template.ts';
import { defineRule, since } from '../../src/rule.ts';
import type { SourceFile, Span } from '../../src/source/source-file.ts';
import type { ModuleNode } from '../../src/terraform/load.ts';

export default defineRule({
  id: 'supply-chain/ioc',
  summary: 'Finds traces of the modules that registry.coder.com served while it was hijacked.',
  ignorable: false,
  messages: {
    inModule: ({ address, trace }: { address: string; trace: string }) => ({
      problem: `The downloaded files of ${address} have ${trace}, a trace of the hijack of registry.coder.com on 2026-08-31.`,
      advice:
        'Delete .terraform, run terraform init again, and revoke every credential that was within reach of a build since.',
      effects: since({ '2.24': 'degraded' }),
    }),
    inTemplate: ({ trace }: { trace: string }) => ({
      problem: `The template names ${trace}, a trace of the hijack of registry.coder.com on 2026-08-31.`,
      advice: 'Find out how it got here, and revoke every credential that was within reach of a build since.',
      effects: since({ '2.24': 'degraded' }),
    }),
  },
  check(template, { report }) {
    for (const [file, node] of filesOf(template)) {
      const outer = node === null ? null : callThatDownloads(node);
      if (outer === null) {
        const at = findIn(file, DOMAIN);
        const data = { trace: 'the domain of the attack' };
        if (at !== null) report({ message: 'inTemplate', data, at, address: null });
        continue;
      }
      const found = traceIn(file);
      if (found === null) continue;
      const { address, at } = outer;
      const related = [{ span: found.at, text: found.trace }];
      report({ message: 'inModule', data: { address, trace: found.trace }, at, address, related });
    }
  },
});

const DOMAIN = /\bcoder-infra\.com\b/i;

/** In a downloaded module only: a template of one's own may well have a script of that name. */
const TRACES: readonly { readonly pattern: RegExp; readonly trace: string }[] = [
  { pattern: DOMAIN, trace: 'the domain of the attack' },
  { pattern: /\bdlp(?:-docker)?\.sh\b/, trace: 'a script of the attack' },
  { pattern: /\bdata\s+"external"\s+"telemetry"/, trace: 'the data source of the attack' },
];

function traceIn(file: SourceFile): { readonly at: Span; readonly trace: string } | null {
  for (const { pattern, trace } of TRACES) {
    const at = findIn(file, pattern);
    if (at !== null) return { at, trace };
  }
  return null;
}

function findIn(file: SourceFile, pattern: RegExp): Span | null {
  const match = pattern.exec(file.text);
  return match === null ? null : { file, start: match.index, end: match.index + match[0].length };
}

/** Every file once, with a module node that it belongs to. */
function filesOf({ tree }: Template): Map<SourceFile, ModuleNode | null> {
  const files = new Map<SourceFile, ModuleNode | null>();
  for (const node of tree.nodes) {
    for (const { file } of node.module.files) if (!files.has(file)) files.set(file, node);
  }
  return files;
}

/** The call in the author's own files that brought a downloaded module; null for the author's own modules. */
function callThatDownloads(node: ModuleNode): { readonly address: string; readonly at: Span } | null {
  if (!node.remote) return null;
  let at = node;
  while (at.parent?.remote) at = at.parent;
  const { call, address } = at;
  return call === null ? null : { address, at: call.sourceArgument?.value.span ?? call.block.headerSpan };
}
