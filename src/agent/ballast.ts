import { restorable } from '../change/restorable.ts';
import type { Done, Value } from '../change/done.ts';
import type { Squeeze } from '../change/squeezes.ts';
import { BALLAST_MARK } from '../host/marks.ts';
import type { Host } from '../host/host.ts';
import type { SqueezeReport } from '../schema/history.ts';
import { MAX } from '../kernel/table-names.ts';

/** Maximum error of a squeeze, entries. */
const TOLERANCE = 50;

/**
 * Fills a table with entries that the kernel does not evict, like those of held connections, unless `assured`
 * is false.
 */
export class Ballast {
  readonly #host: Host;
  readonly #squeeze: Squeeze;
  readonly #onSqueeze: (report: SqueezeReport) => void;
  readonly #fillForReal: (upTo: number) => Promise<void>;
  #entries = 0;
  #assured = true;

  constructor(options: {
    host: Host;
    squeeze: Squeeze;
    onSqueeze: (report: SqueezeReport) => void;
    /** Sends `count` handshakes through the node; for the squeeze `none`. */
    fillForReal: (count: number) => Promise<void>;
  }) {
    this.#host = options.host;
    this.#squeeze = options.squeeze;
    this.#onSqueeze = options.onSqueeze;
    this.#fillForReal = options.fillForReal;
  }

  /** How many entries were inserted; the kernel may have evicted some. */
  get entries(): number {
    return this.#entries;
  }

  async fill({
    free,
    assured = true,
  }: {
    readonly free: number;
    readonly assured?: boolean | undefined;
  }): Promise<Done> {
    const { entries, limit } = this.#host.table();
    const wanted = limit - entries - free;
    if (wanted < 0)
      throw new Error(
        `the table has ${String(limit - entries)} free entries, fewer than the ${String(free)} requested`,
      );
    if (!assured && this.#squeeze !== 'ballast')
      throw new Error(`the squeeze ${this.#squeeze} has no unassured entries: use --squeeze ballast`);
    this.#assured = assured;
    if (this.#squeeze === 'ballast') this.#insert(wanted);
    else if (this.#squeeze === 'netns-sysctl') this.#setOwnLimit(entries + free);
    else await this.#fillForReal(wanted);
    const after = this.#host.table();
    if (Math.abs(after.limit - after.entries - free) > TOLERANCE) {
      throw new Error(
        `the squeeze left ${String(after.limit - after.entries)} free entries instead of ${String(free)}: is something else using the node?`,
      );
    }
    const report: SqueezeReport = {
      kind: this.#squeeze,
      asked: { free },
      got: {
        free: after.limit - after.entries,
        nf_conntrack_max: after.limit,
        nf_conntrack_buckets: after.buckets,
      },
    };
    this.#onSqueeze(report);
    const reading = { node: this.#host.name, before: freeOf({ entries, limit }), after: this.#free() };
    return {
      readings: [reading],
      // Nothing is compared: the demand has added entries since.
      undo: async () => {
        if (this.#squeeze === 'netns-sysctl') this.#setOwnLimit(limit);
        await this.#host.flushMark(BALLAST_MARK);
        this.#entries = 0;
        return [{ ...reading, before: reading.after, after: this.#free() }];
      },
    };
  }

  /** Emulates a higher maximum for one table by deleting ballast. */
  async giveBack(count: number): Promise<Done> {
    if (this.#squeeze === 'netns-sysctl') return this.#raiseOwnLimit(count);
    if (count > this.#entries)
      throw new Error(
        'a higher limit is emulated by deleting ballast, and there is none: use --squeeze ballast, or root',
      );
    const done = await restorable([
      {
        name: this.#host.name,
        read: () => ({ ballast: this.#entries }),
        make: async () => {
          this.#entries -= count;
          if (this.#assured) this.#host.removeEntries(this.#entries, count);
          else await this.renew();
        },
        restore: () => {
          this.#insert(count);
        },
      },
    ]);
    return { ...done, emulated: true };
  }

  /** Reinserts unassured entries that the kernel has evicted. */
  async renew(): Promise<void> {
    if (this.#assured) return;
    const count = this.#entries;
    await this.#host.flushMark(BALLAST_MARK);
    this.#entries = 0;
    this.#insert(count);
  }

  #insert(count: number): void {
    this.#host.insertEntries(this.#entries, count, BALLAST_MARK, this.#assured);
    this.#entries += count;
  }

  #raiseOwnLimit(by: number): Promise<Done> {
    const { limit } = this.#host.table();
    return restorable([
      {
        name: this.#host.name,
        read: () => this.#host.table().limit,
        make: () => {
          this.#setOwnLimit(limit + by);
        },
        restore: () => {
          this.#setOwnLimit(limit);
        },
      },
    ]);
  }

  /** @throws Error on kernels where only the initial namespace has a maximum */
  #setOwnLimit(value: number): void {
    try {
      this.#host.writeSysctl(MAX, String(value));
    } catch (error) {
      throw new Error('this kernel has no nf_conntrack_max per namespace: use --squeeze ballast', {
        cause: error,
      });
    }
  }

  #free(): Value {
    return freeOf(this.#host.table());
  }
}

function freeOf({ entries, limit }: { entries: number; limit: number }): Value {
  return { free: limit - entries };
}
