import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** Interval at which due operations are started, ms; finer than any reported figure. */
const TICK_MS = 2;

/**
 * Starts each operation when it is due, whatever happened to earlier ones: an open loop, so that slow answers
 * do not reduce the demand.
 *
 * @param due ascending, ms on the clock of `elapsed`
 * @param perTurn how many a late loop starts before the lab's servers, on the same thread, may read: what they do
 *   not read in time overflows their sockets
 */
export async function openLoop(
  due: readonly number[],
  elapsed: () => number,
  start: (index: number, due: number) => void,
  signal: AbortSignal,
  perTurn = Infinity,
): Promise<void> {
  let next = 0;
  for (;;) {
    const now = elapsed();
    const upTo = next + perTurn;
    for (let at = due[next]; at !== undefined && at <= now && next < upTo; at = due[++next]) start(next, at);
    const after = due[next];
    if (after === undefined) return;
    if (after <= now) await nextTurn(undefined, { signal });
    else await delay(Math.max(TICK_MS, after - now), undefined, { signal });
  }
}

/** Whose turn operation `i` is. */
export function inTurn<T>(all: readonly [T, ...T[]], i: number): T {
  return all[i % all.length] ?? all[0];
}

/** `count` due times spread evenly over a span, each at a random place in its slot. */
export function spread(count: number, fromMs: number, seconds: number, random: () => number): number[] {
  const slot = (seconds * 1000) / count;
  return Array.from({ length: count }, (_, i) => fromMs + (i + random()) * slot);
}

/** A small seeded generator (mulberry32), so that a seed repeats a run's choices. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}
