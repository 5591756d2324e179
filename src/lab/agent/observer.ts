import { PROBES } from '../../probe/index.ts';
import type { Probed } from '../../probe/probe.ts';
import type { HistoryEvent, Phase } from '../../run/history.ts';

/** Often enough to see a table fill; a reading costs microseconds. */
const SAMPLE_EVERY_MS = 50;

/** Lets every probe look at a phase, and records what they see. */
export class Observer {
  readonly #probed: Probed;
  readonly #now: () => number;
  readonly #emit: (event: HistoryEvent) => void;

  constructor(probed: Probed, now: () => number, emit: (event: HistoryEvent) => void) {
    this.#probed = probed;
    this.#now = now;
    this.#emit = emit;
  }

  /** Samples now and then every 50 ms, until disposed of; samples once more then, and records what was seen between. */
  watch(phase: Phase): Disposable {
    const ends = PROBES.flatMap((probe) => probe.during?.(this.#probed) ?? []);
    const sample = (): void => {
      for (const probe of PROBES) {
        for (const seen of probe.sample?.(this.#probed) ?? [])
          this.#emit({ type: 'sample', t: this.#now(), phase, ...seen });
      }
    };
    sample();
    const timer = setInterval(sample, SAMPLE_EVERY_MS);
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        sample();
        const figures = Object.assign({}, ...ends.map((end) => end())) as Record<string, number>;
        if (Object.keys(figures).length > 0) this.#emit({ type: 'measured', t: this.#now(), phase, figures });
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
