import type { CellStatus } from '../schema/matrix.ts';

/** What a claim predicts for one cell of the matrix. */
export interface Part {
  /** The cell's name: `boom segment=below × symptom`. */
  readonly cell: string;
  /** The lab of the matrix; default: `netns`. */
  readonly lab?: 'kind';
  /** The status if the claim is right. */
  readonly is?: CellStatus;
  /** Expectations that hold if the claim is right: `drop.delta > 0`. */
  readonly where?: readonly string[];
  /** Further figures to show. */
  readonly show?: readonly string[];
  /** What is true otherwise; `{NAME}` stands for a figure of the cell. */
  readonly otherwise: string;
}

export interface Claim {
  readonly ids: readonly [string, ...string[]];
  readonly title: string;
  /** The claim in our words. */
  readonly says: string;
  /** True if all hold, partly true if some do. */
  readonly parts: readonly Part[];
  /** What no cell can judge, and why. */
  readonly unjudged?: string;
  /** A remark that is always shown. */
  readonly note?: string;
}
