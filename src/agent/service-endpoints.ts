import type { Done, Value } from '../change/done.ts';
import { immediateOf, namesOf } from '../change/index.ts';
import { restorable } from '../change/restorable.ts';
import { changesOf, type Protocol } from '../schema/protocol.ts';
import { everyStep } from '../util/settled.ts';
import type { Endpoints } from './agent-environment.ts';
import type { Hosts } from './hosts.ts';
import type { Network, Pod, Service } from './network.ts';
import { onNodes, reached } from './pod-links.ts';
import type { Servers } from './servers.ts';
import { Services } from './services.ts';

type Repoint = Parameters<Endpoints['repoint']>[0];

/** How a lab leads a service to pods, and cuts pods off. */
export interface Routing {
  /** The DNS domain of services. */
  readonly domain: string;
  /** The name in a change's record: the node or the service. */
  readonly site: (service: string) => string;
  /** Whether this agent runs the pod's app and its link. */
  readonly isOwn: (pod: Pod) => boolean;
  /** Leads `service`, with its endpoints of before, to others. Called again after a failure. */
  readonly program: (service: Service, endpoints: readonly Pod[]) => Promise<void>;
  /** Where the service leads now. */
  readonly read: (service: Service) => Value | Promise<Value>;
  /** `ip -batch` lines on the pod's node. */
  readonly cutOff: (pod: Pod) => readonly string[];
  readonly reconnect: (pod: Pod) => readonly string[];
}

/** The current pods of each service, as one agent sees and changes them. */
export class ServiceEndpoints implements Endpoints {
  readonly #hosts: Hosts;
  readonly #servers: Pick<Servers, 'serve'>;
  readonly #services: Services;
  readonly #routing: Routing;
  readonly #pause: (ms: number) => Promise<unknown>;

  /**
   * Starts the apps in this agent's pods behind services, and in pods that a later change selects: they serve
   * before they are selected.
   *
   * @param pause waits, ms
   */
  constructor(
    network: Network,
    hosts: Hosts,
    servers: Pick<Servers, 'serve'>,
    routing: Routing,
    later: readonly Pick<Repoint, 'service' | 'pods'>[],
    pause: (ms: number) => Promise<unknown>,
  ) {
    this.#hosts = hosts;
    this.#servers = servers;
    this.#services = new Services(network);
    this.#routing = routing;
    this.#pause = pause;
    for (const service of network.services) this.#serve(service, service.endpoints);
    for (const { service, pods } of later) this.#serve(this.service(service), this.#podsOf(pods));
  }

  get services(): readonly Service[] {
    return this.#services.all;
  }

  service(name: string): Service {
    return this.#services.get(name);
  }

  addresses(name: string): readonly string[] {
    const service = this.services.find((each) => `${each.name}.${this.#routing.domain}` === name);
    if (service === undefined) return [];
    return service.headless ? service.endpoints.map(({ ip }) => ip) : [service.ip];
  }

  /**
   * Leads the service to the new pods, or to none, and removes the old ones after `grace`, as a rolling update does; their
   * clients get no FIN. Pods are disconnected instead of deleted: a deleted pod could not return under its
   * address. Later changes, such as deleting entries, need not wait for the removal.
   */
  repoint({ service: name, pods: set, grace }: Repoint): Promise<Done> {
    const { site, isOwn, program, read, cutOff, reconnect } = this.#routing;
    const before = this.service(name);
    const pods = this.#podsOf(set);
    const old = before.endpoints.filter((pod) => isOwn(pod) && !pods.includes(pod));
    let gone: Promise<void> = Promise.resolve();
    return restorable([
      {
        name: site(name),
        // Old pods are removed after this is read; the restore verifies their routes.
        read: () => read(this.service(name)),
        make: async () => {
          this.#serve(before, pods);
          await program(before, pods);
          this.#services.lead(name, pods);
          gone = this.#pause(grace * 1000).then(() => onNodes(this.#hosts, old, cutOff));
          gone.catch(() => undefined);
        },
        restore: () =>
          everyStep([
            // A failed removal still leaves pods to reconnect.
            () => gone.catch(() => undefined),
            () => onNodes(this.#hosts, old, reconnect),
            // Some nodes may lead to the new pods, others not: a change that failed halfway.
            () => program({ ...before, endpoints: longer(before.endpoints, pods) }, before.endpoints),
            () => {
              this.#services.lead(name, before.endpoints);
            },
            () => this.#routed(old),
          ]),
      },
    ]);
  }

  #podsOf(set: string | undefined): readonly Pod[] {
    return set === undefined ? [] : this.#services.pods(set);
  }

  #serve(service: Service, pods: readonly Pod[]): void {
    this.#servers.serve(service, pods.filter(this.#routing.isOwn));
  }

  /** @throws Error naming the pods without a route */
  async #routed(pods: readonly Pod[]): Promise<void> {
    const there = await reached(this.#hosts, pods);
    const missing = pods.map(({ ip }) => ip).filter((ip) => !there.includes(ip));
    if (missing.length > 0) throw new Error(`no route to ${missing.join(' ')}`);
  }
}

function longer<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return one.length > other.length ? one : other;
}

/** The sets of pods that changes of a protocol put behind services. */
export function laterPods(
  protocol: Protocol,
): readonly { readonly service: string; readonly pods: string }[] {
  return changesOf(protocol)
    .map((change) => namesOf(immediateOf(change)))
    .flatMap(({ service, pods = [] }) =>
      service === undefined ? [] : pods.map((set) => ({ service, pods: set })),
    );
}
