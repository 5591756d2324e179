import type { Remedy } from './remedy.ts';

export const sysctlDaemonSet: Remedy = {
  name: 'sysctl-daemonset',
  summary:
    'a DaemonSet whose privileged init container writes nf_conntrack_max, two timeouts and somaxconn with sysctl -w',
  applies: 'every node, its network namespace, once: when the DaemonSet’s pod starts there',
  cost: 'a privileged pod on every node; a write that fails is a line in the log of an init container that succeeded',
  why: { helps: 'every node gets the values', fails: 'its sysctls are not what is missing' },
  requires: [],
  // The common DaemonSet, in its order.
  changes: () => [
    {
      kind: 'sysctl-daemonset',
      sysctls: {
        'net.netfilter.nf_conntrack_max': 1_048_576,
        'net.netfilter.nf_conntrack_tcp_timeout_established': 86_400,
        'net.netfilter.nf_conntrack_tcp_timeout_time_wait': 30,
        'net.core.somaxconn': 65_535,
      },
    },
  ],
};
