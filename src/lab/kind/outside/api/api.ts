import {
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type KubernetesObject,
  type V1Node,
  type V1Pod,
} from '@kubernetes/client-node';
import { orAborted } from '../../../../util/or-aborted.ts';
import { objectsOf, type Objects } from './objects.ts';
import { apiWords, bareNode, isNodeReady, isNotFound, isPodReady, ofSets } from './api-objects.ts';
import { SET_LABEL } from '../workloads/manifests.ts';
import type { BareNode } from '../cluster/pod-network.ts';
import { until } from '../../../../util/until.ts';
import { watched } from './watched.ts';

/** Requests to a cluster's API server. */
export class Api {
  readonly #config: KubeConfig;
  readonly #core: CoreV1Api;
  readonly #objects: KubernetesObjectApi;
  readonly exec: Exec;
  /** Objects of any kind. */
  readonly objects: Objects;

  private constructor(config: KubeConfig) {
    this.#config = config;
    this.#core = config.makeApiClient(CoreV1Api);
    this.#objects = KubernetesObjectApi.makeApiClient(config);
    this.exec = new Exec(config);
    this.objects = objectsOf(this.#objects, async (namespace, labelSelector) => {
      return (await this.#core.listNamespacedPod({ namespace, labelSelector })).items;
    });
  }

  static of(kubeconfig: string): Api {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return new Api(config);
  }

