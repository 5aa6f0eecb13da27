/** What a command may use of the process around it; tests hand in their own. */
export interface Environment {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Where text goes: a stream of the process, or what a test puts in its place. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Exit codes, the same for every command and format. */
export const EXIT = {
  /** Nothing at the failing level. */
  ok: 0,
  /** Findings, or changes with `--diff`. */
  findings: 1,
  /** Wrong usage or configuration, no template, or a defect of the program. */
  error: 2,
} as const;

/** A mistake of the user; shown as one message, without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `--color` asks for. */
export type ColorWish = 'auto' | 'always' | 'never';

/**
 * How much colour to use, as chalk counts it: the flag first, then NO_COLOR (no-color.org: any text but the
 * empty one), then FORCE_COLOR (as in Node: `0` and `false` mean none), then whether it is a terminal.
 */
export function colorLevel(wish: ColorWish, { env, stdout }: Environment): 0 | 1 | 2 | 3 {
  if (wish === 'never') return 0;
  const forced = env.FORCE_COLOR;
  if (wish === 'auto') {
    if (env.NO_COLOR) return 0;
    if (forced === undefined ? !stdout.isTTY || env.TERM === 'dumb' : forced === '0' || forced === 'false')
      return 0;
  }
  if (forced === '1' || forced === '2' || forced === '3') return Number(forced) as 1 | 2 | 3;
  if (/^(truecolor|24bit)$/.test(env.COLORTERM ?? '')) return 3;
  return /256/.test(env.TERM ?? '') ? 2 : 1;
}

/** Whether the terminal shows more than ASCII; pipes and files do. */
export function hasUnicode({ env, stdout }: Environment): boolean {
  if (!stdout.isTTY) return true;
  if (env.TERM === 'linux') return false;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return locale === '' || /utf-?8/i.test(locale) || env.WT_SESSION !== undefined;
}
