import type { Change } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { Api } from './api.ts';

type Repoint = Extract<Change, { kind: 'endpoints' }>;

/** What of a change of endpoints is the API server's: which set of pods a service selects. */
export class Selections {
  readonly #api: Api;
  readonly #namespace: string;
  readonly #services: Protocol['topology']['services'];
  readonly #programmed: (since: number) => Promise<void>;

  /** @param programmed resolves once every node's kube-proxy has programmed what was changed since then, in seconds */
  constructor(
    api: Api,
    namespace: string,
    { topology }: Protocol,
    programmed: (since: number) => Promise<void>,
  ) {
    this.#programmed = programmed;
    this.#api = api;
    this.#namespace = namespace;
    this.#services = topology.services;
  }

  /** At once. @returns how to undo it */
  async select({ service, pods }: Repoint): Promise<() => Promise<void>> {
    await this.#select(service, pods);
    return () => this.#select(service, this.#services[service]?.pods ?? pods);
  }

  async #select(service: string, pods: string): Promise<void> {
    const since = Date.now() / 1000;
    await this.#api.selectPods(this.#namespace, service, pods);
    await this.#programmed(since);
  }
}
