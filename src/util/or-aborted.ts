/** What a promise brings, unless the signal aborts before. @throws the signal's reason */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  using aborted = onAbort(signal);
  return await Promise.race([promise, aborted.promise]);
}

/** A promise that rejects when a signal aborts, and that leaves no listener behind. */
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
