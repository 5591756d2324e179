/** Exclusive turns start when this many wait; until then shared turns go on, which keeps the cores busy. */
const TOGETHER = 2;

interface Waiting {
  readonly exclusive: boolean;
  readonly atOnce: boolean;
  readonly begin: () => void;
}

/**
 * Turns to rely on the machine’s limit (shared, many at once) or to change it (exclusive, one at a time).
 * Waiting for the last shared turns leaves cores idle. So an exclusive turn waits for a second one, or for
 * the shared turns to end; then they run in succession. A turn with `atOnce` is next immediately.
 */
export class Turns {
  #shared = 0;
  #exclusive = false;
  /** Whether an exclusive turn has just ended; the next exclusive one then follows directly. */
  #changing = false;
  readonly #waiting: Waiting[] = [];

  /**
   * @param atOnce do not wait for a second exclusive turn
   * @param signal ends the wait.
   * @throws its reason
   */
  async take(exclusive: boolean, signal: AbortSignal, atOnce = false): Promise<Disposable> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting = {
      exclusive,
      atOnce,
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
    let over = false;
    return {
      [Symbol.dispose]: () => {
        if (over) return;
        over = true;
        if (exclusive) this.#exclusive = false;
        else this.#shared -= 1;
        // The last holder may ask for another turn synchronously.
        setImmediate(() => {
          this.#admit();
        });
      },
    };
  }

  #admit(): void {
    if (this.#exclusive) return;
    const changes = this.#waiting.filter(({ exclusive }) => exclusive);
    const rely = this.#waiting.filter(({ exclusive }) => !exclusive);
    const change = changes.find(({ atOnce }) => atOnce) ?? changes[0];
    const due =
      change?.atOnce === true ||
      this.#changing ||
      changes.length >= TOGETHER ||
      rely.length + this.#shared === 0;
    if (change === undefined || !due) {
      this.#changing = false;
      this.#begin(rely);
    } else if (this.#shared === 0) {
      this.#changing = true;
      this.#begin([change]);
    }
  }

  #begin(next: readonly Waiting[]): void {
    for (const waiting of next) {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      if (waiting.exclusive) this.#exclusive = true;
      else this.#shared += 1;
      waiting.begin();
    }
  }
}
