import {
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  type KubernetesObject,
  type V1Node,
  type V1Pod,
} from '@kubernetes/client-node';
import { SET_LABEL } from './manifests.ts';
import type { BareNode } from './pod-network.ts';
import { until } from './until.ts';

/** What is asked of a cluster's API server. */
export class Api {
  readonly #core: CoreV1Api;
  readonly #objects: KubernetesObjectApi;
  readonly exec: Exec;

  private constructor(config: KubeConfig) {
    this.#core = config.makeApiClient(CoreV1Api);
    this.#objects = KubernetesObjectApi.makeApiClient(config);
    this.exec = new Exec(config);
  }

  static of(kubeconfig: string): Api {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return new Api(config);
  }

  /** The nodes once they have registered, with their ranges of pod addresses. */
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
        const nodes = (await this.#nodes()).filter(isReady);
        return nodes.length >= count ? nodes : undefined;
      },
      signal,
    );
  }

  /** Creates objects in their order. @throws Error naming the object */
  async create(objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      await this.#objects.create(object).catch((error: unknown) => {
        const name = `${object.kind ?? ''} ${object.metadata?.name ?? ''}`;
        throw new Error(`can't create ${name}: ${apiWords(error)}`, { cause: error });
      });
    }
  }

  /** The pods of a namespace, or those of a label, once so many of them are ready. */
  podsReady(
    namespace: string,
    count: number,
    signal: AbortSignal,
    labelSelector?: string,
  ): Promise<readonly V1Pod[]> {
    return until(
      `${String(count)} ready pods in ${namespace}`,
      async () => {
        const { items } = await this.#core.listNamespacedPod({
          namespace,
          ...(labelSelector !== undefined && { labelSelector }),
        });
        const ready = items.filter(({ status }) => hasCondition(status?.conditions, 'Ready'));
        return ready.length >= count ? ready : undefined;
      },
      signal,
    );
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

  /** An object as the API server has it now. @throws Error naming it */
  async read(kind: string, apiVersion: string, name: string, namespace?: string): Promise<KubernetesObject> {
    const metadata = { name, ...(namespace !== undefined && { namespace }) };
    return this.#objects.read({ apiVersion, kind, metadata }).catch((error: unknown) => {
      throw new Error(`can't read ${kind} ${name}: ${apiWords(error)}`, { cause: error });
    });
  }

  /** The cluster's addresses of the services of a namespace, by name. */
  async serviceAddresses(namespace: string): Promise<ReadonlyMap<string, string>> {
    const { items } = await this.#core.listNamespacedService({ namespace });
    return new Map(items.map(({ metadata, spec }) => [metadata?.name ?? '', spec?.clusterIP ?? 'None']));
  }

  /** Has a service select another set of pods. */
  async selectPods(namespace: string, service: string, set: string): Promise<void> {
    const body = { spec: { selector: { [SET_LABEL]: set } } };
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await this.#core.patchNamespacedService({ namespace, name: service, body }, merge);
  }

  /** Deletes a namespace and waits until it is gone with all that was in it. */
  async deleteNamespace(name: string, signal: AbortSignal): Promise<void> {
    await this.#core.deleteNamespace({ name, gracePeriodSeconds: 0 }).catch((error: unknown) => {
      if (!isNotFound(error))
        throw new Error(`can't delete the namespace ${name}: ${apiWords(error)}`, { cause: error });
    });
    await until(
      `the end of the namespace ${name}`,
      () =>
        this.#core.readNamespace({ name }).then(
          () => undefined,
          (error: unknown) => (isNotFound(error) ? true : undefined),
        ),
      signal,
    );
  }

  async #nodes(): Promise<readonly V1Node[]> {
    return (await this.#core.listNode()).items;
  }
}

function bareNode({ metadata, spec, status }: V1Node): BareNode | undefined {
  const ip = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  if (metadata?.name === undefined || ip === undefined || spec?.podCIDR === undefined) return undefined;
  return { name: metadata.name, ip, podCidr: spec.podCIDR };
}

function isReady({ status }: V1Node): boolean {
  return hasCondition(status?.conditions, 'Ready');
}

function hasCondition(
  conditions: readonly { type: string; status: string }[] | undefined,
  type: string,
): boolean {
  return conditions?.some((each) => each.type === type && each.status === 'True') === true;
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 404;
}

/** What the API server said, in a line. */
function apiWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const body = 'body' in error && typeof error.body === 'string' ? error.body : '';
  const said = /"message":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  return said ?? error.message.split('\n')[0] ?? '';
}
