import { setTimeout as delay } from 'node:timers/promises';

interface Waiting {
  /** Maximum wait, ms. */
  readonly withinMs: number;
  /** Pause between two looks, ms. */
  readonly everyMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits while something is so. Whatever comes of the wait is not an error; what must come is awaited by `until`.
 *
 * @returns whether it has ended; false where it is still so after `withinMs`
 * @throws the signal's reason
 */
export async function waitWhile(
  isSo: () => boolean,
  { withinMs, everyMs, signal }: Waiting,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isSo()) {
    if (performance.now() >= deadline) return false;
    await delay(everyMs);
    signal?.throwIfAborted();
  }
  return true;
}
