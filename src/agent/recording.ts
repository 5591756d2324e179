import type { Trace } from '../host/traced.ts';
import type { HistoryEvent } from '../schema/history.ts';
import { millisecondsSince } from '../util/clock.ts';

/** Interval of event batches to the harness, ms. */
export const DELIVER_EVERY_MS = 100;

/** Collects an agent's events and sends them in batches. Its timer lives as long as the process. */
export class Recording {
  readonly #send: (events: HistoryEvent[]) => void;
  readonly #epoch: bigint;
  #pending: HistoryEvent[] = [];

  /** @param epoch see LabOptions.epoch */
  constructor(epoch: bigint, send: (events: HistoryEvent[]) => void) {
    this.#epoch = epoch;
    this.#send = send;
    setInterval(this.deliver, DELIVER_EVERY_MS);
  }

  /** ms since the run began. */
  readonly now = (): number => millisecondsSince(this.#epoch);

  readonly emit = (event: HistoryEvent): void => {
    this.#pending.push(event);
  };

  /** Commands to a node; consecutive lines become one event. */
  readonly trace: Trace = (node, ...lines) => {
    const last = this.#pending.at(-1);
    if (last?.type === 'executed' && last.node === node) last.lines.push(...lines);
    else this.#pending.push({ type: 'executed', t: this.now(), node, lines: [...lines] });
  };

  /** Sends the pending events. */
  readonly deliver = (): void => {
    if (this.#pending.length > 0) this.#send(this.#pending);
    this.#pending = [];
  };
}
