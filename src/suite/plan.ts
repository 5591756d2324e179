import type { RunRequest } from '../run/execute.ts';
import { reachesOut } from '../change/index.ts';
import type { Environment } from '../scenario/environment.ts';
import type { Squeeze } from '../change/squeezes.ts';

/** Where a run is carried out. */
export interface Place {
  readonly lab: string;
  readonly reuse: string | undefined;
  readonly squeeze: Squeeze;
}

/** One run of a suite, checked. */
export interface PlannedRun {
  readonly name: string;
  readonly place: Place;
  /** Without `out`: each attempt has its own folder. */
  readonly request: RunRequest;
  /** It changes machine-wide settings: no other run may be active. */
  readonly alone: boolean;
  /** The figure that is the share of the demand that failed. */
  readonly loss: string;
  /** Its line in the suite file. */
  readonly line: number;
  /**
   * The line of a result.
   *
   * @param about a remedy’s name, `symptom`, or an expectation’s phase
   */
  readonly lineOf: (about: string, expectation: string | undefined) => number;
}

export interface SuitePlan {
  readonly file: string;
  readonly runs: readonly PlannedRun[];
}

/** Whether a run changes settings of the whole machine. */
export function needsMachine(request: RunRequest, environment: Environment): boolean {
  const protocol = request.protocol(environment);
  const changes = request.control ? [] : request.remedies.flatMap((remedy) => remedy.changes(protocol));
  return reachesOut([protocol.fault, ...changes], environment);
}

/** The runs in groups of one place each, in the order of the file. */
export function byPlace(runs: readonly PlannedRun[]): readonly (readonly PlannedRun[])[] {
  return [...Map.groupBy(runs, ({ place }) => JSON.stringify(place)).values()];
}
