import type { ChangeOf } from '../../../../change/index.ts';
import type { Protocol } from '../../../../schema/protocol.ts';
import type { Reading } from '../../../../change/done.ts';
import { allOrNone } from '../../../../change/undo-stack.ts';
import type { Applied } from '../../../lab.ts';
import type { Api } from '../api/api.ts';
import { CLUSTER } from '../../../../change/places.ts';

/** The set that a service without endpoints selects; no pod is of it. */
export const NOBODY = 'nobody';

/** What a change of endpoints needs besides the API server. */
interface Around {
  /** Resolves once the cluster leads to this set of pods. */
  readonly known: (service: string, pods: string) => Promise<void>;
  /** The nodes' part: disconnects pods that are no longer endpoints. */
  readonly onNodes: (change: ChangeOf<'endpoints'>, cycle: string) => Promise<Applied>;
  readonly record: (
    action: 'apply' | 'undo',
    change: ChangeOf<'endpoints'>,
    cycle: string,
    reading: Reading,
  ) => void;
}

/**
 * The set of pods that each service selects. Pods leave as in a rolling update: the API server removes them
 * from the service, every kube-proxy programs that, then they go. They return in reverse order.
 */
export class Selections {
  readonly #api: Pick<Api, 'selectPods'>;
  readonly #namespace: string;
  readonly #around: Around;
  /** The selected set, by service. */
  readonly #selected: Map<string, string>;

  constructor(
    api: Pick<Api, 'selectPods'>,
    namespace: string,
    { topology }: Pick<Protocol, 'topology'>,
    around: Around,
  ) {
    this.#api = api;
    this.#namespace = namespace;
    this.#around = around;
    this.#selected = new Map(Object.entries(topology.services).map(([name, { pods }]) => [name, pods]));
  }

  /** Selects another set at once. */
  async select(change: ChangeOf<'endpoints'>, cycle: string): Promise<Applied> {
    const { service, pods = NOBODY } = change;
    const before = this.#selected.get(service) ?? pods;
    const { record, onNodes } = this.#around;
    let isApplied = false;
    const { undo } = await allOrNone(async (stack) => {
      // A refused request may have arrived. A history has no undo without its change.
      stack.defer(() =>
        this.#select(service, before, (reading) => {
          if (isApplied) record('undo', change, cycle, reading);
        }),
      );
      await this.#select(service, pods, (reading) => {
        record('apply', change, cycle, reading);
        isApplied = true;
      });
      const cutOff = await onNodes(change, cycle);
      stack.defer(() => cutOff.undo());
    });
    return { undo };
  }

  /** @param selected called once the API server has it; then the cluster is awaited */
  async #select(service: string, pods: string, selected: (reading: Reading) => void): Promise<void> {
    const before = { [service]: this.#selected.get(service) ?? '' };
    await this.#api.selectPods(this.#namespace, service, pods);
    this.#selected.set(service, pods);
    selected({ node: CLUSTER, before, after: { [service]: pods } });
    await this.#around.known(service, pods);
  }
}
