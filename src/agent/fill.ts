import type { Hosts } from './hosts.ts';
import { floodTcpFromAll } from '../load/flood/flood-threads.ts';
import { hasVeth, type VethPod, type Network } from './network.ts';
import type { Namespaces } from './namespaces.ts';
import { routed } from './traffic-routes.ts';
import { TRAFFIC } from '../util/address-plan.ts';

const { fillClients: CLIENTS, fillServer: SERVER } = TRAFFIC;

/**
 * Fills a node's table through its own packet path. It sends stateless TCP handshakes between two of its
 * pods, from addresses that are routed to the pods and assigned to none. The node forwards every packet.
 */
class PacketPathFill {
  readonly #pods: readonly VethPod[];
  readonly #node: string;
  readonly #namespaces: Namespaces;
  readonly #hosts: Hosts;
  #sent = 0;

  constructor(node: string, network: Network, namespaces: Namespaces, hosts: Hosts) {
    this.#pods = network.pods.filter(hasVeth).filter((pod) => pod.node === node);
    this.#node = node;
    this.#namespaces = namespaces;
    this.#hosts = hosts;
  }

  /**
   * Adds `count` entries. Lost handshakes are sent again while that makes progress.
   *
   * @throws Error where the node has fewer than two pods
   */
  async add(count: number): Promise<void> {
    const [client, server] = this.#pods;
    if (client === undefined || server === undefined)
      throw new Error(`--squeeze none needs two pods on ${this.#node}`);
    if (this.#sent === 0) await routed(this.#hosts, this.#node, [client, CLIENTS], [server, SERVER]);
    const goal = this.#hosts.get(this.#node).table().entries + count;
    for (let missing = count, before = -1; missing > 0 && missing !== before;) {
      await this.#flood(client, server, missing);
      before = missing;
      missing = goal - this.#hosts.get(this.#node).table().entries;
    }
  }

  async #flood(client: VethPod, server: VethPod, count: number): Promise<void> {
    const { first, count: sources } = CLIENTS;
    const from = this.#sent;
    this.#sent += count;
    await floodTcpFromAll({
      client: this.#namespaces.get(client.name),
      server: this.#namespaces.get(server.name),
      sources: { first, count: sources },
      destination: SERVER,
      backend: SERVER,
      from,
      count,
      // Ends with the sandbox.
      signal: new AbortController().signal,
    });
  }
}

/** Returns a function that adds entries to a node's table by traffic through it. */
export function packetPathFill(
  network: Network,
  namespaces: Namespaces,
  hosts: Hosts,
): (node: string, count: number) => Promise<void> {
  const fills = new Map<string, PacketPathFill>();
  return (node, count) => {
    const fill = fills.get(node) ?? new PacketPathFill(node, network, namespaces, hosts);
    fills.set(node, fill);
    return fill.add(count);
  };
}
