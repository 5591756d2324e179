import type { Probe } from './probe.ts';

/**
 * What the kube-proxy of the node under test says of itself: the CPU time that it took (`kubeproxy.cpu`), its syncs and how
 * long they took, its scans of the conntrack table; and the memory that it holds when a phase is over.
 */
export const kubeProxy: Probe = {
  name: 'kube-proxy',
  totals: async ({ kubeProxy: own, node, inspected }, of) =>
    own !== undefined && inspected.includes('kube-proxy') && of === node ? own.totals() : {},
  inspect: async ({ kubeProxy: own, node, nodes, inspected }) =>
    own !== undefined && inspected.includes('kube-proxy') && nodes.includes(node)
      ? { 'kubeproxy.rss': await own.memory() }
      : {},
};
