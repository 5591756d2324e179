import type { Probe } from './probe.ts';

/** Every node's entries, limit, buckets and counters, as its kernel has them. */
export const conntrack: Probe = {
  name: 'conntrack',
  sample: ({ nodes, table }) => nodes.map((node) => ({ node, ...table(node).read() })),
};
