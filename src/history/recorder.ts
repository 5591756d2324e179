import { millisecondsSince } from '../util/clock.ts';
import type { History, HistoryEvent, Untimed } from '../schema/history.ts';
import type { RunFolder } from './store.ts';

/** Passes every event of a run to the history, the disk and the reporters. */
export class Recorder {
  readonly #events: HistoryEvent[] = [];
  readonly #epoch: bigint;
  readonly #folder: RunFolder;
  readonly #listen: (event: HistoryEvent) => void;
  #closed = false;

  /** @param listen called last, for each event */
  constructor(epoch: bigint, folder: RunFolder, listen: (event: HistoryEvent) => void) {
    this.#epoch = epoch;
    this.#folder = folder;
    this.#listen = listen;
  }

  get history(): History {
    return this.#events;
  }

  /** Ignores events after `end`: a lab that failed to close may still send some. */
  readonly sink = (event: HistoryEvent): void => {
    if (this.#closed) return;
    this.#closed = event.type === 'end';
    this.#events.push(event);
    this.#folder.append(event);
    this.#listen(event);
  };

  /** Records an event with the current time. */
  readonly now = (event: Untimed): void => {
    const t = millisecondsSince(this.#epoch);
    this.sink({ ...event, t });
  };
}
