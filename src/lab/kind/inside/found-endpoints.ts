import type { ChangeOf } from '../../../schema/change.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { Protocol } from '../../../schema/protocol.ts';
import { undone, type Done, type Reading } from '../../../change/done.ts';
import type { Endpoints } from '../../../agent/ground.ts';
import type { Network, Pod, Service } from '../../../agent/network.ts';
import { onNodes, routesTo } from '../../../agent/pod-links.ts';
import type { Servers } from '../../../agent/servers.ts';
import { Services } from '../../../agent/services.ts';
import { OWN_ROUTES } from './node-host.ts';

/**
 * The services of a cluster as one node's agent knows them. Which pods a service selects is the API server's to say, and
 * kube-proxy's to program; the agent has the apps in its pods, and cuts off those that are to be gone.
 */
export class FoundEndpoints implements Endpoints {
  readonly #own: string;
  readonly #servers: Servers;
  readonly #services: Services;

  /**
   * Starts the apps in those pods behind services that are on the agent's node, and in those that will be behind one:
   * they serve before they are selected.
   */
  constructor(network: Network, own: string, servers: Servers, later: readonly ChangeOf<'endpoints'>[]) {
    this.#own = own;
    this.#servers = servers;
    this.#services = new Services(network);
    for (const service of network.services) this.#serve(service, service.endpoints);
    for (const { service, pods } of later) this.#serve(this.service(service), this.#services.pods(pods));
  }

  get services(): readonly Service[] {
    return this.#services.all;
  }

  service(name: string): Service {
    return this.#services.get(name);
  }

  addresses(): readonly string[] {
    return [];
  }

  /** Cut off, not deleted: a pod that was deleted could not be put back under its address. */
  async repoint({ service: name, pods: set, grace }: ChangeOf<'endpoints'>): Promise<Done> {
    const before = this.service(name);
    const pods = this.#services.pods(set);
    const old = before.endpoints.filter((pod) => pod.node === this.#own && !pods.includes(pod));
    const found = await this.#read(name, old);
    this.#services.lead(name, pods);
    const gone = delay(grace * 1000).then(() => onNodes(old, awayLines));
    gone.catch(() => undefined);
    const undo = (): Promise<Reading> =>
      undone(found, async () => {
        await gone;
        await onNodes(old, backLines);
        this.#services.lead(name, before.endpoints);
        return this.#read(name, old);
      });
    const leave =
      old.length === 0 ? '' : `, ${old.map(({ ip }) => ip).join(' ')} gone ${String(grace)} s later`;
    return { found, readBack: `${await this.#read(name, [])}${leave}`, emulated: false, undo };
  }

  #serve(service: Service, endpoints: readonly Pod[]): void {
    // CoreDNS itself is in those pods.
    if (service.app === 'dns') return;
    this.#servers.serve(
      service,
      endpoints.filter(({ node }) => node === this.#own),
    );
  }

  async #read(name: string, old: readonly Pod[]): Promise<string> {
    const ips = this.service(name).endpoints.map(({ ip }) => ip);
    return [`${name} → ${ips.sort().join(' ')}`, ...(await routesTo(old))].join(', ');
  }
}

/**
 * Nothing comes through to it any more, nor leaves the lab on the way. Its link stays as it is: of one that comes up again the first
 * packets go astray for up to a second, while its node asks for it once more.
 */
function awayLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`route replace blackhole ${ip}/32 proto ${OWN_ROUTES}`];
}

/** As the CNI plug-in ptp routes a pod. */
function backLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`route replace ${ip}/32 dev ${link} scope host`];
}

/** Every change of endpoints that a protocol may bring. */
export function repointsOf({ fault, events, prepare }: Protocol): readonly ChangeOf<'endpoints'>[] {
  const all = [...prepare, fault, ...events.map(({ change }) => change)];
  return all
    .map((change) => (change.kind === 'event' ? change.change : change))
    .filter((change) => change.kind === 'endpoints');
}
