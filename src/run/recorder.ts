import type { Reporter } from '../report/reporter.ts';
import { millisecondsSince } from '../util/clock.ts';
import type { History, HistoryEvent, Untimed } from './history.ts';
import type { RunFolder } from './store.ts';

/** The one place that every event of a run passes: to the judge's history, to the disk, to the reporters. */
export class Recorder {
  readonly #events: HistoryEvent[] = [];
  readonly #epoch: bigint;
  readonly #folder: RunFolder;
  readonly #reporter: Required<Reporter>;
  #closed = false;

  constructor(epoch: bigint, folder: RunFolder, reporter: Required<Reporter>) {
    this.#epoch = epoch;
    this.#folder = folder;
    this.#reporter = reporter;
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
    this.#reporter.event(event);
  };

  /** Records something that happens now. */
  readonly now = (event: Untimed): void => {
    const t = millisecondsSince(this.#epoch);
    this.sink({ ...event, t });
  };
}
