import type { LoadContext } from '../load/context.ts';
import { Outcomes } from '../load/outcomes.ts';
import { kindOf, offer, type Load } from '../load/index.ts';

/** The first burst is slower, so the better of two counts. */
const BURSTS = 2;
/** Bursts judge nothing, so late answers are waited for, ms. */
const SLACK_MS = 10_000;

/**
 * Operations of a load per second that this machine can do on the demand's path. Measured by short bursts,
 * due at once.
 *
 * @param now ms on a steady clock
 * @returns 0 where the load is too light to measure
 */
export async function measureCapacity(
  load: Load,
  context: () => Omit<LoadContext, 'outcomes' | 'measured'>,
  now: () => number,
): Promise<number> {
  const short = kindOf(load).burst(load);
  if (short === undefined) return 0;
  let perSecond = 0;
  for (let i = 0; i < BURSTS; i++) {
    const outcomes = new Outcomes('burst', now, () => undefined);
    const began = now();
    await offer(short, { ...context(), slack: SLACK_MS, measured: () => undefined, outcomes });
    perSecond = Math.max(perSecond, (outcomes.offered * 1000) / (now() - began));
  }
  return perSecond;
}
