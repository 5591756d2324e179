import { setTimeout as delay } from 'node:timers/promises';
import type { Informer, KubernetesObject, ObjectCache } from '@kubernetes/client-node';
import { orAborted } from '../../../../util/or-aborted.ts';
import { didNotCome, LOOK_AGAIN_MS } from '../../../../util/until.ts';

/**
 * Watches objects until `look` finds something. A watch costs the API server one event per change; polling
 * costs all objects each time, of the CPU that sixty pods need to start.
 *
 * @param what is awaited, for the message
 * @throws Error naming what did not come, once the signal aborts
 */
export async function watched<T extends KubernetesObject, R>(
  what: string,
  objects: Informer<T> & ObjectCache<T>,
  look: (all: readonly T[]) => R | undefined,
  signal: AbortSignal,
): Promise<R> {
  const found = Promise.withResolvers<R>();
  let last: unknown;
  let failures = 0;
  const see = (): void => {
    last = undefined;
    const seen = look(objects.list());
    if (seen !== undefined) found.resolve(seen);
  };
  const over = new AbortController();
  const start = (): void => {
    const before = failures;
    // Where listing fails, it resolves all the same.
    objects.start().then(() => {
      if (failures === before) see();
    }, again);
  };
  // An API server that is starting, or behind a full table, refuses at times.
  const again = (error: unknown): void => {
    last = error;
    failures++;
    delay(LOOK_AGAIN_MS, undefined, { signal: over.signal }).then(start, () => undefined);
  };
  objects.on('change', see);
  objects.on('error', again);
  try {
    start();
    return await orAborted(found.promise, signal);
  } catch (error) {
    throw didNotCome(what, last, error);
  } finally {
    over.abort();
    await objects.stop();
  }
}
