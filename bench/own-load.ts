/** Our own loads, offered by the agent of a lab. */
import { processCpu, watchCpu } from './cpu.ts';
import type { BenchLab, Offered } from './lab.ts';
import type { Sample } from './work.ts';

/** A load that keeps up is offered so many times more. */
const STEP = 1.7;
/** Of what is offered; a load that answers less than this share is at its limit. */
const ENOUGH = 0.85;
const MORE = 1.25;

export interface OwnLoadOptions {
  readonly lab: BenchLab;
  /** How much is offered first. */
  readonly first: number;
  /** The change that has so many offered within the one second of the demand. */
  readonly change: (count: number) => Readonly<Record<string, unknown>>;
  /** Called after every offer. */
  readonly clear: () => void;
  /** What else is to be said of an offer. */
  readonly note?: (offered: Offered) => string;
}

/** The most that a load can have answered: what is offered is a quarter more than was answered the last time. */
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
    clear();
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
