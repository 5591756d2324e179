import type { Lesson } from '../lesson.ts';

export const silentNode: Lesson = {
  name: 'silent-node',
  title: 'every call times out, and the table is nearly empty',
  minutes: 15,
  scenario: 'rp-filter',
  cause: 'reverse-path-filter',
  report:
    'Since last night’s hardening every call of the pods simple-app to http://web times out. Other pods on the same node are ' +
    'fine. It looks like the full table that we had last month; the limit was raised then.',
  place: 'worker-1',
  hints: [
    'It looks like a full table. Is it one? `conntrack -C`, `sysctl net.netfilter.nf_conntrack_max`, and the column drop of `conntrack -S`.',
    'The packets reach the node and pass conntrack, and then they are gone: no entry stays. What drops a packet between conntrack and forwarding? `nstat -az TcpExtIPReversePathFilter`, or the routing of a pod with two interfaces: `ip route`.',
    'The reverse path filter drops a packet that came by another interface than its answer would take. `sysctl -a | grep rp_filter`: of `all` and the interface’s own the greater value counts.',
  ],
  explain: `Conntrack has nothing to do with it. These pods send by one interface and receive by another. With \`rp_filter=1\` the node takes a
packet only from the interface that it would answer by, and drops the rest without a word: the client sees what it sees of a
full table, \`(28) Connection timed out\`.

What tells them apart: \`drop\` and \`insert_failed\` do not move, the table has room, and \`nstat\` counts IPReversePathFilter.
\`rp_filter=2\` asks only that the source is reachable by some interface.`,
  pages: ['rp-filter', 'rp-filter-loose', 'drop'],
  right: [
    {
      says: 'ask only that the source is reachable',
      lines: [{ place: 'worker-1', line: 'sysctl -w net.ipv4.conf.all.rp_filter=2' }],
      outcome: 'cured',
      why: 'a source that is reachable by another interface is accepted',
    },
  ],
  wrong: [
    {
      says: 'raise the limit, as last month',
      lines: [
        {
          place: 'worker-1',
          line: 'sysctl -w net.netfilter.nf_conntrack_max=$(($(sysctl -n net.netfilter.nf_conntrack_max) + 100000))',
        },
      ],
      outcome: 'unchanged',
      why: 'no entry was refused: drop is 0',
    },
  ],
};
