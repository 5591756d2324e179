import type { RecordedPhase, Run } from '../../history/run.ts';
import { STAGES, type Stage } from '../../schema/stages.ts';

/** A phase on the time axis, ms since the run began. */
export interface Band {
  readonly stage: Stage;
  readonly from: number;
  readonly to: number;
  readonly phase: RecordedPhase;
}

/** A cycle of phases: what one lab did for the symptom, or for one remedy. */
export interface Cycle {
  readonly name: string;
  readonly bands: readonly Band[];
  readonly from: number;
  readonly to: number;
}

/** The name of the cycle that shows the problem. */
export const SYMPTOM_CYCLE = 'symptom';

/** The recorded phases of a cycle; undefined where none began. A killed run’s last phase ends with its last event. */
export function cycleOf(run: Run, name: string): Cycle | undefined {
  const bands = STAGES.flatMap((stage): readonly Band[] => {
    const phase = run.phase(name, stage);
    const { start } = phase;
    if (start === undefined) return [];
    const last = phase.ofType('sample').at(-1)?.t ?? start;
    return [{ stage, from: start, to: Math.max(start + 1, phase.end ?? last), phase }];
  });
  const from = Math.min(...bands.map((band) => band.from));
  const to = Math.max(...bands.map((band) => band.to));
  return bands.length === 0
    ? undefined
    : { name, bands: bands.toSorted((a, b) => a.from - b.from), from, to };
}

/** All cycles, in the order in which they began. */
export function cyclesOf(run: Run): readonly Cycle[] {
  const names = new Set([SYMPTOM_CYCLE, ...run.header.remedies]);
  return [...names].flatMap((name) => cycleOf(run, name) ?? []).toSorted((a, b) => a.from - b.from);
}

/** The cycles of each lab: labs work side by side, each at one cycle at a time. */
export function lanesOf(cycles: readonly Cycle[]): readonly (readonly Cycle[])[] {
  const lanes: Cycle[][] = [];
  for (const cycle of cycles) {
    const free = lanes.find((lane) => (lane.at(-1)?.to ?? 0) <= cycle.from);
    if (free) free.push(cycle);
    else lanes.push([cycle]);
  }
  return lanes;
}
