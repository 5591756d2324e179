import type { LoadContext } from '../load/context.ts';
import { Outcomes } from '../load/outcomes.ts';
import { kindOf, offer, type Load } from '../load/index.ts';

/** The first of everything takes longer: the better of two counts. */
const BURSTS = 2;
/** In a burst nothing is judged: whatever comes late is waited for, ms. */
const SLACK_MS = 10_000;

/**
 * How many operations of a load this machine can do a second, on the path that the demand takes: a short burst of them,
 * all due at once.
 *
 * @param now ms on a steady clock
 * @returns 0 where the load is too light to be worth it
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
