import { describe, expect, it } from 'vitest';
import { fingerprintAll } from '../src/report/fingerprint.ts';
import { hashText } from '../src/report/hash.ts';
import { lineHashes } from '../src/report/line-hash.ts';

describe('hashText', () => {
  it('is FNV-1a over 64 bits', () => {
    const expected = (text: string) => {
      let hash = 0xcbf29ce484222325n;
      for (const byte of Buffer.from(text, 'utf16le'))
        hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn;
      return hash.toString(16).padStart(16, '0');
    };
    for (const text of ['', 'a', 'coder_ai_task', 'é漢😀\ud800', 'x'.repeat(1000)]) {
      expect(hashText(text)).toBe(expected(text));
    }
  });
});

describe('fingerprints', () => {
  const base = {
    ruleId: 'task/a',
    messageId: 'found',
    path: 'main.tf',
    address: 'coder_ai_task.a',
    text: 'count = 1',
  };
  const one = (parts: Partial<typeof base>) => fingerprintAll([{ ...base, ...parts }])[0];

  it('stand white space and nothing else', () => {
    expect(one({ text: '  count\n=\t1 ' })).toBe(one({}));
    const others = [
      { ruleId: 'task/b' },
      { messageId: 'x' },
      { path: 'b.tf' },
      { address: 'x' },
      { text: 'count = 2' },
    ];
    expect(new Set([one({}), ...others.map(one)]).size).toBe(others.length + 1);
  });

  it('tell apart findings that are alike by their order', () => {
    const [first, second, third] = fingerprintAll([base, { ...base, path: 'b.tf' }, base]);
    expect(first).toBe(one({}));
    expect(second).toBe(one({ path: 'b.tf' }));
    expect(third).not.toBe(first);
  });
});

describe('lineHashes', () => {
  it('agrees with the values that github/codeql-action tests its own with', () => {
    expect(lineHashes('')).toEqual(['c129715d7a2bc9a3:1']);
    expect(lineHashes(' a\nb\n  \t\tc\n d')).toEqual([
      '271789c17abda88f:1',
      '54703d4cd895b18:1',
      '180aee12dab6264:1',
      'a23a3dc5e078b07b:1',
    ]);
    const greeting = [
      'e9496ae3ebfced30:1',
      'fb7c023a8b9ccb3f:1',
      'ce8ba1a563dcdaca:1',
      'e20e36e16fcb0cc8:1',
      'b3edc88f2938467e:1',
      'c8e28b0b4002a3a0:1',
      'c129715d7a2bc9a3:1',
    ];
    for (const eol of ['\n', '\r', '\r\n']) {
      const text = [' hello; \t', 'world!!!', '', '', '  \t\tGreetings', ' End', ''].join(eol);
      expect(lineHashes(text)).toEqual(greeting);
    }
    expect(lineHashes('Lorem ipsum dolor sit amet.\n'.repeat(10))).toEqual([
      'a7f2ff13bc495cf2:1',
      'a7f2ff13bc495cf2:2',
      'a7f2ff13bc495cf2:3',
      'a7f2ff13bc495cf2:4',
      'a7f2ff13bc495cf2:5',
      'a7f2ff13bc495cf2:6',
      'a7f2ff1481e87703:1',
      'a9cf91f7bbf1862b:1',
      '55ec222b86bcae53:1',
      'cc97dc7b1d7d8f7b:1',
      'c129715d7a2bc9a3:1',
    ]);
  });
});
