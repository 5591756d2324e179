import type { Change } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import { Events, type PhaseEvent } from '../agent/events.ts';
import type { Api } from './api.ts';

type Repoint = Extract<Change, { kind: 'endpoints' }>;
type Undo = () => Promise<void>;

/** What of a change of endpoints is the API server's: which set of pods a service selects. */
export class Selections {
  readonly #api: Api;
  readonly #namespace: string;
  readonly #services: Protocol['topology']['services'];
  readonly #events: Events;
  readonly #programmed: (since: number) => Promise<void>;

  /** @param programmed resolves once every node's kube-proxy has programmed what was changed since then, in seconds */
  constructor(
    api: Api,
    namespace: string,
    { topology, events }: Protocol,
    programmed: (since: number) => Promise<void>,
  ) {
    this.#programmed = programmed;
    this.#api = api;
    this.#namespace = namespace;
    this.#services = topology.services;
    const ours = events.filter(({ change }) => change.kind === 'endpoints');
    this.#events = new Events(ours, async (change) => {
      const undo = change.kind === 'endpoints' ? await this.select(change) : () => Promise.resolve();
      return { undo };
    });
  }

  /** From now on in every phase, until undone. */
  arm(event: PhaseEvent): Undo {
    const { undo } = this.#events.arm(event);
    return async () => {
      await undo();
    };
  }

  /** At once. @returns how to undo it */
  async select({ service, pods }: Repoint): Promise<Undo> {
    await this.#select(service, pods);
    return () => this.#select(service, this.#services[service]?.pods ?? pods);
  }

  /**
   * Lets what is armed happen, counted from now. Disposing undoes it.
   *
   * @param failed told once the API server refuses
   */
  begin(cycle: string, failed: (error: Error) => void): AsyncDisposable {
    return this.#events.begin(cycle, failed);
  }

  async #select(service: string, pods: string): Promise<void> {
    const since = Date.now() / 1000;
    await this.#api.selectPods(this.#namespace, service, pods);
    await this.#programmed(since);
  }
}
