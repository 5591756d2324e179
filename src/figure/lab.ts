import type { RecordedPhase } from '../history/run.ts';
import type { Figures } from '../schema/verdict.ts';

/** A phase as a whole, and the figures of it that were computed so far. */
export interface Lab {
  readonly phase: RecordedPhase;
  /** All of loads and nodes, all that the lab recorded, and those of the lab that stand before this one in the list. */
  readonly figures: Figures;
  /** How many of the demand were due; undefined where that was not recorded. */
  readonly offered: number | undefined;
  /** How many of the demand were answered; undefined where that was not recorded. */
  readonly answered: number | undefined;
}

/** Part / whole; undefined where one is not known, or there is no whole. */
export function per(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole;
}
