import { stringify } from 'yaml';
import { nameOf } from '../api/objects.ts';
import type { KindNode } from '../../user-config.ts';
import type { ClusterSettings } from './settings.ts';

/** Label of nodes of tablefull's own clusters, which may be deleted; its value is the cluster's name. */
export const OWN_LABEL = 'tablefull.lab/cluster';

/** Path, on every node, of a kube-proxy other than the image's. */
export const OWN_KUBE_PROXY = '/opt/tablefull/kube-proxy';

/**
 * The configuration of a cluster, for `kind create cluster --config -`.
 *
 * @param kubeProxy the program of a kube-proxy other than the node image's
 * @param bare the node image has no CNI: the creator of the cluster sets up the pod network
 * @see https://kind.sigs.k8s.io/docs/user/configuration/
 */
export function kindConfig(
  name: string,
  workers: number,
  { proxyMode, conntrack, user }: ClusterSettings,
  { bare, kubeProxy }: { readonly bare: boolean; readonly kubeProxy?: string | undefined },
): string {
  const { networking, kubeadmConfigPatches = [], ...others } = user?.cluster ?? {};
  const own = [
    { role: 'control-plane' as const },
    ...Array.from({ length: workers }, () => ({ role: 'worker' as const })),
  ];
  const patches = [...kubeadmConfigPatches, ...(conntrack === undefined ? [] : [kubeProxyPatch(conntrack)])];
  return stringify({
    ...others,
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name,
    networking: {
      ...networking,
      ...(proxyMode !== undefined && { kubeProxyMode: proxyMode }),
      ...(bare && { disableDefaultCNI: true }),
    },
    nodes: (user?.cluster.nodes ?? own).map((node) => ours(node, name, kubeProxy)),
    ...(patches.length > 0 && { kubeadmConfigPatches: patches }),
  });
}

/** A node with the label of tablefull's own, and with another kube-proxy where there is one. */
function ours({ image: _, ...node }: KindNode, name: string, kubeProxy: string | undefined): object {
  const mount =
    kubeProxy === undefined ? [] : [{ hostPath: kubeProxy, containerPath: OWN_KUBE_PROXY, readOnly: true }];
  const extraMounts = [...(node.extraMounts ?? []), ...mount];
  return {
    ...node,
    labels: { ...node.labels, [OWN_LABEL]: name },
    ...(extraMounts.length > 0 && { extraMounts }),
  };
}

function kubeProxyPatch(conntrack: NonNullable<ClusterSettings['conntrack']>): string {
  return stringify({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    conntrack,
  });
}

/** What is set in a user's configuration, a line each. */
export function completed(
  { user }: ClusterSettings,
  { name, bare }: { readonly name: string; readonly bare: boolean },
): readonly string[] {
  if (user === undefined) return [];
  const { file, cluster, objects } = user;
  return [
    `${file}: tablefull sets the name ${name}, and the label ${OWN_LABEL} of each node`,
    ...(cluster.name === undefined ? [] : [`${file}: the name ${cluster.name} is not used`]),
    ...(bare ? [`${file}: no CNI: tablefull routes between the nodes`] : []),
    ...objects.map((object) => `${file}: applying ${nameOf(object)}`),
  ];
}

/** The containers of a cluster's workers by kind's names: `NAME-worker`, `NAME-worker2`, … */
export function workerNames(name: string, workers: number): readonly string[] {
  return Array.from({ length: workers }, (_, i) => `${name}-worker${i === 0 ? '' : String(i + 1)}`);
}
