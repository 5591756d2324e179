import type { LoadEvent } from './events.ts';

interface Batch {
  readonly outcome: string;
  readonly node: string | undefined;
  readonly due: number[];
  readonly latency: number[];
  readonly resent: number[];
}

/** The kernel's evidence on how a request ended. */
export interface Evidence {
  /** When it ended, ms on the run's clock; default: now. */
  readonly at?: number;
  /** Retransmitted SYNs. */
  readonly resent?: number;
  /** How long its answer waited in the socket, ms. */
  readonly unread?: number;
}

/** Collects the outcomes of one phase and emits them in batches, one event per outcome. */
export class Outcomes {
  readonly #unit: string;
  readonly #emit: (event: LoadEvent) => void;
  readonly #now: () => number;
  readonly #began: number;
  #batch = new Map<string, Batch>();
  readonly #late: number[] = [];
  readonly #unread: number[] = [];
  #offered = 0;
  /** When a self-reporting program was ready to begin. */
  #ready = Infinity;
  #starved: string | undefined;

  constructor(unit: string, now: () => number, emit: (event: LoadEvent) => void) {
    this.#unit = unit;
    this.#emit = emit;
    this.#now = now;
    this.#began = now();
  }

  /** Milliseconds since this phase began: the clock of `due`. */
  elapsed(): number {
    return this.#now() - this.#began;
  }

  /** Records that a due operation is starting now. */
  started(due: number): void {
    this.#offered++;
    this.#late.push(Math.max(0, this.elapsed() - due));
  }

  /**
   * Records the end of an operation: `ok`, or a failure in the client's words. Latency counts from when it
   * was due.
   *
   * @param node the pod's node, where the load runs on several nodes
   * @param evidence the kernel's, where it was asked
   */
  ended(due: number, outcome: string, node?: string, evidence: Evidence = {}): void {
    const { at = this.#now(), resent, unread } = evidence;
    if (unread !== undefined) this.#unread.push(unread);
    this.#record(due, at - this.#began - due, outcome, node, resent);
  }

  /** Records an operation that another program started and timed. */
  reported(due: number, latency: number, outcome: string, node?: string): void {
    this.#offered++;
    this.#ready = Math.min(this.#ready, due);
    this.#record(due, latency, outcome, node);
  }

  /** Records `count` due operations that were never started, and why: the generator was the bottleneck. */
  missed(count: number, why: string): void {
    this.#offered += count;
    this.starve(why);
  }

  get offered(): number {
    return this.#offered;
  }

  /** Marks the generator as the bottleneck, so that the phase proves nothing about the table. */
  starve(why: string): void {
    this.#starved ??= why;
  }

  #record(due: number, latency: number, outcome: string, node: string | undefined, resent?: number): void {
    const key = `${outcome}\n${node ?? ''}\n${String(resent === undefined)}`;
    let entry = this.#batch.get(key);
    if (entry === undefined)
      this.#batch.set(key, (entry = { outcome, node, due: [], latency: [], resent: [] }));
    entry.due.push(round(due));
    entry.latency.push(round(latency));
    if (resent !== undefined) entry.resent.push(resent);
  }

  flush(): void {
    const t = this.#now();
    for (const { node, resent, ...seen } of this.#batch.values()) {
      const where = node === undefined ? {} : { node };
      const batch = resent.length > 0 ? { ...seen, resent } : seen;
      this.#emit({ type: 'outcomes', t, unit: this.#unit, ...where, ...batch });
    }
    this.#batch = new Map();
  }

  /** Flushes, and emits how much was offered and how punctually. */
  finish(): void {
    this.flush();
    const unread = this.#unread.length > 0 ? { unreadP95: p95(this.#unread) } : {};
    const starved = this.#starved === undefined ? {} : { starved: this.#starved };
    const began = this.#ready === Infinity ? {} : { began: round(this.#ready) };
    const count = this.#offered;
    this.#emit({
      type: 'offered',
      t: this.#now(),
      unit: this.#unit,
      count,
      lateP95: p95(this.#late),
      ...unread,
      ...began,
      ...starved,
    });
  }
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0);
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
