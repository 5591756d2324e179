import { stringify } from 'yaml';
import type { ClusterSettings } from './settings.ts';

/** Label of nodes of tablefull's own clusters, which may be deleted; its value is the cluster's name. */
export const OWN_LABEL = 'tablefull.lab/cluster';

/** kind's default. */
export const POD_NETWORK = '10.244.0.0/16';

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
  { proxyMode, conntrack }: ClusterSettings,
  { bare, kubeProxy }: { readonly bare: boolean; readonly kubeProxy?: string | undefined },
): string {
  const labels = { [OWN_LABEL]: name };
  const extraMounts =
    kubeProxy === undefined ? [] : [{ hostPath: kubeProxy, containerPath: OWN_KUBE_PROXY, readOnly: true }];
  const node = (role: string): object => ({ role, labels, ...(extraMounts.length > 0 && { extraMounts }) });
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name,
    networking: {
      ...(proxyMode !== undefined && { kubeProxyMode: proxyMode }),
      ...(bare && { disableDefaultCNI: true }),
    },
    nodes: [node('control-plane'), ...Array.from({ length: workers }, () => node('worker'))],
    ...(conntrack !== undefined && { kubeadmConfigPatches: [kubeProxyPatch(conntrack)] }),
  });
}

function kubeProxyPatch(conntrack: NonNullable<ClusterSettings['conntrack']>): string {
  return stringify({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    conntrack,
  });
}

/** The containers of a cluster's workers by kind's names: `NAME-worker`, `NAME-worker2`, … */
export function workerNames(name: string, workers: number): readonly string[] {
  return Array.from({ length: workers }, (_, i) => `${name}-worker${i === 0 ? '' : String(i + 1)}`);
}
