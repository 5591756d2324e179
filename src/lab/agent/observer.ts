import { PROBES } from '../../probe/index.ts';
import type { Probed } from '../../probe/probe.ts';
import type { HistoryEvent, Phase } from '../../run/history.ts';

/** Lets every probe look at the edges of a phase, and records what they see; see Sampler for what is seen during it. */
export class Observer {
  readonly #probed: Probed;
  readonly #now: () => number;
  readonly #emit: (event: HistoryEvent) => void;

  constructor(probed: Probed, now: () => number, emit: (event: HistoryEvent) => void) {
    this.#probed = probed;
    this.#now = now;
    this.#emit = emit;
  }

  /** Lets probes watch from now on, until disposed of; records what they saw then. */
  watch(phase: Phase): Disposable {
    const ends = PROBES.flatMap((probe) => probe.during?.(this.#probed) ?? []);
    return {
      [Symbol.dispose]: () => {
        const figures = Object.assign({}, ...ends.map((end) => end())) as Record<string, number>;
        if (Object.keys(figures).length > 0)
          this.#emit({ type: 'measured', t: this.#now(), phase, figures });
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

  /** What the entries say that the phase has left. */
  async inspect(phase: Phase): Promise<void> {
    const seen = await Promise.all(PROBES.map(async (probe) => probe.inspect?.(this.#probed, phase.stage)));
    const figures = Object.assign({}, ...seen) as Record<string, number>;
    if (Object.keys(figures).length > 0) this.#emit({ type: 'measured', t: this.#now(), phase, figures });
  }

  /** @returns whether anything was measured, and may have left entries */
  async measure(phase: Phase): Promise<boolean> {
    const seen = await Promise.all(PROBES.map(async (probe) => probe.measure?.(this.#probed, phase.stage)));
    const figures = Object.assign({}, ...seen) as Record<string, number>;
    if (Object.keys(figures).length === 0) return false;
    this.#emit({ type: 'measured', t: this.#now(), phase, figures });
    return true;
  }
}
