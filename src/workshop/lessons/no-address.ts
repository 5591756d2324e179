import type { Lesson } from '../lesson.ts';

export const noAddress: Lesson = {
  name: 'no-address',
  title: 'a crawler stops in mid-flight: cannot connect',
  minutes: 10,
  scenario: 'port-exhaustion',
  cause: 'local-ports',
  report:
    'The crawler in the pod client-0 stops after some 500 open connections to http://web: “(7) cannot assign requested ' +
    'address”. It fails at once, without waiting. Other pods on the same node go on. Support says: raise the table’s limit.',
  place: 'worker-1',
  hints: [
    'It fails at once: nothing was sent, so no packet was dropped. Look where the error comes from, in the pod: `s client-0`.',
    'A connection needs a local port. `ss -s` counts those in use, `sysctl net.ipv4.ip_local_port_range` says how many there are towards one address.',
    'The range is the pod’s own: `sysctl -w net.ipv4.ip_local_port_range="32768 60999"` in client-0. In Kubernetes: securityContext.sysctls, a safe sysctl.',
  ],
  explain: `The kernel has no local port left towards this one address and port, and says so at once: \`EADDRNOTAVAIL\`, curl’s (7). Conntrack has
room, and none of its counters moved. The range \`net.ipv4.ip_local_port_range\` belongs to the pod’s network namespace; here it has 504
ports instead of 28,232.

A wider range is one way. Connections that are kept and shared, more source addresses, or more addresses of the server are others.`,
  pages: ['port-exhaustion', 'more-source-addresses', 'keepalive'],
  right: [
    {
      says: 'widen the pod’s port range',
      lines: [{ place: 'client-0', line: 'sysctl -w net.ipv4.ip_local_port_range="32768 60999"' }],
      outcome: 'cured',
      why: 'there are 28,232 ports towards each address',
    },
  ],
  wrong: [
    {
      says: 'raise the table’s limit, as support says',
      lines: [
        {
          place: 'worker-1',
          line: 'sysctl -w net.netfilter.nf_conntrack_max=$(($(sysctl -n net.netfilter.nf_conntrack_max) + 100000))',
        },
      ],
      outcome: 'unchanged',
      why: 'the table has room; the pod has no port',
    },
  ],
};
