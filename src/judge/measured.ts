import { kindOf } from '../load/index.ts';
import { growthOf } from './lasting.ts';
import type { Observations } from './observations.ts';

/** Measurements of the symptom's phases. */
interface MeasuredPhases {
  readonly limit: number;
  readonly free: number;
  readonly perSecond?: number;
}

/**
 * Limit and free entries at the start of the fault's phase, and entries a second from the undisturbed
 * baseline, multiplied by how much more the fault offers. For the scenario's own rate, also where the
 * baseline went slower.
 *
 * @returns undefined where the fault's phase was not sampled
 */
export function measuredIn(observations: Observations): MeasuredPhases | undefined {
  const { header } = observations;
  const baseline = observations.of('symptom', 'baseline');
  const fault = observations.of('symptom', 'fault');
  const { limit, 'entries.first': first } = fault.figures;
  if (limit === undefined || first === undefined) return undefined;
  const growth = growthOf(header, baseline.phase);
  const unit = `${kindOf(header.protocol.demand).unit}.offered`;
  const [usual, offered] = [baseline.figures[unit] ?? 0, fault.figures[unit] ?? 0];
  const times = usual > 0 ? Math.max(1, offered / usual) : 1;
  return {
    limit,
    free: Math.max(0, limit - first),
    ...(growth !== undefined && { perSecond: growth.perSecond * times * baseline.phase.pace }),
  };
}
