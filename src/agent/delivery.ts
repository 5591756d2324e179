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

  /** What a node is told; lines that follow each other are one event. */
  readonly executed = (t: number, node: string, lines: readonly string[]): void => {
    const last = this.#pending.at(-1);
    if (last?.type === 'executed' && last.node === node) last.lines.push(...lines);
    else this.#pending.push({ type: 'executed', t, node, lines: [...lines] });
  };

  /** Hands on what is pending. */
  readonly now = (): void => {
    if (this.#pending.length > 0) this.#send(this.#pending);
    this.#pending = [];
  };
}
