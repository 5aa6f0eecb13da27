const STYLES = ['bold', 'dim', 'underline', 'red', 'green', 'yellow', 'blue', 'cyan'] as const;

/** Gives a text its colours; the styles are chained as chalk chains them. */
export type Paint = ((text: string) => string) & { readonly [Style in (typeof STYLES)[number]]: Paint };

/** Paints for a level of colour as chalk counts it; where there is none, chalk is not loaded either. */
export async function loadPaint(level: 0 | 1 | 2 | 3): Promise<Paint> {
  if (level === 0) return PLAIN;
  const { Chalk } = await import('chalk');
  return new Chalk({ level });
}

const PLAIN = ((text: string) => text) as Paint;
for (const style of STYLES) Object.assign(PLAIN, { [style]: PLAIN });
