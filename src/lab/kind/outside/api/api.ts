import {
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
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
  readonly exec: Exec;
  readonly pods: Pods;
  /** Objects of tablefull's own. */
  readonly objects: Objects;
  /** Objects of a user's manifests. */
  readonly userObjects: Objects;

  private constructor(config: KubeConfig) {
    this.#core = config.makeApiClient(CoreV1Api);
    this.exec = new Exec(config);
    this.pods = new Pods(config, this.#core);
    const client = KubernetesObjectApi.makeApiClient(config);
    const podsOf = this.pods.of.bind(this.pods);
    this.objects = objectsOf(client, 'tablefull', podsOf);
    this.userObjects = objectsOf(client, 'tablefull-remedy', podsOf);
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
    await until(`the end of the namespace ${name}`, () => this.#isGone(name), signal);
  }

  async #isGone(namespace: string): Promise<true | undefined> {
    try {
      await this.#core.readNamespace({ name: namespace });
      return undefined;
    } catch (error) {
      return isNotFound(error) ? true : undefined;
    }
  }

  async #nodes(): Promise<readonly V1Node[]> {
    return (await answered('list the nodes', this.#core.listNode())).items;
  }
}
