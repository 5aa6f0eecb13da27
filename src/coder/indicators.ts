import type { Span } from '../source/source-file.ts';
import type { Template } from './template.ts';

/** A trace of a known attack on modules. */
interface Indicator {
  readonly at: Span;
  readonly what: string;
}

/**
 * Traces of the take-over of registry.coder.com on 2026-08-31 (GHSA-vx42-ghc9-gw65), in the words of secondary
 * sources; the primary text was not available.
 */
const TRACES: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /coder-infra\.com/gi, what: 'the domain coder-infra.com' },
  { pattern: /\bdlp(?:-docker)?\.sh\b/g, what: 'the script that the attack ran' },
];

/** Traces in the template and in the modules that were downloaded for it. */
export function indicatorsIn(template: Template): Indicator[] {
  const found: Indicator[] = [];
  for (const { file } of template.tree.files) {
    for (const { pattern, what } of TRACES) {
      for (const { index, 0: text } of file.text.matchAll(pattern)) {
        found.push({ at: { file, start: index, end: index + text.length }, what });
      }
    }
  }
  for (const { remote, module } of template.tree.nodes) {
    // Authors may have telemetry of their own; in a downloaded module it is the attack's.
    const telemetry = remote ? module.resources.get('data.external.telemetry') : undefined;
    if (telemetry !== undefined) {
      found.push({
        at: telemetry.block.headerSpan,
        what: 'the data source "telemetry" that the attack added to modules',
      });
    }
  }
  return found;
}
