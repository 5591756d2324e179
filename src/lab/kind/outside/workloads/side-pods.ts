import type { Api } from '../api/api.ts';
import { SET_LABEL, type PodSpec } from './manifests.ts';

/** Label of pods added for the duration of a change. */
const SIDE_LABEL = 'tablefull.lab/side';
/** Timeout of a pod's start, ms; with its image on the node it takes a second or two. */
const WITHIN_MS = 60_000;

/** One pod on each of some nodes. */
export interface Standing {
  /** By the node's name in the cluster. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Deletes them and waits until they are gone. */
  readonly remove: () => Promise<void>;
}

/**
 * Starts a pod on each of these nodes, and waits until all run.
 *
 * @param nodes by their names in the cluster
 */
export async function putPods(
  { api, namespace, name }: { readonly api: Api; readonly namespace: string; readonly name: string },
  nodes: readonly string[],
  spec: PodSpec,
  signal: AbortSignal,
): Promise<Standing> {
  const pods = nodes.map((hostname) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    // With this label a service may select them like a set of the topology.
    metadata: {
      name: `${name}-${hostname}`,
      namespace,
      labels: { [SIDE_LABEL]: name, [SET_LABEL]: name },
    },
    spec: {
      ...spec,
      nodeSelector: { 'kubernetes.io/hostname': hostname },
      enableServiceLinks: false,
      automountServiceAccountToken: spec.serviceAccountName !== undefined,
      terminationGracePeriodSeconds: 0,
    },
  }));
  const selector = `${SIDE_LABEL}=${name}`;
  const remove = (): Promise<void> => api.pods.delete(namespace, selector, AbortSignal.timeout(WITHIN_MS));
  try {
    await api.objects.create(pods);
    const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
    const ready = await api.pods.ready(namespace, nodes.length, within, selector);
    const addresses = ready.map(({ spec: of, status }) => [of?.nodeName ?? '', status?.podIP ?? ''] as const);
    return { addresses: new Map(addresses), remove };
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
}
