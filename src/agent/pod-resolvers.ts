import { Resolver } from '../kernel/resolver-process.ts';
import { kindOf, type Load } from '../load/index.ts';
import type { Pod, Service } from './network.ts';
import type { Namespaces } from './namespaces.ts';

/**
 * One process per pod that runs the C library's resolver: for pods whose demand is lookups, and for apps that
 * call others.
 */
export class PodResolvers {
  readonly #namespaces: Namespaces;
  /** One per pod where the demand is lookups; undefined for other agents' pods. */
  demand: readonly (Resolver | undefined)[] = [];
  readonly #callers = new Map<string, Resolver>();

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces;
  }

  /**
   * @param folder of the pods' resolver files
   * @param pods of the demand, in order
   * @param own the agent's nodes
   */
  async open(
    folder: string,
    demand: Load,
    pods: readonly Pod[],
    services: readonly Service[],
    own: readonly string[],
  ): Promise<void> {
    const open = (pod: string): Promise<Resolver> => Resolver.open(this.#namespaces.get(pod), folder);
    if (kindOf(demand).dns === 'resolver')
      this.demand = await Promise.all(
        pods.map(({ name, node }) => (own.includes(node) ? open(name) : Promise.resolve(undefined))),
      );
    const looking = services.filter(({ calls }) => calls.some(({ name }) => name !== undefined));
    const endpoints = looking.flatMap((service) =>
      service.endpoints.filter(({ node }) => own.includes(node)),
    );
    const callers = new Set(endpoints.map(({ name }) => name));
    await Promise.all([...callers].map(async (pod) => this.#callers.set(pod, await open(pod))));
  }

  /** The resolver of a pod whose app looks up the services that it calls. */
  caller(pod: string): Resolver | undefined {
    return this.#callers.get(pod);
  }

  /** Replaces processes in which lookups hang. */
  async renew(): Promise<void> {
    this.demand = await Promise.all(
      this.demand.map((resolver) => resolver?.renewed() ?? Promise.resolve(undefined)),
    );
    for (const [pod, resolver] of this.#callers) this.#callers.set(pod, await resolver.renewed());
  }
}
