/** A small reproducible source of random numbers (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const TOKENS =
  /[\p{ID_Start}_][\p{ID_Continue}-]*|\d+|\r?\n|[ \t]+|\$\{|%\{|<<-?|[=!<>]=|&&|\|\||=>|\.\.\.|::|./gsu;

/** What people and broken tools leave behind in a file, and what a grammar may confuse. */
const INSERTS = [
  ...[
    '\n',
    ' ',
    '\r',
    '"',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ',',
    '.',
    ':',
    '::',
    '=',
    '==',
    '=>',
    '?',
    '!',
    '-',
    '+',
  ],
  ...[
    '*',
    '/',
    '%',
    '<',
    '>',
    '&',
    '&&',
    '|',
    '||',
    '~',
    '$',
    '${',
    '%{',
    '$${',
    '\\',
    '\\u12',
    '\\ud800',
    "'",
    '`',
  ],
  ...[
    ';',
    '@',
    '#',
    '//',
    '/*',
    '*/',
    '<<',
    '<<EOT\n',
    '<<-EOT\n',
    '\nEOT\n',
    '...',
    '[*]',
    '.*',
    '.0',
    '.0.1',
    '0x1',
  ],
  ...[
    '1',
    '1.',
    '1e',
    '1e5',
    '1.2.3',
    'a',
    'for',
    'in',
    'if',
    'else',
    'endif',
    'endfor',
    'true',
    'null',
    'é',
    '\u00a0',
  ],
  ...[
    'a = 1',
    'a {}',
    '\na = 1\n',
    '\na {\n}\n',
    '%{ if a }',
    '%{ else }',
    '%{ endif }',
    '%{ for a in b }',
    '%{ endfor }',
  ],
  ...[
    'for a in b :',
    '"x"',
    '${}',
    '"${a}"',
    '{ a = 1 }',
    '[for a in b : c]',
    '\u0000',
    '\ufeff',
    '\u2028',
    '😀',
    '\t',
    '^',
  ],
];

/** A text with one to three tokens or lines deleted, doubled, exchanged or inserted. */
export function mutate(text: string, random: (below: number) => number): string {
  let result = text;
  for (let times = 1 + (random(3) === 0 ? random(3) : 0); times > 0; times--) {
    const byLine = random(5) === 0;
    const units = byLine ? result.split(/(?<=\n)/) : (result.match(TOKENS) ?? []);
    const at = random(units.length + 1);
    const other = random(units.length + 1);
    switch (random(6)) {
      case 0:
        units.splice(at, 1 + random(3));
        break;
      case 1:
        units.splice(at, 0, ...units.slice(at, at + 1 + random(3)));
        break;
      case 2:
        if (units[at] !== undefined && units[other] !== undefined) {
          [units[at], units[other]] = [units[other], units[at]];
        }
        break;
      case 3:
        units.splice(at, 0, units[other] ?? '');
        break;
      case 4:
        units.splice(at, 0, INSERTS[random(INSERTS.length)] as string);
        break;
      case 5:
        units.splice(at, 1, INSERTS[random(INSERTS.length)] as string);
    }
    result = units.join('');
  }
  return result;
}

/** A run of whole lines of a text, so that a mutation is not lost in a file refused for another reason. */
export function excerpt(text: string, random: (below: number) => number): string {
  const items = text.split(/\n(?=[^\s})\]])/);
  const from = random(items.length);
  return `${items.slice(from, from + 1 + random(4)).join('\n')}\n`;
}
