import { setTimeout as delay } from 'node:timers/promises';
import type { Informer, KubernetesObject, ObjectCache } from '@kubernetes/client-node';
import { orAborted } from '../../../../util/or-aborted.ts';
import { didNotCome, LOOK_AGAIN_MS } from '../../../../util/until.ts';

/**
 * Follows objects until there is something to be seen among them. Each change of one costs the API server one event;
 * looking again and again costs it all of them each time, of the processor time that sixty pods need to start.
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
  const see = (): void => {
    last = undefined;
    const seen = look(objects.list());
    if (seen !== undefined) found.resolve(seen);
  };
  const over = new AbortController();
  const start = (): void => {
    objects.start().then(see, again);
  };
  // An API server that is coming up, or under a full table, refuses now and then.
  const again = (error: unknown): void => {
    last = error;
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
