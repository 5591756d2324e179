import type { Lesson } from '../lesson.ts';

export const fullTable: Lesson = {
  name: 'full-table',
  title: 'four in ten calls time out',
  minutes: 15,
  scenario: 'saturate',
  cause: 'full-table',
  report:
    'Since noon some four in ten calls to http://web time out, but only those of pods on worker-1. Connections that were ' +
    'open before go on working. Nothing was deployed. A restart of the pods did not help.',
  place: 'worker-1',
  hints: [
    'Only new connections fail, and only on one node: what does that node keep for each connection? Compare `conntrack -C` with `sysctl net.netfilter.nf_conntrack_max`.',
    'Sum the column drop of `conntrack -S` over its lines, wait for a check, and sum it again. A dropped packet is one that found no room in the table.',
    'A table needs room for rate × lifetime: some 2,000 connections a second, each of which stays for 120 s after it was closed. Both are sysctls: net.netfilter.nf_conntrack_max and nf_conntrack_tcp_timeout_time_wait.',
  ],
  explain: `The node’s conntrack table is full. A new connection needs an entry; without room for one the kernel drops the first packet,
and the client sends it again until it gives up: \`(28) Connection timed out\`. Nobody is told: no reset, no ICMP. Connections
that have an entry go on. The counter \`drop\` is the proof.

A closed connection keeps its entry for 120 s (\`nf_conntrack_tcp_timeout_time_wait\`). So the table settles at rate × 120 s, and
only a limit above that is a cure. A somewhat higher limit is full again after seconds: \`postponed\`. Emptying the table
(\`conntrack -F\`) helps until it is full again, and cuts existing connections. A shorter timeout does not touch entries that
exist, and alone it is not enough here: 2,000 × 60 s.`,
  pages: ['saturate', 'raise-max', 'keepalive', 'drop'],
  right: [
    {
      says: 'halve the lifetime, and make room for rate × lifetime',
      lines: [
        { place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_time_wait=60' },
        {
          place: 'worker-1',
          line: 'sysctl -w net.netfilter.nf_conntrack_max=$(($(sysctl -n net.netfilter.nf_conntrack_max) + 200000))',
        },
      ],
      outcome: 'cured',
      why: 'the table settles below the new limit',
    },
  ],
  wrong: [
    {
      says: 'be liberal, as a well-known post says',
      lines: [{ place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1' }],
      outcome: 'unchanged',
      why: 'be_liberal is about segments outside the window; here there is no room for an entry',
    },
    {
      says: 'empty the table',
      lines: [{ place: 'worker-1', line: 'conntrack -F' }],
      outcome: 'hidden',
      why: 'the next entries fill it again',
    },
  ],
};
