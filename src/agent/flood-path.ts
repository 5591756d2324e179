import type { Hosts } from './hosts.ts';
import type { FloodPath } from '../load/flood/flood-path.ts';
import { Flows } from '../load/flood/flows.ts';
import type { Pod } from './network.ts';
import type { Namespaces } from './namespaces.ts';
import { routed } from './traffic-routes.ts';
import { TRAFFIC } from '../util/address-plan.ts';

const { floodClients: CLIENTS, floodServer: SERVER } = TRAFFIC;

/** The paths of a lab's floods: address ranges that are routed to two pods and assigned to neither. */
export class FloodPaths {
  readonly #namespaces: Namespaces;
  readonly #hosts: Hosts;
  readonly #ready = new Map<string, Promise<FloodPath>>();
  readonly #flows = new Flows(TRAFFIC.floodClients);

  constructor(namespaces: Namespaces, hosts: Hosts) {
    this.#namespaces = namespaces;
    this.#hosts = hosts;
  }

  /** @throws Error where the pods are on different nodes: one node must forward between them */
  between(client: Pod, server: Pod): Promise<FloodPath> {
    if (server.node !== client.node)
      throw new Error('a flood needs two pods on one node: name both in topology.pods');
    const name = `${client.name} ${server.name}`;
    const path = this.#ready.get(name) ?? this.#route(client, server);
    this.#ready.set(name, path);
    return path;
  }

  async #route(client: Pod, server: Pod): Promise<FloodPath> {
    await routed(this.#hosts, client.node, [client, CLIENTS], [server, SERVER]);
    return {
      client: this.#namespaces.get(client.name),
      server: this.#namespaces.get(server.name),
      flows: this.#flows,
      serverEnd: { ip: SERVER.ip, port: SERVER.port },
    };
  }
}
