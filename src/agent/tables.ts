import { openTable, type Table, type TableFiles } from '../kernel/counters.ts';
import type { Protocol } from '../schema/protocol.ts';
import { podsWithTable } from '../schema/topology.ts';
import type { AgentEnvironment } from './agent-environment.ts';
import type { Namespaces } from './namespaces.ts';

/** An agent's pods whose own table is sampled. */
export function ownTables(
  { topology }: Protocol,
  { network, own }: Pick<AgentEnvironment, 'network' | 'own'>,
): readonly string[] {
  const named = podsWithTable(topology);
  return network.pods.flatMap(({ name, node }) => (own.includes(node) && named.includes(name) ? [name] : []));
}

/** The conntrack tables of an agent's nodes, and of pods that are observed like nodes, each opened once. */
export class Tables {
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(names: readonly string[], namespaces: Namespaces) {
    this.#tables = new Map(names.map((name) => [name, openTable(namespaces.get(name))]));
  }

  /** The descriptors of each table, by node or pod. */
  get files(): readonly (readonly [name: string, files: TableFiles])[] {
    return [...this.#tables].map(([name, { files }]) => [name, files]);
  }

  /** @throws Error where the node is not the agent's */
  get(node: string): Table {
    const table = this.#tables.get(node);
    if (table === undefined) throw new Error(`there is no node ${node}; add it to topology.nodes`);
    return table;
  }
}
