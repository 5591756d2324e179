import pLimit, { type LimitFunction } from 'p-limit';

/** Told its place in the queue, from 1: at once, and whenever it moves up. */
type Placed = (place: number) => void;

/** Work of which a few pieces run side by side; the others wait, in order, and are told their place. */
export class Queue {
  readonly #limit: LimitFunction;
  #waiting: readonly Placed[] = [];

  /** @param atOnce pieces side by side */
  constructor(atOnce: number) {
    this.#limit = pLimit(atOnce);
  }

  /** Carries the work out when its turn comes. @param placed not told where the work begins at once */
  async take(work: () => Promise<void>, placed: Placed): Promise<void> {
    const { activeCount, pendingCount, concurrency } = this.#limit;
    if (pendingCount > 0 || activeCount >= concurrency) {
      this.#waiting = [...this.#waiting, placed];
      placed(this.#waiting.length);
    }
    await this.#limit(async () => {
      const place = this.#waiting.indexOf(placed);
      if (place >= 0) this.#leave(place);
      await work();
    });
  }

  #leave(place: number): void {
    this.#waiting = this.#waiting.toSpliced(place, 1);
    for (const [i, placed] of this.#waiting.entries()) placed(i + 1);
  }
}

export function sayPlace(place: number): string {
  return `place ${String(place)} in the queue`;
}
