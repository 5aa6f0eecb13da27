/**
 * 64-bit arithmetic in two 32-bit halves, for hashes that must be the same in Node, in a worker and in a
 * browser, without `node:crypto` and at a fraction of the cost of BigInt. All intermediate values stay below 2^53.
 */
export interface Word64 {
  readonly high: number;
  readonly low: number;
}

const BASE = 2 ** 32;

/** Product of a word and a factor below 2^20, modulo 2^64. */
export function multiply({ high, low }: Word64, factor: number): Word64 {
  const product = low * factor;
  // `>>> 0` is the remainder by 2^32, and many times faster than `%` on such numbers.
  return { high: (high * factor + Math.floor(product / BASE)) >>> 0, low: product >>> 0 };
}

/** Sum modulo 2^64. */
export function add(a: Word64, b: Word64): Word64 {
  const low = a.low + b.low;
  return { high: (a.high + b.high + (low >= BASE ? 1 : 0)) >>> 0, low: low >>> 0 };
}

/** Difference modulo 2^64. */
export function subtract(a: Word64, b: Word64): Word64 {
  const low = a.low - b.low;
  return { high: (a.high - b.high - (low < 0 ? 1 : 0)) >>> 0, low: low >>> 0 };
}

/** Lower-case hexadecimal digits without leading zeros. */
export function toHex({ high, low }: Word64): string {
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
}

/**
 * FNV-1a, 64 bits, over the UTF-16 units of a text, low byte first; 16 hexadecimal digits. It tells texts apart, it
 * does not protect anything.
 */
export function hashText(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const mix = (byte: number) => {
    low = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3: the second part by multiplication, the first as a shift by 8 into the upper half.
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / BASE) + low * 256) >>> 0;
    low = product >>> 0;
  };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    mix(unit & 0xff);
    mix(unit >> 8);
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
