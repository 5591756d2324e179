import type { Change } from '../scenario/change.ts';
import type { Protocol } from '../scenario/protocol.ts';

/** What must be so for a remedy to be tried; unmet, it is skipped with this as the reason. */
export type Requirement = 'root' | `load:${string}`;

/** A reversible change that is said to help. It is data: a lab applies the changes and undoes them. */
export interface Remedy {
  readonly name: string;
  readonly summary: string;
  /** What it costs, in a sentence. */
  readonly cost: string;
  readonly requires: readonly Requirement[];
  /** Applied in this order, undone in reverse. */
  readonly changes: (protocol: Protocol) => readonly Change[];
}
