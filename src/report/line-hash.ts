import { add, multiply, subtract, toHex, type Word64 } from './hash.ts';

const BLOCK = 100;
const BASE = 37;
/** What GitHub's implementation feeds at the end of a file: -1 as a UTF-16 unit. */
const END = 65535;
const ZERO: Word64 = { high: 0, low: 0 };

const OLDEST_FACTOR = Array.from({ length: BLOCK }).reduce<Word64>((power) => multiply(power, BASE), {
  high: 0,
  low: 1,
});

/**
 * The hash that GitHub code scanning uses to follow an alert when lines move (`primaryLocationLineHash`), for each
 * line of a text. Per line: a polynomial in 37 modulo 2^64 over the next 100 UTF-16 units from the line's start, blanks
 * and tabs skipped, line breaks of any kind taken as LF, the end of the file as 65535 and then zeros; behind
 * it how many times the value has occurred so far. GitHub computes it only in its upload action, so
 * reports that reach it another way need it from us. Tested with the values of github/codeql-action.
 */
export function lineHashes(text: string): string[] {
  const units = significantUnits(text);
  const starts = [0];
  for (let at = 0; at < units.length - 1; at += 1) {
    if (units[at] === 10) starts.push(at + 1);
  }

  const counts = new Map<string, number>();
  const hashes: string[] = [];
  let hash = ZERO;
  let next = 0;
  for (let end = 0; hashes.length < starts.length; end += 1) {
    if (end - BLOCK === starts[next]) {
      const value = toHex(hash);
      const occurrence = (counts.get(value) ?? 0) + 1;
      counts.set(value, occurrence);
      hashes.push(`${value}:${occurrence}`);
      next += 1;
    }
    const entering = add(multiply(hash, BASE), { high: 0, low: units[end] ?? 0 });
    hash = subtract(entering, multiply(OLDEST_FACTOR, units[end - BLOCK] ?? 0));
  }
  return hashes;
}

function significantUnits(text: string): number[] {
  const units: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 32 || unit === 9) continue;
    if (unit === 10 && text.charCodeAt(at - 1) === 13) continue;
    units.push(unit === 13 ? 10 : unit);
  }
  units.push(END);
  return units;
}
