/** Awaits a promise until the signal aborts. @throws the signal's reason */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  using aborted = onAbort(signal);
  return await Promise.race([promise, aborted.promise]);
}

/** A promise that rejects when the signal aborts; disposing removes the listener. */
function onAbort(signal: AbortSignal): Disposable & { readonly promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const listener = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', listener, { once: true });
  return {
    promise,
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', listener);
    },
  };
}
