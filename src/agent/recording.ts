import type { Trace } from '../host/traced.ts';
import type { HistoryEvent } from '../schema/history.ts';
import { millisecondsSince } from '../util/clock.ts';

/** Events go to the harness so often, a message for all of them, ms. */
export const DELIVER_EVERY_MS = 100;

/** Where an agent records what it sees and does: handed on in batches, for as long as the process lives. */
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

  /** What a node is told; lines that follow each other are one event. */
  readonly trace: Trace = (node, ...lines) => {
    const last = this.#pending.at(-1);
    if (last?.type === 'executed' && last.node === node) last.lines.push(...lines);
    else this.#pending.push({ type: 'executed', t: this.now(), node, lines: [...lines] });
  };

  /** Hands on what is pending. */
  readonly deliver = (): void => {
    if (this.#pending.length > 0) this.#send(this.#pending);
    this.#pending = [];
  };
}
