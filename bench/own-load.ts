/** Our own loads, offered by the agent of a lab. */
import { processCpu, watchCpu } from './cpu.ts';
import type { BenchLab, Offered } from './lab.ts';
import type { Sample } from './work.ts';

/** Factor by which the next offer grows while the load keeps up. */
const STEP = 1.7;
/** Share of the offer; a load that answers less is at its limit. */
const ENOUGH = 0.85;
const MORE = 1.25;

export interface OwnLoadOptions {
  readonly lab: BenchLab;
  /** Count of the first offer. */
  readonly first: number;
  /** The change that sets the count offered within the demand's one second. */
  readonly change: (count: number) => Readonly<Record<string, unknown>>;
  /** Called after every offer. */
  readonly clear: () => Promise<void>;
  /** A remark about an offer. */
  readonly note?: (offered: Offered) => string;
}

/** Finds the most that a load can answer: each offer is a quarter more than the last answers. */
export class OwnLoad {
  readonly #options: OwnLoadOptions;
  #rate: number | undefined;

  constructor(options: OwnLoadOptions) {
    this.#options = options;
  }

  async measure(): Promise<Sample> {
    for (let rate = this.#options.first; this.#rate === undefined; rate *= STEP) {
      const { value } = await this.#offer(rate);
      if (value < ENOUGH * rate) this.#rate = value;
    }
    const sample = await this.#offer(this.#rate * MORE);
    this.#rate = sample.value;
    return sample;
  }

  async #offer(rate: number): Promise<Sample> {
    const { lab, change, clear, note } = this.#options;
    const spent = watchCpu([]);
    const offered = await lab.with(change(Math.round(rate)), () => lab.offer(processCpu));
    const { machine, softirq } = spent();
    await clear();
    const { ok, failed, failure = '', seconds, cpu } = offered;
    if (ok === 0) throw new Error('no request was answered');
    const notes = [
      ...(failed > 0 ? [`${String(failed)} failed: ${failure}`] : []),
      ...(note === undefined ? [] : [note(offered)]),
    ];
    return {
      value: ok / seconds,
      cpu: cpu / ok,
      machine: machine / ok,
      softirq: softirq / machine,
      ...(notes.length > 0 && { note: notes.join(', ') }),
    };
  }
}
