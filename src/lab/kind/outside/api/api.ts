import {
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  type KubernetesObject,
  type V1Node,
} from '@kubernetes/client-node';
import { orAborted } from '../../../../util/or-aborted.ts';
import { objectsOf, type Objects } from './objects.ts';
import { answered, bareNode, isNodeReady, isNotFound } from './api-objects.ts';
import { SET_LABEL } from '../workloads/manifests.ts';
import type { BareNode } from '../cluster/pod-network.ts';
import { until } from '../../../../util/until.ts';
import { Pods } from './pods.ts';

/** Requests to a cluster's API server. */
export class Api {
  readonly #core: CoreV1Api;
  readonly #objects: KubernetesObjectApi;
  readonly exec: Exec;
  readonly pods: Pods;
  /** Objects of any kind. */
  readonly objects: Objects;

  private constructor(config: KubeConfig) {
    this.#core = config.makeApiClient(CoreV1Api);
    this.#objects = KubernetesObjectApi.makeApiClient(config);
    this.exec = new Exec(config);
    this.pods = new Pods(config, this.#core);
    this.objects = objectsOf(this.#objects, (namespace, labels) => this.pods.of(namespace, labels));
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
    for (const object of objects) await answered(`create ${nameOf(object)}`, this.#objects.create(object));
  }

  /** Creates or updates an object. */
  async apply(object: KubernetesObject): Promise<void> {
    const how = [undefined, undefined, 'tablefull', true, PatchStrategy.ServerSideApply] as const;
    await answered(`apply ${nameOf(object)}`, this.#objects.patch(object, ...how));
  }

  /** Deletes an object, and waits until it is gone. */
  async remove(
    { apiVersion = 'v1', kind = '', metadata }: KubernetesObject,
    signal: AbortSignal,
  ): Promise<void> {
    const name = metadata?.name ?? '';
    const named = { apiVersion, kind, metadata: { name, namespace: metadata?.namespace ?? '' } };
    const deleting = this.#objects.delete(named, undefined, undefined, 0, undefined, 'Foreground');
    await answered(`delete ${nameOf(named)}`, deleting);
    await untilGone(nameOf(named), () => this.#objects.read(named), signal);
  }

  /** Reads an object. @throws Error naming it */
  async read(kind: string, apiVersion: string, name: string, namespace?: string): Promise<KubernetesObject> {
    const metadata = { name, ...(namespace !== undefined && { namespace }) };
    return answered(`read ${kind} ${name}`, this.#objects.read({ apiVersion, kind, metadata }));
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
    const listing = this.#core.listNamespacedService({ namespace });
    const { items } = await answered(`list the services in ${namespace}`, listing);
    return new Map(items.map(({ metadata, spec }) => [metadata?.name ?? '', spec?.clusterIP ?? 'None']));
  }

  /** Makes a service select another set of pods. */
  async selectPods(namespace: string, service: string, set: string): Promise<void> {
    const body = { spec: { selector: { [SET_LABEL]: set } } };
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await answered(
      `make the service ${namespace}/${service} select ${set}`,
      this.#core.patchNamespacedService({ namespace, name: service, body }, merge),
    );
  }

  /** The contents of a ConfigMap, by file. */
  async configMap(namespace: string, name: string): Promise<Readonly<Record<string, string>>> {
    const reading = this.#core.readNamespacedConfigMap({ namespace, name });
    return (await answered(`read ConfigMap ${namespace}/${name}`, reading)).data ?? {};
  }

  /** Replaces files of a ConfigMap; others stay. */
  async setConfigMap(namespace: string, name: string, data: Readonly<Record<string, string>>): Promise<void> {
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    const changing = this.#core.patchNamespacedConfigMap({ namespace, name, body: { data } }, merge);
    await answered(`change ConfigMap ${namespace}/${name}`, changing);
  }

  /** Deletes a namespace and waits until it is gone with its contents. */
  async deleteNamespace(name: string, signal: AbortSignal): Promise<void> {
    const what = `delete the namespace ${name}`;
    const asked = answered(what, this.#core.deleteNamespace({ name, gracePeriodSeconds: 0 }));
    await orAborted(asked, signal).catch((error: unknown) => {
      if (isNotFound(error)) return;
      if (!signal.aborted) throw error;
      throw new Error(`can't ${what}: the API server does not answer`, { cause: error });
    });
    // The namespace's controller deletes pods after some seconds; without any left it need not come again.
    const pods = this.#core.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 0 });
    await orAborted(answered(`delete the pods in ${name}`, pods), signal);
    await untilGone(`the namespace ${name}`, () => this.#core.readNamespace({ name }), signal);
  }

  async #nodes(): Promise<readonly V1Node[]> {
    return (await answered('list the nodes', this.#core.listNode())).items;
  }
}

/** `Pod web`. */
function nameOf({ kind = '', metadata }: KubernetesObject): string {
  return `${kind} ${metadata?.name ?? ''}`;
}

async function untilGone(what: string, read: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const look = (): Promise<true | undefined> =>
    read().then(
      () => undefined,
      (error: unknown) => (isNotFound(error) ? true : undefined),
    );
  await until(`the end of ${what}`, look, signal);
}
