import type { RecordedPhase } from '../history/run.ts';
import type { Figures } from '../schema/verdict.ts';

/** One phase as the judge sees it. */
export interface Observation {
  readonly phase: RecordedPhase;
  readonly figures: Figures;
  /** What became of the demand and of the table, in one line. */
  readonly account: string;
  /** Why nothing may be concluded from this phase; absent where something may. */
  readonly invalid?: string;
  /** The machine or the generator did not keep up with this phase; slower, it may. */
  readonly tooFast?: boolean;
}
