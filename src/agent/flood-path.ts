import { parseIp } from '../kernel/ipv4.ts';
import type { Host } from '../host/host.ts';
import type { Hosts } from './hosts.ts';
import type { FloodPath } from '../load/flood/flood-path.ts';
import type { Pod } from './network.ts';
import type { Namespaces } from './namespaces.ts';

/** Sources and destination of floods, in the pod network beyond the nodes' pod ranges. */
const CLIENTS = { network: '10.244.240.0/22', first: '10.244.240.1', count: 1000 } as const;
const SERVER = { network: '10.244.244.0/24', ip: '10.244.244.1', port: 80 } as const;

/** The paths of a lab's floods: address ranges that are routed to two pods and assigned to neither. */
export class FloodPaths {
  readonly #namespaces: Namespaces;
  readonly #hosts: Hosts;
  readonly #ready = new Map<string, Promise<FloodPath>>();
  #taken = 0;

  constructor(namespaces: Namespaces, hosts: Hosts) {
    this.#namespaces = namespaces;
    this.#hosts = hosts;
  }

  /** @throws Error where the pods are on different nodes: one node must forward between them */
  between(client: Pod | undefined, server: Pod | undefined): Promise<FloodPath> {
    if (client === undefined || server?.node !== client.node)
      throw new Error('a flood needs two pods on one node: name both in topology.pods');
    const name = `${client.name} ${server.name}`;
    const path = this.#ready.get(name) ?? this.#route(client, server);
    this.#ready.set(name, path);
    return path;
  }

  async #route(client: Pod, server: Pod): Promise<FloodPath> {
    const lines = [
      `route replace ${CLIENTS.network} via ${client.ip} dev ${client.link} onlink`,
      `route replace ${SERVER.network} via ${server.ip} dev ${server.link} onlink`,
    ];
    await this.#hosts.get(client.node).ip(lines);
    for (const { name } of [client, server]) dontForward(this.#hosts.get(name));
    return {
      client: this.#namespaces.get(client.name),
      server: this.#namespaces.get(server.name),
      sources: { first: parseIp(CLIENTS.first), count: CLIENTS.count },
      serverEnd: { ip: SERVER.ip, port: SERVER.port },
      take: (count) => {
        const first = this.#taken;
        this.#taken += count;
        return first;
      },
    };
  }
}

/** Turns off forwarding in a pod. A pod that inherits it would send foreign packets back in a loop. */
export function dontForward(pod: Pick<Host, 'writeSysctl'>): void {
  pod.writeSysctl('net.ipv4.ip_forward', '0');
}
