import { setTimeout as delay } from 'node:timers/promises';
import { orAborted } from './or-aborted.ts';

export const LOOK_AGAIN_MS = 150;

/**
 * Polls until `look` returns a value. The signal also ends a pending look.
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
      // A starting API server, or one behind a full table, refuses at times. A look aborted by the signal
      // proves nothing.
      if (!signal.aborted) last = error;
    }
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch((error: unknown) => {
      throw didNotCome(what, last, error);
    });
  }
}

/** @param last the error of the last look, if it failed */
export function didNotCome(what: string, last: unknown, cause: unknown): Error {
  const why = last instanceof Error ? ` (${last.message.split('\n')[0] ?? ''})` : '';
  return new Error(`${what} did not come${why}`, { cause });
}
