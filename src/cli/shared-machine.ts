import { availableParallelism } from 'node:os';
import type { Squeeze } from '../change/squeezes.ts';
import type { LabEntry } from '../lab/entry.ts';
import type { Machine } from '../run/execute.ts';
import { readyLab } from '../run/ready-lab.ts';
import { labFor } from './request/request.ts';
import type { VerbContext } from './verb-context.ts';

/** Labs mostly wait, so a core serves more than one. All share the machine's hash of entries. */
const JOBS = { aCore: 2, most: 4 };

interface Place {
  readonly lab: string;
  readonly reuse?: string | undefined;
  readonly squeeze: Squeeze;
  readonly seed: number;
}

/** The machine for one run, which checks it. */
export function machineOf(lab: LabEntry, context: VerbContext): Machine {
  const { restoreLeftovers, openKernelLog, pause, versions } = context;
  return { lab, restoreLeftovers, openKernelLog, pause, versions };
}

/**
 * The machine for several runs, checked once.
 *
 * @throws Unavailable where it can't run them
 */
export async function sharedMachine(
  { lab: named, reuse, squeeze, seed }: Place,
  versions: Machine['versions'],
  context: VerbContext,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Machine> {
  const lab = labFor(named, context, reuse);
  const place = { lab, restoreLeftovers: context.restoreLeftovers };
  const { readiness, left } = await readyLab(place, squeeze, { say, warn: say }, signal);
  const { warning: _, ...checked } = readiness;
  say(`${readiness.summary}, seed ${String(seed)}`);
  say(lab.models);
  return {
    lab: { ...lab, preflight: () => Promise.resolve(checked) },
    restoreLeftovers: () =>
      Promise.resolve({
        status: left.length === 0 ? 'complete' : 'incomplete',
        restored: [],
        left: [...left],
      }),
    openKernelLog: context.openKernelLog,
    pause: context.pause,
    versions,
  };
}

/** The number of runs side by side: as asked for, or by cores; one where a lab needs the machine alone. */
export function jobsFor(asked: number | undefined, lab: LabEntry, squeeze: Squeeze): number {
  if (lab.atOnce(squeeze) === 1) return 1;
  return asked ?? Math.min(JOBS.most, JOBS.aCore * availableParallelism());
}
