import { PROBES } from './probe/index.ts';
import type { Probed } from './probe/probe.ts';
import type { HistoryEvent, Phase } from '../schema/history.ts';
import type { Sampler } from './sampler.ts';

/** Runs every probe on a phase and records the figures. */
export class Observer {
  readonly #probed: Probed;
  readonly #sampler: Sampler;
  readonly #now: () => number;
  readonly #emit: (event: HistoryEvent) => void;

  constructor(probed: Probed, sampler: Sampler, now: () => number, emit: (event: HistoryEvent) => void) {
    this.#probed = probed;
    this.#sampler = sampler;
    this.#now = now;
    this.#emit = emit;
  }

  /**
   * Resolves once the sampler's thread has started. On a busy machine that takes a second, which the first
   * phase would lose.
   */
  async ready(): Promise<void> {
    await this.#sampler.end();
  }

  /**
   * Samples tables and runs probes until disposed. Disposing takes the last sample and records the figures.
   */
  async watch(phase: Phase): Promise<AsyncDisposable> {
    await this.#sampler.begin(phase);
    const ends = PROBES.flatMap((probe) => probe.during?.(this.#probed) ?? []);
    return {
      [Symbol.asyncDispose]: async () => {
        const seen = ends.map((end) => end());
        await this.#sampler.end();
        this.#record(phase, seen);
      },
    };
  }

  async totals(phase: Phase, edge: 'start' | 'end'): Promise<void> {
    await Promise.all(
      this.#probed.nodes.map(async (node) => {
        const seen = await Promise.all(PROBES.map(async (probe) => probe.totals?.(this.#probed, node)));
        const totals = Object.assign({}, ...seen) as Record<string, number>;
        this.#emit({ type: 'totals', t: this.#now(), phase, edge, node, totals });
      }),
    );
  }

  /** Records figures from the entries that the phase has left. */
  async inspect(phase: Phase): Promise<void> {
    const seen = await Promise.all(PROBES.map(async (probe) => probe.inspect?.(this.#probed, phase.stage)));
    this.#record(phase, seen);
  }

  /** @returns whether anything was measured, which may have left entries */
  async measure(phase: Phase): Promise<boolean> {
    const seen = await Promise.all(PROBES.map(async (probe) => probe.measure?.(this.#probed, phase.stage)));
    return this.#record(phase, seen);
  }

  /** @returns whether there is anything to record */
  #record(phase: Phase, seen: readonly (Readonly<Record<string, number>> | undefined)[]): boolean {
    const figures = Object.assign({}, ...seen) as Record<string, number>;
    if (Object.keys(figures).length === 0) return false;
    this.#emit({ type: 'measured', t: this.#now(), phase, figures });
    return true;
  }
}
