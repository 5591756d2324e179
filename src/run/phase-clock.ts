import type { HistoryEvent } from '../schema/history.ts';

/** How long the phases of the symptom and of each remedy took, from the events of a run. */
export class PhaseClock {
  readonly #begun = new Map<string, number>();
  readonly #seconds = new Map<string, number>();

  event(event: HistoryEvent): void {
    if (event.type !== 'phase') return;
    const { cycle, stage } = event.phase;
    const key = `${stage} ${cycle}`;
    const start = this.#begun.get(key);
    if (event.edge === 'start') this.#begun.set(key, event.t);
    else if (start !== undefined)
      this.#seconds.set(cycle, (this.#seconds.get(cycle) ?? 0) + (event.t - start) / 1000);
  }

  /** By `symptom` or a remedy's name, retries included; without those of which no phase ended. */
  get seconds(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#seconds);
  }
}
