import { flushMark, insertEstablished, removeEstablished } from '../kernel/ctnetlink.ts';
import type { Table } from '../kernel/counters.ts';
import type { NetNamespace } from '../kernel/netns.ts';
import { writeSysctl } from '../kernel/sysctl.ts';
import type { Squeeze } from '../schema/squeeze.ts';
import type { SqueezeReport } from '../schema/history.ts';
import type { ChangeOf } from '../schema/change.ts';
import { undone, type Done } from '../change/done.ts';
import { BALLAST_MARK } from './packet-rules.ts';

/** A squeeze that is off by more entries than this did not take. */
const TOLERANCE = 50;

/** What takes a table's room: entries that the kernel will not give up for others, as held connections', unless `assured` is false. */
export class Ballast {
  readonly #space: NetNamespace;
  readonly #table: Table;
  readonly #squeeze: Squeeze;
  readonly #onSqueeze: (report: SqueezeReport) => void;
  readonly #fillForReal: (upTo: number) => Promise<void>;
  #entries = 0;
  #assured = true;

  constructor(options: {
    space: NetNamespace;
    table: Table;
    squeeze: Squeeze;
    onSqueeze: (report: SqueezeReport) => void;
    /** Sends so many handshakes through the node; for the squeeze `none`. */
    fillForReal: (count: number) => Promise<void>;
  }) {
    this.#space = options.space;
    this.#table = options.table;
    this.#squeeze = options.squeeze;
    this.#onSqueeze = options.onSqueeze;
    this.#fillForReal = options.fillForReal;
  }

  /** Fills the table until `free` entries are left. */
  async fill({ free, assured = true }: ChangeOf<'squeeze'>): Promise<Done> {
    const { entries, limit } = this.#table.read();
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
    const after = this.#table.read();
    if (Math.abs(after.limit - after.entries - free) > TOLERANCE) {
      throw new Error(
        `the squeeze left ${this.#free()} instead of ${String(free)}: is something else using the node?`,
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
    const undo = (): ReturnType<Done['undo']> => {
      if (this.#squeeze === 'netns-sysctl') this.#setOwnLimit(limit);
      flushMark(this.#space, BALLAST_MARK);
      this.#entries = 0;
      return Promise.resolve({ found: freeOf({ entries, limit }), readBack: this.#free() });
    };
    return { found: freeOf({ entries, limit }), readBack: this.#free(), emulated: false, undo };
  }

  /**
   * What raising the maximum does for one table, where the maximum itself is out of reach: that much more room,
   * by taking ballast out.
   */
  giveBack(count: number): Done {
    if (this.#squeeze === 'netns-sysctl') return this.#raiseOwnLimit(count);
    if (count > this.#entries)
      throw new Error('emulated by giving back ballast, and there is none: use --squeeze ballast, or root');
    const found = this.#free();
    this.#entries -= count;
    if (this.#assured) removeEstablished(this.#space, this.#entries, count);
    else this.renew();
    const before = this.#entries + count;
    const undo = (): ReturnType<Done['undo']> =>
      undone(String(before), () => {
        this.#insert(count);
        return String(this.#entries);
      });
    return { found, readBack: this.#free(), emulated: true, undo };
  }

  /** Puts back what the kernel has evicted of it. */
  renew(): void {
    if (this.#assured) return;
    const count = this.#entries;
    flushMark(this.#space, BALLAST_MARK);
    this.#entries = 0;
    this.#insert(count);
  }

  #insert(count: number): void {
    insertEstablished(this.#space, this.#entries, count, BALLAST_MARK, this.#assured);
    this.#entries += count;
  }

  #raiseOwnLimit(by: number): Done {
    const { limit } = this.#table.read();
    const set = (value: number): string => String(this.#setOwnLimit(value));
    return {
      found: String(limit),
      readBack: set(limit + by),
      emulated: false,
      undo: () => undone(String(limit), () => set(limit)),
    };
  }

  /** @throws Error on a kernel where the maximum is the machine's alone */
  #setOwnLimit(value: number): number {
    try {
      return Number(this.#space.within(() => writeSysctl('net.netfilter.nf_conntrack_max', String(value))));
    } catch (error) {
      throw new Error('this kernel has no nf_conntrack_max of a namespace’s own: use --squeeze ballast', {
        cause: error,
      });
    }
  }

  #free(): string {
    return freeOf(this.#table.read());
  }
}

function freeOf({ entries, limit }: { entries: number; limit: number }): string {
  return `${String(limit - entries)} free`;
}
