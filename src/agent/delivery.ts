import type { HistoryEvent } from '../schema/history.ts';

/** Events go to the harness so often, a message for all of them, ms. */
export const DELIVER_EVERY_MS = 100;

/** Hands events on in batches, for as long as the process lives. */
export class Delivery {
  readonly #send: (events: HistoryEvent[]) => void;
  #pending: HistoryEvent[] = [];

  constructor(send: (events: HistoryEvent[]) => void) {
    this.#send = send;
    setInterval(this.now, DELIVER_EVERY_MS);
  }

  readonly emit = (event: HistoryEvent): void => {
    this.#pending.push(event);
  };

  /** Hands on what is pending. */
  readonly now = (): void => {
    if (this.#pending.length > 0) this.#send(this.#pending);
    this.#pending = [];
  };
}
