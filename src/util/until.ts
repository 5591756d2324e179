import { setTimeout as delay } from 'node:timers/promises';
import { orAborted } from './or-aborted.ts';

export const LOOK_AGAIN_MS = 150;

/**
 * Looks until there is something to be seen; a look that is not answered ends with the signal too.
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
      const seen = await orAborted(look(), signal);
      if (seen !== undefined) return seen;
      last = undefined;
    } catch (error) {
      // An API server that is coming up, or under a full table, refuses now and then. A look that is broken off
      // by the signal tells nothing.
      if (!signal.aborted) last = error;
    }
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch((error: unknown) => {
      throw didNotCome(what, last, error);
    });
  }
}

/** @param last how the last look failed, where it did */
export function didNotCome(what: string, last: unknown, cause: unknown): Error {
  const why = last instanceof Error ? ` (${last.message.split('\n')[0] ?? ''})` : '';
  return new Error(`${what} did not come${why}`, { cause });
}
