import type { Host } from '../host/host.ts';
import { DEMAND_MARK, UNMARKED } from '../host/marks.ts';
import type { Squeeze } from '../change/squeezes.ts';
import { squeezedNodes, type Protocol } from '../schema/protocol.ts';

type Cleared = Pick<Host, 'flushMark'> & { table(): { readonly entries: number } };

/** A table, by node or pod, and the mark of the entries that phases leave in it. */
type Marked = readonly [table: string, mark: number];

/** The tables in which phases leave entries. @param pods those with a table of their own */
export function markedTables(
  protocol: Pick<Protocol, 'node' | 'fault'>,
  squeeze: Squeeze,
  { nodes, pods }: { readonly nodes: readonly string[]; readonly pods: readonly string[] },
): readonly Marked[] {
  // A squeeze by the machine's maximum fills the table of every node.
  const filled =
    squeeze === 'sysctl' ? nodes : nodes.filter((name) => squeezedNodes(protocol).includes(name));
  return [
    // The packet rules mark the demand's entries; in a pod nothing marks any.
    ...filled.map((name) => [name, DEMAND_MARK] as const),
    ...pods.map((name) => [name, UNMARKED] as const),
  ];
}

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
