import type { Host } from '../host/host.ts';

type Cleared = Pick<Host, 'flushMark'> & { table(): { readonly entries: number } };

/** A table, by node or pod, and the mark of the entries that phases leave in it. */
type Marked = readonly [table: string, mark: number];

/** What clearing needs of ballast, which has marks of its own. */
interface Beside {
  entries(table: string): number;
  renew(): Promise<void>;
}

/**
 * Deletes what phases leave in tables. For each flush the kernel walks the one hash of all namespaces, so a table
 * that holds as much as the last flush left is not flushed again.
 */
export class Clearing {
  readonly #tables: readonly Marked[];
  readonly #host: (table: string) => Cleared;
  readonly #ballasts: Beside;
  /** How many entries beside ballast the last flush left, by table; none where there was traffic since. */
  readonly #left = new Map<string, number>();

  constructor(tables: readonly Marked[], host: (table: string) => Cleared, ballasts: Beside) {
    this.#tables = tables;
    this.#host = host;
    this.#ballasts = ballasts;
  }

  /** Traffic begins: the next call flushes every table. */
  used(): void {
    this.#left.clear();
  }

  async clear(): Promise<void> {
    const changed = this.#tables.filter(([table]) => this.#entries(table) !== this.#left.get(table));
    if (changed.length === 0) return;
    for (const [table, mark] of changed) await this.#host(table).flushMark(mark);
    await this.#ballasts.renew();
    for (const [table] of changed) this.#left.set(table, this.#entries(table));
  }

  #entries(table: string): number {
    return this.#host(table).table().entries - this.#ballasts.entries(table);
  }
}
