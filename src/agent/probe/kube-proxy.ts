import type { Probe } from './probe.ts';

/**
 * Metrics of the kube-proxy on the node under test: CPU time (`kubeproxy.cpu`), syncs and their duration,
 * conntrack scans, and memory when a phase is over.
 */
export const kubeProxy: Probe = {
  totals: async ({ kubeProxy: own, node, inspected }, of) =>
    own !== undefined && inspected.includes('kube-proxy') && of === node ? own.totals() : {},
  inspect: async ({ kubeProxy: own, node, nodes, inspected }) =>
    own !== undefined && inspected.includes('kube-proxy') && nodes.includes(node)
      ? { 'kubeproxy.rss': await own.memory() }
      : {},
};
