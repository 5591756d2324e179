/** While fewer wait to change the limit, those who rely on it are not kept waiting: both cores are better used. */
const TOGETHER = 2;

interface Waiting {
  readonly exclusive: boolean;
  readonly atOnce: boolean;
  readonly begin: () => void;
}

/**
 * Who may rely on the machine’s limit, and who may change it: many of the first at a time, or one of the second.
 * Nobody can work while the last of the first are awaited, so whoever would change it waits for a second one, or
 * for all to have finished; then they go one after the other. Who changes it from the first phase to the last is next
 * at once.
 */
export class Turns {
  #shared = 0;
  #exclusive = false;
  /** Has one just changed it? Then whoever else would is next, without another pause. */
  #changing = false;
  readonly #waiting: Waiting[] = [];

  /**
   * @param atOnce not after a second one who would change it
   * @param signal ends the waiting. @throws its reason
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
        // Whoever had the turn may ask for another in the same breath.
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
