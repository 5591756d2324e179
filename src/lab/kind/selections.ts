import type { Change } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { Api } from './api.ts';

type Repoint = Extract<Change, { kind: 'endpoints' }>;

interface Armed {
  /** Seconds since a phase began. */
  readonly at: number;
  readonly change: Repoint;
}

/** What of a change of endpoints is the API server's: which set of pods a service selects. */
export class Selections {
  readonly #api: Api;
  readonly #namespace: string;
  readonly #services: Protocol['topology']['services'];
  readonly #armed: Armed[];
  readonly #known: (service: string, pods: string, since: number) => Promise<void>;

  /** @param known resolves once the cluster leads to these pods, which was changed since then, in seconds */
  constructor(
    api: Api,
    namespace: string,
    { topology, events }: Protocol,
    known: (service: string, pods: string, since: number) => Promise<void>,
  ) {
    this.#known = known;
    this.#api = api;
    this.#namespace = namespace;
    this.#services = topology.services;
    this.#armed = events.flatMap(({ at, change }) => (change.kind === 'endpoints' ? [{ at, change }] : []));
  }

  /** From now on in every phase, until undone. */
  arm(armed: Armed): () => Promise<void> {
    this.#armed.push(armed);
    return () => {
      this.#armed.splice(this.#armed.indexOf(armed), 1);
      return Promise.resolve();
    };
  }

  /** At once. @returns how to undo it */
  async select({ service, pods }: Repoint): Promise<() => Promise<void>> {
    const undo = (): Promise<void> => this.#select(service, this.#services[service]?.pods ?? pods);
    try {
      await this.#select(service, pods);
      return undo;
    } catch (error) {
      await undo().catch(() => undefined);
      throw error;
    }
  }

  async #select(service: string, pods: string): Promise<void> {
    const since = Date.now() / 1000;
    await this.#api.selectPods(this.#namespace, service, pods);
    await this.#known(service, pods, since);
  }

  /**
   * Lets what is armed happen, counted from now. Disposing undoes it.
   *
   * @param failed told once the API server refuses
   */
  begin(failed: (error: Error) => void): AsyncDisposable {
    const made: Promise<() => Promise<void>>[] = [];
    const timers = this.#armed.map(({ at, change }) =>
      setTimeout(() => {
        const making = this.select(change);
        making.catch(failed);
        made.push(making);
      }, at * 1000),
    );
    return {
      [Symbol.asyncDispose]: async () => {
        timers.forEach(clearTimeout);
        for (const making of made.toReversed()) await (await making.catch(() => undefined))?.();
      },
    };
  }
}
