import { hashText } from './hash.ts';

/** What makes a finding the same finding after the file around it has changed. */
interface FingerprintInput {
  readonly ruleId: string;
  readonly messageId: string;
  /** Path from the template's root, so that neither the checkout nor the working directory matters. */
  readonly path: string;
  /** Address of the block; null for a file. */
  readonly address: string | null;
  /** The source that the finding's span covers. */
  readonly text: string;
}

/**
 * Fingerprints of the findings of one template, given in source order. Lines and columns are not part of it, nor is
 * white space; findings that are alike in everything else are told apart by their order.
 */
export function fingerprintAll(findings: readonly FingerprintInput[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { ruleId, messageId, path, address } = finding;
    const text = finding.text.replace(/\s+/g, ' ').trim();
    const identity = JSON.stringify([ruleId, messageId, path, address, text]);
    const occurrence = seen.get(identity) ?? 0;
    seen.set(identity, occurrence + 1);
    return hashText(`${identity}\n${occurrence}`);
  });
}
