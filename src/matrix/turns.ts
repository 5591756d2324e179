/**
 * Who may rely on the machine’s limit, and who may change it: many of the first at a time, or one of the second. In
 * the order of asking, so that one who would change it is not kept waiting for ever by those who rely on it.
 */
export class Turns {
  #shared = 0;
  #exclusive = false;
  readonly #waiting: { readonly exclusive: boolean; readonly begin: () => void }[] = [];

  /** @param signal ends the waiting. @throws its reason */
  async take(exclusive: boolean, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting = {
      exclusive,
      begin: () => {
        resolve(undefined);
      },
    };
    const leave = (): void => {
      const place = this.#waiting.indexOf(waiting);
      if (place !== -1) this.#waiting.splice(place, 1);
      this.#admit();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(waiting);
    this.#admit();
    await promise;
    signal.removeEventListener('abort', leave);
    return {
      [Symbol.dispose]: () => {
        if (exclusive) this.#exclusive = false;
        else this.#shared -= 1;
        this.#admit();
      },
    };
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#exclusive || (next.exclusive && this.#shared > 0)) return;
      this.#waiting.shift();
      if (next.exclusive) this.#exclusive = true;
      else this.#shared += 1;
      next.begin();
    }
  }
}
