import { podsIn, type Network, type Pod, type Service } from './network.ts';

/** The services of a lab with their current endpoints. */
export class Services {
  readonly #network: Network;
  readonly #now: Map<string, Service>;

  constructor(network: Network) {
    this.#network = network;
    this.#now = new Map(network.services.map((service) => [service.name, service]));
  }

  get all(): readonly Service[] {
    return [...this.#now.values()];
  }

  /** @throws Error where the topology has no such service */
  get(name: string): Service {
    const service = this.#now.get(name);
    if (service === undefined) throw new Error(`there is no service ${name}; add it to topology.services`);
    return service;
  }

  /** Sets the endpoints of a service. */
  lead(name: string, endpoints: readonly Pod[]): void {
    this.#now.set(name, { ...this.get(name), endpoints });
  }

  /** @throws Error where the topology has no such set */
  pods(set: string): readonly Pod[] {
    return podsIn(this.#network.pods, set);
  }
}
