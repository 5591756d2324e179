import { setTimeout as delay } from 'node:timers/promises';
import { nft, nftTable } from '../../../kernel/nft.ts';
import type { ChangeOf } from '../../../schema/change.ts';
import type { Network, Pod, Service } from '../../../agent/network.ts';
import { CLUSTER_DOMAIN } from '../addresses.ts';
import { undone, type Done, type Reading } from '../../../change/done.ts';
import type { Endpoints } from '../../../agent/ground.ts';
import { downLines, onNodes, routesTo, upLines } from '../../../agent/pod-links.ts';
import { endpointRules, endpointsIn } from './rules.ts';
import type { Servers } from '../../../agent/servers.ts';
import { Services } from '../../../agent/services.ts';
import { everyStep, settled } from '../../../change/settled.ts';
import type { Spaces } from '../../../agent/spaces.ts';
import { allOrNone } from '../../../change/undo-stack.ts';

/** Which pods stand behind each service now, on every node, in the DNS and on the wire. */
export class ProgrammedEndpoints implements Endpoints {
  readonly #network: Network;
  readonly #spaces: Spaces;
  readonly #servers: Servers;
  readonly #services: Services;

  constructor(network: Network, spaces: Spaces, servers: Servers) {
    this.#network = network;
    this.#spaces = spaces;
    this.#services = new Services(network);
    this.#servers = servers;
    for (const service of network.services) servers.serve(service, service.endpoints);
  }

  /** Every service as it stands now. */
  get services(): readonly Service[] {
    return this.#services.all;
  }

  /** @throws Error where the topology has no such service */
  service(name: string): Service {
    return this.#services.get(name);
  }

  /** What the cluster's DNS answers to a name. */
  addresses(name: string): readonly string[] {
    const service = this.services.find((each) => `${each.name}.${CLUSTER_DOMAIN}` === name);
    if (service === undefined) return [];
    return service.headless ? service.endpoints.map(({ ip }) => ip) : [service.ip];
  }

  /**
   * Rules first, then the old pods go, as a rolling update does it; nothing says goodbye to their clients. What is
   * made next, the clean-up of entries for one, need not wait for them to go.
   */
  async repoint({ service: name, pods: set, grace }: ChangeOf<'endpoints'>): Promise<Done> {
    const before = this.service(name);
    const pods = this.#services.pods(set);
    const old = before.endpoints.filter((pod) => !pods.includes(pod));
    const found = await this.#read(name, old);
    const { made: readBack, undo: restore } = await allOrNone(async (stack) => {
      this.#servers.serve(before, pods);
      stack.defer(() => this.#program(this.service(name), before.endpoints));
      await this.#program(before, pods);
      const gone = delay(grace * 1000).then(() => onNodes(old, downLines));
      gone.catch(() => undefined);
      stack.defer(() => everyStep([() => gone, () => onNodes(old, upLines)]));
      return this.#read(name, []);
    });
    const undo = (): Promise<Reading> =>
      undone(found, async () => {
        await restore();
        return this.#read(name, old);
      });
    const leave = `${old.map(({ ip }) => ip).join(' ')} gone ${String(grace)} s later`;
    return { found, readBack: `${readBack}, ${leave}`, emulated: false, undo };
  }

  async #program(service: Service, endpoints: readonly Pod[]): Promise<void> {
    if (!service.headless) {
      const rules = endpointRules(service, endpoints);
      await settled(this.#network.nodes.map(({ name }) => nft(this.#spaces.get(name), rules)));
    }
    this.#services.lead(service.name, endpoints);
  }

  /** `web → server-0, routed`: the endpoints that every node's rules lead to, and whether the old pods have a route. */
  async #read(name: string, old: readonly Pod[]): Promise<string> {
    const service = this.service(name);
    const programmed = service.headless
      ? [service.endpoints.map(({ ip }) => ip).sort()]
      : await Promise.all(
          this.#network.nodes.map(async (node) =>
            endpointsIn(await nftTable(this.#spaces.get(node.name), 'kube-proxy'), service),
          ),
        );
    const routes = await routesTo(old);
    const named = [...new Set(programmed.map((ips) => ips.join(' ')))].join(' | ');
    return [`${name} → ${named}`, ...routes].join(', ');
  }
}
