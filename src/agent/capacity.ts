import type { LoadContext } from '../load/context.ts';
import { Outcomes } from '../load/outcomes.ts';
import { kindOf, offer, type Load } from '../load/index.ts';

/** The best of these counts: code is compiled while it runs, and each burst is faster than the one before. */
const BURSTS = { least: 2, most: 3 } as const;
/** ms. A machine that has taken longer for its first ones makes no more. */
const ENOUGH_MS = 600;
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
  const first = now();
  for (let i = 0; i < BURSTS.least || (i < BURSTS.most && now() - first < ENOUGH_MS); i++) {
    const outcomes = new Outcomes('burst', now, () => undefined);
    const began = now();
    await offer(short, { ...context(), slack: SLACK_MS, measured: () => undefined, outcomes });
    perSecond = Math.max(perSecond, (outcomes.offered * 1000) / (now() - began));
  }
  return perSecond;
}
