import { restorable } from '../change/restorable.ts';
import type { Done, Value } from '../change/done.ts';
import type { Squeeze } from '../change/squeezes.ts';
import { BALLAST_MARK } from '../host/marks.ts';
import type { Host } from '../host/host.ts';
import type { SqueezeReport } from '../schema/history.ts';

const MAX = 'net.netfilter.nf_conntrack_max';

/** A squeeze that is off by more entries than this did not take. */
const TOLERANCE = 50;

/** What takes a table's room: entries that the kernel will not give up for others, as held connections', unless `assured` is false. */
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
    /** Sends so many handshakes through the node; for the squeeze `none`. */
    fillForReal: (count: number) => Promise<void>;
  }) {
    this.#host = options.host;
    this.#squeeze = options.squeeze;
    this.#onSqueeze = options.onSqueeze;
    this.#fillForReal = options.fillForReal;
  }

  /** Fills the table until `free` entries are left. */
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
        `the table has ${String(limit - entries)} free entries, fewer than the ${String(free)} to be left`,
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
      // Nothing is compared: the demand has left entries meanwhile.
      undo: () => {
        if (this.#squeeze === 'netns-sysctl') this.#setOwnLimit(limit);
        this.#host.flushMark(BALLAST_MARK);
        this.#entries = 0;
        return Promise.resolve([{ ...reading, before: reading.after, after: this.#free() }]);
      },
    };
  }

  /**
   * What raising the maximum does for one table, where the maximum itself is out of reach: that much more room,
   * by taking ballast out.
   */
  async giveBack(count: number): Promise<Done> {
    if (this.#squeeze === 'netns-sysctl') return this.#raiseOwnLimit(count);
    if (count > this.#entries)
      throw new Error('emulated by deleting ballast, and there is none: use --squeeze ballast, or root');
    const done = await restorable([
      {
        name: this.#host.name,
        read: () => ({ ballast: this.#entries }),
        make: () => {
          this.#entries -= count;
          if (this.#assured) this.#host.removeEntries(this.#entries, count);
          else this.renew();
        },
        restore: () => {
          this.#insert(count);
        },
      },
    ]);
    return { ...done, emulated: true };
  }

  /** Puts back what the kernel has evicted of it. */
  renew(): void {
    if (this.#assured) return;
    const count = this.#entries;
    this.#host.flushMark(BALLAST_MARK);
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

  /** @throws Error on a kernel where the maximum is the machine's alone */
  #setOwnLimit(value: number): void {
    try {
      this.#host.writeSysctl(MAX, String(value));
    } catch (error) {
      throw new Error('this kernel has no nf_conntrack_max of a namespace’s own: use --squeeze ballast', {
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
