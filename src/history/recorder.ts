import { millisecondsSince } from '../util/clock.ts';
import type { History, HistoryEvent, Untimed } from '../schema/history.ts';
import type { RunFolder } from './store.ts';

/** The one place that every event of a run passes: to the judge's history, to the disk, to the reporters. */
export class Recorder {
  readonly #events: HistoryEvent[] = [];
  readonly #epoch: bigint;
  readonly #folder: RunFolder;
  readonly #listen: (event: HistoryEvent) => void;
  #closed = false;

  /** @param listen told of each event, last */
  constructor(epoch: bigint, folder: RunFolder, listen: (event: HistoryEvent) => void) {
    this.#epoch = epoch;
    this.#folder = folder;
    this.#listen = listen;
  }

  get history(): History {
    return this.#events;
  }

  /** Nothing is recorded after the `end` event: a lab that would not go may still talk. */
  readonly sink = (event: HistoryEvent): void => {
    if (this.#closed) return;
    this.#closed = event.type === 'end';
    this.#events.push(event);
    this.#folder.append(event);
    this.#listen(event);
  };

  /** Records something that happens now. */
  readonly now = (event: Untimed): void => {
    const t = millisecondsSince(this.#epoch);
    this.sink({ ...event, t });
  };
}
