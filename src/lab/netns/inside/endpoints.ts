import type { Hosts } from '../../../agent/hosts.ts';
import type { Endpoints } from '../../../agent/ground.ts';
import type { Network, Pod, Service } from '../../../agent/network.ts';
import { downLines, onNodes, reached, upLines } from '../../../agent/pod-links.ts';
import type { Servers } from '../../../agent/servers.ts';
import { Services } from '../../../agent/services.ts';
import type { Done, Value } from '../../../change/done.ts';
import type { ChangeOf } from '../../../change/index.ts';
import { restorable } from '../../../change/restorable.ts';
import { everyStep, settled } from '../../../util/settled.ts';
import { CLUSTER_DOMAIN } from '../addresses.ts';
import { endpointRules, endpointsIn } from './rules.ts';

/** The current pods of each service: in every node's rules, in DNS, and by their links. */
export class ProgrammedEndpoints implements Endpoints {
  readonly #network: Network;
  readonly #hosts: Hosts;
  readonly #servers: Pick<Servers, 'serve'>;
  readonly #services: Services;
  readonly #pause: (ms: number) => Promise<unknown>;

  /** @param pause waits, ms */
  constructor(
    network: Network,
    hosts: Hosts,
    servers: Pick<Servers, 'serve'>,
    pause: (ms: number) => Promise<unknown>,
  ) {
    this.#network = network;
    this.#hosts = hosts;
    this.#services = new Services(network);
    this.#servers = servers;
    this.#pause = pause;
    for (const service of network.services) servers.serve(service, service.endpoints);
  }

  get services(): readonly Service[] {
    return this.#services.all;
  }

  service(name: string): Service {
    return this.#services.get(name);
  }

  addresses(name: string): readonly string[] {
    const service = this.services.find((each) => `${each.name}.${CLUSTER_DOMAIN}` === name);
    if (service === undefined) return [];
    return service.headless ? service.endpoints.map(({ ip }) => ip) : [service.ip];
  }

  /**
   * Programs the rules first, then removes the old pods, as a rolling update does; their clients get no FIN.
   * Later changes, such as deleting entries, need not wait for the removal.
   */
  repoint({ service: name, pods: set, grace }: Omit<ChangeOf<'endpoints'>, 'kind'>): Promise<Done> {
    const before = this.service(name);
    const pods = this.#services.pods(set);
    const old = before.endpoints.filter((pod) => !pods.includes(pod));
    let gone: Promise<void> = Promise.resolve();
    return restorable([
      {
        name,
        read: () => this.#read(name),
        make: async () => {
          this.#servers.serve(before, pods);
          await this.#program(before, pods);
          gone = this.#pause(grace * 1000).then(() => onNodes(this.#hosts, old, downLines));
          gone.catch(() => undefined);
        },
        restore: () =>
          everyStep([
            () => gone,
            () => onNodes(this.#hosts, old, upLines),
            () => this.#program(this.service(name), before.endpoints),
            () => this.#routed(old),
          ]),
      },
    ]);
  }

  async #program(service: Service, endpoints: readonly Pod[]): Promise<void> {
    if (!service.headless) {
      const rules = endpointRules(service, endpoints);
      await settled(this.#network.nodes.map(({ name }) => this.#hosts.get(name).nft(rules)));
    }
    this.#services.lead(service.name, endpoints);
  }

  /** @throws Error naming the pods without a route */
  async #routed(pods: readonly Pod[]): Promise<void> {
    const there = await reached(this.#hosts, pods);
    const missing = pods.map(({ ip }) => ip).filter((ip) => !there.includes(ip));
    if (missing.length > 0) throw new Error(`no route to ${missing.join(' ')}`);
  }

  /** The endpoints in every node's rules; several lists where nodes differ. */
  async #read(name: string): Promise<Value> {
    const service = this.service(name);
    if (service.headless) return { endpoints: service.endpoints.map(({ ip }) => ip).sort() };
    const programmed = await settled(
      this.#network.nodes.map(async (node) => {
        const rules = await this.#hosts.get(node.name).tableText('kube-proxy');
        return endpointsIn(rules, service).join(' ');
      }),
    );
    return { endpoints: [...new Set(programmed)] };
  }
}
