import type { CellStatus } from '../schema/matrix.ts';

/** What a claim says of one cell of the matrix. */
export interface Part {
  /** As the matrix names it: `boom segment=below × symptom`. */
  readonly cell: string;
  /** Of a matrix in which lab; `netns` unless said. */
  readonly lab?: 'kind';
  /** Its verdict, if the claim is right. */
  readonly is?: CellStatus;
  /** Its figures, if the claim is right: `drop.delta > 0`. */
  readonly where?: readonly string[];
  /** Figures to show besides. */
  readonly show?: readonly string[];
  /** What is true instead, in a sentence; `{NAME}` stands for a figure of the cell. */
  readonly otherwise: string;
}

/** Something that the reference texts say. */
export interface Claim {
  readonly ids: readonly [string, ...string[]];
  /** In a few words, for a table. */
  readonly title: string;
  /** What the text says, in our words. */
  readonly says: string;
  /** It is true if all of them hold, and partly if some do. */
  readonly parts: readonly Part[];
  /** What of it no cell can tell, and why. */
  readonly unjudged?: string;
  /** What a reader should know in any case. */
  readonly note?: string;
}
