/**
 * The lines of Coder releases between which the meaning of a Task template changed.
 * Nothing else in the program compares Coder versions.
 */
export interface ReleaseLine {
  readonly id: LineId;
  /** First Coder version of the line. */
  readonly from: string;
  /** First Coder version behind the line; null for the last one. */
  readonly to: string | null;
}

export const LINE_IDS = ['2.24-2.27', '2.28-2.29', '2.30-2.31', '2.32-2.33', '2.34-2.35', '2.36', '>=2.37'] as const;
export type LineId = (typeof LINE_IDS)[number];

/** First minor version of each line, the name under which rules write down from when an effect holds. */
export type LineStart = '2.24' | '2.28' | '2.30' | '2.32' | '2.34' | '2.36' | '2.37';
