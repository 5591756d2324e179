import { makeInformer, type CoreV1Api, type KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { until } from '../../../../util/until.ts';
import { answered, isPodReady, ofSets } from './api-objects.ts';
import { watched } from './watched.ts';

/** The pods of a cluster, by its API server. */
export class Pods {
  readonly #config: KubeConfig;
  readonly #core: CoreV1Api;

  constructor(config: KubeConfig, core: CoreV1Api) {
    this.#config = config;
    this.#core = core;
  }

  /** The pods of a namespace, or of a label in it, once `count` are ready. */
  ready(
    namespace: string,
    count: number,
    signal: AbortSignal,
    labelSelector?: string,
  ): Promise<readonly V1Pod[]> {
    const pods = { namespace, ...(labelSelector !== undefined && { labelSelector }) };
    const list = () => listed(namespace, this.#core.listNamespacedPod(pods));
    const path = `/api/v1/namespaces/${namespace}/pods`;
    return watched(
      `${String(count)} ready pods in ${namespace}`,
      makeInformer(this.#config, path, list, labelSelector),
      (all) => {
        const ready = all.filter(isPodReady);
        return ready.length >= count ? ready : undefined;
      },
      signal,
    );
  }

  /** The pods of a label, whatever their state. */
  async of(namespace: string, labelSelector: string): Promise<readonly V1Pod[]> {
    return (await listed(namespace, this.#core.listNamespacedPod({ namespace, labelSelector }))).items;
  }

  /** The pods of these sets. */
  ofSets(namespace: string, sets: readonly string[]): Promise<readonly V1Pod[]> {
    return this.of(namespace, ofSets(sets));
  }

  /** Addresses of a namespace's pods, except those on their node's network. */
  async addresses(namespace: string): Promise<readonly string[]> {
    const { items } = await listed(namespace, this.#core.listNamespacedPod({ namespace }));
    return items.flatMap(({ spec, status }) => (spec?.hostNetwork === true ? [] : (status?.podIP ?? [])));
  }

  /** Deletes the pods of a label, and waits until they are gone. */
  async delete(namespace: string, labelSelector: string, signal: AbortSignal): Promise<void> {
    const pods = { namespace, labelSelector };
    const deleting = this.#core.deleteCollectionNamespacedPod({ ...pods, gracePeriodSeconds: 0 });
    await answered(`delete the pods in ${namespace}`, deleting);
    await until(
      `the end of the pods ${labelSelector}`,
      async () => ((await this.of(namespace, labelSelector)).length === 0 ? true : undefined),
      signal,
    );
  }

  /** Waits for `count` pods whose init containers have ended, successfully or not. */
  initialized(
    namespace: string,
    labelSelector: string,
    count: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly ended: string }[]> {
    return until(
      `${String(count)} pods of ${labelSelector} whose init container has ended`,
      async () => {
        const pods = await this.of(namespace, labelSelector);
        const ended = pods.flatMap(({ metadata, status }) => {
          const [first] = status?.initContainerStatuses ?? [];
          const exit = (first?.state?.terminated ?? first?.lastState?.terminated)?.exitCode;
          const name = metadata?.name ?? '';
          return exit === undefined ? [] : [{ name, ended: `exit code ${String(exit)}` }];
        });
        return ended.length >= count ? ended : undefined;
      },
      signal,
    );
  }

  /** A container's log so far. */
  log(namespace: string, name: string, container: string): Promise<string> {
    const reading = this.#core.readNamespacedPodLog({ namespace, name, container });
    return answered(`read the log of ${namespace}/${name}`, reading);
  }

  /**
   * Deletes pods of a label, and waits until as many are ready as before, without the deleted ones.
   *
   * @param counts which pods of the label are considered; default: all
   * @param leaves which of those are deleted; default: all
   * @returns how many were deleted
   */
  async replace(
    { namespace, labelSelector }: { readonly namespace: string; readonly labelSelector: string },
    { counts = all, leaves = all }: Partial<Record<'counts' | 'leaves', (pod: V1Pod) => boolean>>,
    signal: AbortSignal,
  ): Promise<number> {
    const there = async (): Promise<readonly V1Pod[]> =>
      (await this.of(namespace, labelSelector)).filter(counts);
    const before = await there();
    const old = before.filter(leaves);
    await Promise.all(
      old.map(({ metadata }) => {
        const name = metadata?.name ?? '';
        return answered(`delete Pod ${name}`, this.#core.deleteNamespacedPod({ namespace, name }));
      }),
    );
    if (old.length === 0) return 0;
    const gone = new Set(old.map(({ metadata }) => metadata?.uid));
    await until(
      `new ready pods of ${labelSelector} for ${String(old.length)} that were deleted`,
      async () => {
        const ready = (await there()).filter((pod) => !gone.has(pod.metadata?.uid) && isPodReady(pod));
        return ready.length >= before.length ? true : undefined;
      },
      signal,
    );
    return old.length;
  }
}

function listed<T>(namespace: string, request: Promise<T>): Promise<T> {
  return answered(`list the pods in ${namespace}`, request);
}

function all(): boolean {
  return true;
}
