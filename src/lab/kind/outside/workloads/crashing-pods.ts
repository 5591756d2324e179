import type { V1Pod } from '@kubernetes/client-node';
import type { Protocol } from '../../../../schema/protocol.ts';
import type { Api } from '../api/api.ts';
import { isPodReady, ofSets } from '../api/api-objects.ts';
import type { Found, ServiceWay } from '../../agent-rpc.ts';
import { setsOf } from '../../placement.ts';
import { SET_LABEL } from './manifests.ts';
import { until } from '../../../../util/until.ts';

/** Maximum wait, ms; the kubelet checks containers once a second. */
const SETTLED_MS = 10_000;
const READY_MS = 30_000;

/** Pods whose own program may crash; their status tells what the kubelet does. */
export class CrashingPods {
  readonly #api: { readonly pods: Pick<Api['pods'], 'replace' | 'ofSets'> };
  readonly #namespace: string;
  readonly #sets: readonly string[];
  /** The sets of their services, by address. Headless ones have none. */
  readonly #services: ReadonlyMap<string, string>;

  /** @param addresses of services, by name */
  constructor(
    api: { readonly pods: Pick<Api['pods'], 'replace' | 'ofSets'> },
    namespace: string,
    { topology }: Pick<Protocol, 'topology'>,
    addresses: Found['services'],
  ) {
    this.#api = api;
    this.#namespace = namespace;
    this.#sets = setsOf({ topology }, 'boom-pod');
    this.#services = new Map(
      Object.entries(topology.services).flatMap(([name, { pods, headless }]) =>
        headless || !this.#sets.includes(pods) ? [] : [[addresses[name] ?? '', pods]],
      ),
    );
  }

  /**
   * Replaces crashed pods, since the kubelet's memory of a pod ends with it.
   *
   * @returns where their services lead from then on; nothing where no pod was replaced
   */
  async renew(signal: AbortSignal): Promise<readonly ServiceWay[]> {
    if (this.#sets.length === 0) return [];
    const replaced = await this.#api.pods.replace(
      { namespace: this.#namespace, labelSelector: ofSets(this.#sets) },
      { leaves: (pod) => restartsOf(pod) > 0 || !isPodReady(pod) },
      AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]),
    );
    if (replaced === 0) return [];
    const pods = (await this.#pods()).filter(
      (pod) => isPodReady(pod) && pod.metadata?.deletionTimestamp === undefined,
    );
    return [...this.#services].map(([address, set]) => ({
      address,
      ips: pods.flatMap(({ metadata, status }) =>
        metadata?.labels?.[SET_LABEL] === set ? (status?.podIP ?? []) : [],
      ),
    }));
  }

  /** Restarts, and pods that the kubelet delays, once each runs or waits; undefined without such pods. */
  async figures(signal: AbortSignal): Promise<Readonly<Record<string, number>> | undefined> {
    if (this.#sets.length === 0) return undefined;
    const pods = await until(
      'a pod that runs, or waits to be started again',
      async () => {
        const seen = await this.#pods();
        return seen.every((pod) => isPodReady(pod) || waitsFor(pod) !== undefined) ? seen : undefined;
      },
      AbortSignal.any([signal, AbortSignal.timeout(SETTLED_MS)]),
    );
    return {
      'pods.restarts': pods.reduce((sum, pod) => sum + restartsOf(pod), 0),
      'pods.CrashLoopBackOff': pods.filter((pod) => waitsFor(pod) === 'CrashLoopBackOff').length,
    };
  }

  #pods(): Promise<readonly V1Pod[]> {
    return this.#api.pods.ofSets(this.#namespace, this.#sets);
  }
}

function restartsOf({ status }: V1Pod): number {
  return (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Why the kubelet has not started it. */
function waitsFor({ status }: V1Pod): string | undefined {
  return status?.containerStatuses
    ?.map(({ state }) => state?.waiting?.reason)
    .find((why) => why !== undefined);
}
