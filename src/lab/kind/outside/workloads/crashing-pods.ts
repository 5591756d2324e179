import type { V1Pod } from '@kubernetes/client-node';
import type { Protocol } from '../../../../schema/protocol.ts';
import type { Api } from '../api/api.ts';
import { isPodReady, ofSets } from '../api/api-objects.ts';
import { setsOf } from '../../placement.ts';
import { until } from '../../../../util/until.ts';

/** Maximum wait, ms; the kubelet checks containers once a second. */
const SETTLED_MS = 10_000;
const READY_MS = 30_000;

/** Pods whose own program may crash; their status tells what the kubelet does. */
export class CrashingPods {
  readonly #api: Api;
  readonly #namespace: string;
  readonly #sets: readonly string[];

  constructor(api: Api, namespace: string, { topology }: Pick<Protocol, 'topology'>) {
    this.#api = api;
    this.#namespace = namespace;
    this.#sets = setsOf({ topology }, 'boom-pod');
  }

  /**
   * Replaces crashed pods, since the kubelet's memory of a pod ends with it.
   *
   * @returns whether there were any
   */
  async renew(signal: AbortSignal): Promise<boolean> {
    if (this.#sets.length === 0) return false;
    const replaced = await this.#api.pods.replace(
      { namespace: this.#namespace, labelSelector: ofSets(this.#sets) },
      { leaves: (pod) => restartsOf(pod) > 0 || !isPodReady(pod) },
      AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]),
    );
    return replaced > 0;
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
