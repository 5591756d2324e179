import { Resolver } from '../kernel/resolver-process.ts';
import { kindOf, type Load } from '../load/index.ts';
import type { Pod, Service } from './network.ts';
import type { Spaces } from './spaces.ts';

/** The C library's own resolver, a process a pod: those of the pods that the demand looks up from, and of the apps that call others. */
export class PodResolvers {
  readonly #spaces: Spaces;
  /** One a pod, where the demand is look-ups; none in a pod that is another agent's. */
  demand: readonly (Resolver | undefined)[] = [];
  readonly #callers = new Map<string, Resolver>();

  constructor(spaces: Spaces) {
    this.#spaces = spaces;
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
    const open = (pod: string): Promise<Resolver> => Resolver.open(this.#spaces.get(pod), folder);
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

  /** Of a pod whose app looks up what it calls. */
  caller(pod: string): Resolver | undefined {
    return this.#callers.get(pod);
  }

  /** Others in the place of those in which look-ups hang. */
  async renew(): Promise<void> {
    this.demand = await Promise.all(
      this.demand.map((resolver) => resolver?.renewed() ?? Promise.resolve(undefined)),
    );
    for (const [pod, resolver] of this.#callers) this.#callers.set(pod, await resolver.renewed());
  }
}
