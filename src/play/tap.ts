import type { HistoryEvent } from '../schema/history.ts';

/** Keeps a lab's events until they are taken. */
export class Tap {
  #events: HistoryEvent[] = [];
  readonly #listen: (event: HistoryEvent) => void;

  constructor(listen: (event: HistoryEvent) => void) {
    this.#listen = listen;
  }

  readonly sink = (event: HistoryEvent): void => {
    this.#events.push(event);
    this.#listen(event);
  };

  readonly taken = (): readonly HistoryEvent[] => {
    const taken = this.#events;
    this.#events = [];
    return taken;
  };
}
