import { openTable, type Table, type TableFiles } from '../kernel/counters.ts';
import type { Spaces } from './spaces.ts';

/** The conntrack tables of an agent's nodes, each opened once. */
export class Tables {
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(nodes: readonly string[], spaces: Spaces) {
    this.#tables = new Map(nodes.map((name) => [name, openTable(spaces.get(name))]));
  }

  /** The descriptors of each table, by node. */
  get files(): readonly (readonly [node: string, files: TableFiles])[] {
    return [...this.#tables].map(([node, { files }]) => [node, files]);
  }

  /** @throws Error where the node is not the agent's */
  get(node: string): Table {
    const table = this.#tables.get(node);
    if (table === undefined) throw new Error(`there is no node ${node}; add it to topology.nodes`);
    return table;
  }
}
