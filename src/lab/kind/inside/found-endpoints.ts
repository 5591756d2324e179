import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoints } from '../../../agent/ground.ts';
import type { Hosts } from '../../../agent/hosts.ts';
import type { Network, Pod, Service } from '../../../agent/network.ts';
import { onNodes, reached } from '../../../agent/pod-links.ts';
import type { Servers } from '../../../agent/servers.ts';
import { Services } from '../../../agent/services.ts';
import type { Done } from '../../../change/done.ts';
import { immediateOf, type ChangeOf } from '../../../change/index.ts';
import { restorable } from '../../../change/restorable.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import { OWN_ROUTES } from './node-host.ts';

type Repoint = Omit<ChangeOf<'endpoints'>, 'kind'>;

/**
 * A cluster's services as seen by one node's agent. The API server selects a service's pods and kube-proxy
 * programs them; the agent runs the pods' apps and disconnects removed pods.
 */
export class FoundEndpoints implements Endpoints {
  readonly #own: string;
  readonly #hosts: Hosts;
  readonly #servers: Pick<Servers, 'serve'>;
  readonly #services: Services;

  /**
   * Starts the apps in this node's pods behind services, and in pods that a later change selects: they serve
   * before they are selected.
   */
  constructor(
    network: Network,
    own: string,
    hosts: Hosts,
    servers: Pick<Servers, 'serve'>,
    later: readonly Repoint[],
  ) {
    this.#own = own;
    this.#hosts = hosts;
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

  /** Disconnects pods instead of deleting them: a deleted pod could not return under its address. */
  repoint({ service: name, pods: set, grace }: Repoint): Promise<Done> {
    const before = this.service(name);
    const pods = this.#services.pods(set);
    const old = before.endpoints.filter((pod) => pod.node === this.#own && !pods.includes(pod));
    let gone: Promise<void> = Promise.resolve();
    return restorable([
      {
        name: this.#own,
        // Old pods are disconnected after this is read; the restore verifies their routes.
        read: () => ({
          [name]: this.service(name)
            .endpoints.map(({ ip }) => ip)
            .sort(),
        }),
        make: () => {
          this.#services.lead(name, pods);
          gone = delay(grace * 1000).then(() => onNodes(this.#hosts, old, awayLines));
          gone.catch(() => undefined);
        },
        restore: async () => {
          await gone;
          await onNodes(this.#hosts, old, backLines);
          this.#services.lead(name, before.endpoints);
          const there = await reached(this.#hosts, old);
          const missing = old.map(({ ip }) => ip).filter((ip) => !there.includes(ip));
          if (missing.length > 0) throw new Error(`no route to ${missing.join(' ')}`);
        },
      },
    ]);
  }

  #serve(service: Service, endpoints: readonly Pod[]): void {
    // CoreDNS itself is in those pods.
    if (service.app === 'dns') return;
    this.#servers.serve(
      service,
      endpoints.filter(({ node }) => node === this.#own),
    );
  }
}

/**
 * Blackholes the pod's route and keeps its veth up: after a link flap packets are lost for up to 1 s while
 * ARP resolves.
 */
function awayLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`route replace blackhole ${ip}/32 proto ${OWN_ROUTES}`];
}

/** The CNI plugin ptp's route to a pod. */
function backLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`route replace ${ip}/32 dev ${link} scope host`];
}

/** Every change of endpoints in a protocol. */
export function repointsOf({ fault, events, prepare }: Protocol): readonly Repoint[] {
  const all = [...prepare, fault, ...events.map(({ change }) => change)];
  return all.map(immediateOf).filter((change) => change.kind === 'endpoints');
}
