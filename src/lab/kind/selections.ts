import type { Change } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import { Events, type PhaseEvent } from '../agent/events.ts';
import type { Reading } from '../agent/done.ts';
import type { Applied } from '../lab.ts';
import type { Api } from './api.ts';

type Repoint = Extract<Change, { kind: 'endpoints' }>;

/** What a change of endpoints takes besides the API server. */
interface Around {
  /** Resolves once every node's kube-proxy has programmed what was changed since then, in seconds. */
  readonly programmed: (since: number) => Promise<void>;
  /** The nodes' part: has the pods that are no endpoints any more cut off. */
  readonly onNodes: (change: Change, cycle: string) => Promise<Applied>;
  readonly record: (action: 'apply' | 'undo', change: Repoint, cycle: string, reading: Reading) => void;
}

/**
 * Which set of pods a service selects. Pods leave as in a rolling update: the API server takes them out of the service,
 * every node's kube-proxy programs that, and only then do they go; they come back the other way round.
 */
export class Selections {
  readonly #api: Api;
  readonly #namespace: string;
  readonly #around: Around;
  readonly #events: Events;
  /** By service, the set that it selects. */
  readonly #selected: Map<string, string>;

  constructor(api: Api, namespace: string, { topology, events }: Protocol, around: Around) {
    this.#api = api;
    this.#namespace = namespace;
    this.#around = around;
    this.#selected = new Map(Object.entries(topology.services).map(([name, { pods }]) => [name, pods]));
    this.#events = new Events(events.filter(isOurs), (change, cycle) =>
      change.kind === 'endpoints' ? this.select(change, cycle) : around.onNodes(change, cycle),
    );
  }

  /** From now on in every phase, until undone. */
  arm(event: PhaseEvent): Applied {
    const { undo } = this.#events.arm(event);
    return {
      undo: async () => {
        await undo();
      },
    };
  }

  /** At once. */
  async select(change: Repoint, cycle: string): Promise<Applied> {
    const { service, pods } = change;
    const before = this.#selected.get(service) ?? pods;
    const { record, onNodes } = this.#around;
    await this.#select(service, pods, (reading) => {
      record('apply', change, cycle, reading);
    });
    const cutOff = await onNodes(change, cycle);
    return {
      undo: async () => {
        await cutOff.undo();
        await this.#select(service, before, (reading) => {
          record('undo', change, cycle, reading);
        });
      },
    };
  }

  /**
   * Lets what is armed happen, counted from now. Disposing undoes it.
   *
   * @param failed told once the API server refuses
   */
  begin(cycle: string, failed: (error: Error) => void): AsyncDisposable {
    return this.#events.begin(cycle, failed);
  }

  /** @param selected told once the API server has it; kube-proxy is then waited for */
  async #select(service: string, pods: string, selected: (reading: Reading) => void): Promise<void> {
    const since = Date.now() / 1000;
    const found = `${service} selects ${this.#selected.get(service) ?? ''}`;
    await this.#api.selectPods(this.#namespace, service, pods);
    this.#selected.set(service, pods);
    selected({ found, readBack: `${service} selects ${pods}` });
    await this.#around.programmed(since);
  }
}

/** Is it the API server's, or does it wait for what is? */
export function isOurs({ change }: PhaseEvent): boolean {
  return change.kind === 'endpoints' || change.kind === 'conntrack-delete';
}
