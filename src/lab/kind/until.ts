import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 150;

/**
 * Looks until there is something to be seen.
 *
 * @param what is awaited, for the message
 * @throws Error naming what did not come, once the signal aborts
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T> {
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
      last = undefined;
    } catch (error) {
      // An API server that is coming up, or under a full table, refuses now and then.
      last = error;
    }
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch((error: unknown) => {
      const why = last instanceof Error ? ` (${last.message.split('\n')[0] ?? ''})` : '';
      throw new Error(`${what} did not come${why}`, { cause: error });
    });
  }
}