  /** The nodes once all have registered with their pod ranges. */
  bareNodes(count: number, signal: AbortSignal): Promise<readonly BareNode[]> {
    return until(
      `the range of pod addresses of ${String(count)} nodes`,
      async () => {
        const nodes = (await this.#nodes()).flatMap((node) => bareNode(node) ?? []);
        return nodes.length >= count ? nodes : undefined;
      },
      signal,
    );
  }

  async nodesReady(count: number, signal: AbortSignal): Promise<void> {
    await until(
      `${String(count)} nodes that are ready`,
      async () => {
        const nodes = (await this.#nodes()).filter(isNodeReady);
        return nodes.length >= count ? nodes : undefined;
      },
      signal,
    );
  }

  /** Creates objects in order. @throws Error naming the object */
  async create(objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      await this.#objects.create(object).catch((error: unknown) => {
        const name = `${object.kind ?? ''} ${object.metadata?.name ?? ''}`;
        throw new Error(`can't create ${name}: ${apiWords(error)}`, { cause: error });
      });
    }
  }

  /** Creates or updates an object. */
  async apply(object: KubernetesObject): Promise<void> {
    const how = [undefined, undefined, 'tablefull', true, PatchStrategy.ServerSideApply] as const;
    await this.#objects.patch(object, ...how);
  }

  /** The pods of a namespace, or of a label in it, once `count` are ready. */
  podsReady(
    namespace: string,
    count: number,
    signal: AbortSignal,
    labelSelector?: string,
  ): Promise<readonly V1Pod[]> {
    const pods = { namespace, ...(labelSelector !== undefined && { labelSelector }) };
    const path = `/api/v1/namespaces/${namespace}/pods`;
    return watched(
      `${String(count)} ready pods in ${namespace}`,
      makeInformer(this.#config, path, () => this.#core.listNamespacedPod(pods), labelSelector),
      (all) => {
        const ready = all.filter(isPodReady);
        return ready.length >= count ? ready : undefined;
      },
      signal,
    );
  }

  /** The pods of these sets. */
  async podsOf(namespace: string, sets: readonly string[]): Promise<readonly V1Pod[]> {
    return (await this.#core.listNamespacedPod({ namespace, labelSelector: ofSets(sets) })).items;
  }

  /** Addresses of a namespace's pods, except those on their node's network. */
  async podAddresses(namespace: string): Promise<readonly string[]> {
    const { items } = await this.#core.listNamespacedPod({ namespace });
    return items.flatMap(({ spec, status }) => (spec?.hostNetwork === true ? [] : (status?.podIP ?? [])));
  }

  /** Deletes an object, and waits until it is gone. */
  async remove(
    { apiVersion = 'v1', kind = '', metadata }: KubernetesObject,
    signal: AbortSignal,
  ): Promise<void> {
    const name = metadata?.name ?? '';
    const named = { apiVersion, kind, metadata: { name, namespace: metadata?.namespace ?? '' } };
    await this.#objects.delete(named, undefined, undefined, 0, undefined, 'Foreground');
    await untilGone(`${kind} ${name}`, () => this.#objects.read(named), signal);
  }

  /** Deletes the pods of a label, and waits until they are gone. */
  async deletePods(namespace: string, labelSelector: string, signal: AbortSignal): Promise<void> {
    const pods = { namespace, labelSelector };
    await this.#core.deleteCollectionNamespacedPod({ ...pods, gracePeriodSeconds: 0 });
    await until(
      `the end of the pods ${labelSelector}`,
      async () => ((await this.#core.listNamespacedPod(pods)).items.length === 0 ? true : undefined),
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
        const { items } = await this.#core.listNamespacedPod({ namespace, labelSelector });
        const ended = items.flatMap(({ metadata, status }) => {
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
    return this.#core.readNamespacedPodLog({ namespace, name, container });
  }

  /** Reads an object. @throws Error naming it */
  async read(kind: string, apiVersion: string, name: string, namespace?: string): Promise<KubernetesObject> {
    const metadata = { name, ...(namespace !== undefined && { namespace }) };
    return this.#objects.read({ apiVersion, kind, metadata }).catch((error: unknown) => {
      throw new Error(`can't read ${kind} ${name}: ${apiWords(error)}`, { cause: error });
    });
  }

  /** The images that the nodes have, by the name that a pod would use. */
  async images(): Promise<readonly string[]> {
    const names = (await this.#nodes()).flatMap(({ status }) =>
      (status?.images ?? []).flatMap((image) => (image.names ?? []).filter((name) => !name.includes('@'))),
    );
    return [...new Set(names)].sort();
  }

  /** Cluster IPs of a namespace's services, by name. */
  async serviceAddresses(namespace: string): Promise<ReadonlyMap<string, string>> {
    const { items } = await this.#core.listNamespacedService({ namespace });
    return new Map(items.map(({ metadata, spec }) => [metadata?.name ?? '', spec?.clusterIP ?? 'None']));
  }

  /** Makes a service select another set of pods. */
  async selectPods(namespace: string, service: string, set: string): Promise<void> {
    const body = { spec: { selector: { [SET_LABEL]: set } } };
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await this.#core.patchNamespacedService({ namespace, name: service, body }, merge);
  }

  /** The contents of a ConfigMap, by file. */
  async configMap(namespace: string, name: string): Promise<Readonly<Record<string, string>>> {
    return (await this.#core.readNamespacedConfigMap({ namespace, name })).data ?? {};
  }

  /** Replaces files of a ConfigMap; others stay. */
  async setConfigMap(namespace: string, name: string, data: Readonly<Record<string, string>>): Promise<void> {
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await this.#core.patchNamespacedConfigMap({ namespace, name, body: { data } }, merge);
  }

  /**
   * Deletes pods of a label, and waits until as many are ready as before, without the deleted ones.
   *
   * @param counts which pods of the label are considered; default: all
   * @param leaves which of those are deleted; default: all
   * @returns how many were deleted
   */
  async replacePods(
    { namespace, labelSelector }: { readonly namespace: string; readonly labelSelector: string },
    { counts = all, leaves = all }: Partial<Record<'counts' | 'leaves', (pod: V1Pod) => boolean>>,
    signal: AbortSignal,
  ): Promise<number> {
    const there = async (): Promise<readonly V1Pod[]> =>
      (await this.#core.listNamespacedPod({ namespace, labelSelector })).items.filter(counts);
    const before = await there();
    const old = before.filter(leaves);
    await Promise.all(
      old.map(({ metadata }) => this.#core.deleteNamespacedPod({ namespace, name: metadata?.name ?? '' })),
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

  /** Deletes a namespace and waits until it is gone with its contents. */
  async deleteNamespace(name: string, signal: AbortSignal): Promise<void> {
    const asked = this.#core.deleteNamespace({ name, gracePeriodSeconds: 0 });
    await orAborted(asked, signal).catch((error: unknown) => {
      if (isNotFound(error)) return;
      const why = signal.aborted ? 'the API server does not answer' : apiWords(error);
      throw new Error(`can't delete the namespace ${name}: ${why}`, { cause: error });
    });
    // The namespace's controller deletes pods after some seconds; without any left it need not come again.
    await orAborted(
      this.#core.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 0 }),
      signal,
    );
    await untilGone(`the namespace ${name}`, () => this.#core.readNamespace({ name }), signal);
  }

  async #nodes(): Promise<readonly V1Node[]> {
    return (await this.#core.listNode()).items;
  }
}

async function untilGone(what: string, read: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const look = (): Promise<true | undefined> =>
    read().then(
      () => undefined,
      (error: unknown) => (isNotFound(error) ? true : undefined),
    );
  await until(`the end of ${what}`, look, signal);
}

function all(): boolean {
  return true;
}
