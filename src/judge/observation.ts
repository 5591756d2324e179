import type { RecordedPhase } from '../history/run.ts';
import type { Figures } from '../schema/verdict.ts';
import type { Invalid } from './doubt.ts';

/** A phase with its figures and its validity. */
export interface Observation {
  readonly phase: RecordedPhase;
  readonly figures: Figures;
  /** The demand's and the table's result, in one line. */
  readonly account: string;
  /** Why the phase is invalid; absent where it is valid. */
  readonly invalid?: Invalid;
}
