import type { Done } from '../agent/done.ts';
import type { Endpoints } from '../agent/ground.ts';
import type { Network, Service } from '../agent/network.ts';
import type { Servers } from '../agent/servers.ts';

/** The services of a cluster, as its API server had them when the lab came up; kube-proxy programs them. */
export class FoundEndpoints implements Endpoints {
  readonly services: readonly Service[];

  /** Starts the apps in those pods behind services that are on the agent's node. */
  constructor({ services }: Network, own: string, servers: Servers) {
    this.services = services;
    for (const service of services)
      servers.serve(
        service,
        service.endpoints.filter(({ node }) => node === own),
      );
  }

  service(name: string): Service {
    const service = this.services.find((each) => each.name === name);
    if (service === undefined) throw new Error(`there is no service ${name}; add it to topology.services`);
    return service;
  }

  addresses(): readonly string[] {
    return [];
  }

  repoint(): Promise<Done> {
    return Promise.reject(new Error('a service’s endpoints are the API server’s to change'));
  }
}
