import type { RecordedPhase } from '../history/run.ts';
import type { Load } from '../load/index.ts';
import type { Figures } from '../schema/verdict.ts';

/** A phase and its figures so far. */
export interface Lab {
  readonly phase: RecordedPhase;
  /** As the scenario states it. */
  readonly demand: Load;
  /** Figures of loads and nodes, recorded values, and lab figures declared earlier. */
  readonly figures: Figures;
  /** Operations of the demand that were due; undefined where not recorded. */
  readonly offered: number | undefined;
  /** Answered operations of the demand; undefined where not recorded. */
  readonly answered: number | undefined;
}

/** part / whole; undefined where one is unknown or `whole` is 0. */
export function per(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole;
}
