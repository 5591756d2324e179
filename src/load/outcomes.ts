import type { HistoryEvent, Phase } from '../run/history.ts';

interface Batch {
  readonly outcome: string;
  readonly node: string | undefined;
  readonly due: number[];
  readonly latency: number[];
}

/** Collects what became of one phase's requests and hands it on in batches, an event an outcome. */
export class Outcomes {
  readonly #phase: Phase;
  readonly #unit: string;
  readonly #emit: (event: HistoryEvent) => void;
  readonly #now: () => number;
  readonly #began: number;
  #batch = new Map<string, Batch>();
  readonly #late: number[] = [];
  #offered = 0;
  /** When a program that reports by itself was ready to begin. */
  #ready = Infinity;
  #starved: string | undefined;

  constructor(phase: Phase, unit: string, now: () => number, emit: (event: HistoryEvent) => void) {
    this.#phase = phase;
    this.#unit = unit;
    this.#emit = emit;
    this.#now = now;
    this.#began = now();
  }

  /** Milliseconds since this phase began: the clock that `due` is on. */
  elapsed(): number {
    return this.#now() - this.#began;
  }

  /** Something that was due is being started now. */
  started(due: number): void {
    this.#offered++;
    this.#late.push(Math.max(0, this.elapsed() - due));
  }

  /**
   * It ended, `ok` or in the client's words. Latency counts from when it was due, not from when it was started.
   *
   * @param node whose pod it was of, where the load runs on several nodes
   */
  ended(due: number, outcome: string, node?: string): void {
    this.#record(due, this.elapsed() - due, outcome, node);
  }

  /** What another program has started, ended and timed by itself, and says afterwards. */
  reported(due: number, latency: number, outcome: string, node?: string): void {
    this.#offered++;
    this.#ready = Math.min(this.#ready, due);
    this.#record(due, latency, outcome, node);
  }

  /** So many were due and never started: the generator was the bottleneck, for this reason. */
  missed(count: number, why: string): void {
    this.#offered += count;
    this.starve(why);
  }

  get offered(): number {
    return this.#offered;
  }

  /** The generator itself could not go on; whatever was seen proves nothing about the table. */
  starve(why: string): void {
    this.#starved ??= why;
  }

  #record(due: number, latency: number, outcome: string, node: string | undefined): void {
    const key = `${outcome}\n${node ?? ''}`;
    let entry = this.#batch.get(key);
    if (entry === undefined) this.#batch.set(key, (entry = { outcome, node, due: [], latency: [] }));
    entry.due.push(round(due));
    entry.latency.push(round(latency));
  }

  flush(): void {
    const t = this.#now();
    for (const { node, ...batch } of this.#batch.values()) {
      const where = node === undefined ? {} : { node };
      this.#emit({ type: 'outcomes', t, phase: this.#phase, unit: this.#unit, ...where, ...batch });
    }
    this.#batch = new Map();
  }

  /** Flushes, and says how much was offered and how punctually. */
  finish(): void {
    this.flush();
    const sorted = this.#late.toSorted((a, b) => a - b);
    const lateP95 = round(sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0);
    const starved = this.#starved === undefined ? {} : { starved: this.#starved };
    const began = this.#ready === Infinity ? {} : { began: round(this.#ready) };
    const count = this.#offered;
    this.#emit({
      type: 'offered',
      t: this.#now(),
      phase: this.#phase,
      unit: this.#unit,
      count,
      lateP95,
      ...began,
      ...starved,
    });
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
