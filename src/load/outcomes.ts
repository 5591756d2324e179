import type { LoadEvent } from './events.ts';

interface Batch {
  readonly outcome: string;
  readonly node: string | undefined;
  readonly due: number[];
  readonly latency: number[];
  readonly resent: number[];
}

/** What the kernel knows of how a request ended. */
export interface Evidence {
  /** When it ended, ms on the run's clock; absent: now. */
  readonly at?: number;
  /** SYNs that were sent again for it. */
  readonly resent?: number;
  /** For so long its answer lay in the socket before it was read, ms. */
  readonly unread?: number;
}

/** Collects what became of one phase's requests and hands it on in batches, an event an outcome. */
export class Outcomes {
  readonly #unit: string;
  readonly #emit: (event: LoadEvent) => void;
  readonly #now: () => number;
  readonly #began: number;
  #batch = new Map<string, Batch>();
  readonly #late: number[] = [];
  readonly #unread: number[] = [];
  #offered = 0;
  /** When a program that reports by itself was ready to begin. */
  #ready = Infinity;
  #starved: string | undefined;

  constructor(unit: string, now: () => number, emit: (event: LoadEvent) => void) {
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
   * @param evidence what the kernel says of it, where it was asked
   */
  ended(due: number, outcome: string, node?: string, evidence: Evidence = {}): void {
    const { at = this.#now(), resent, unread } = evidence;
    if (unread !== undefined) this.#unread.push(unread);
    this.#record(due, at - this.#began - due, outcome, node, resent);
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

  /** Flushes, and says how much was offered and how punctually. */
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
