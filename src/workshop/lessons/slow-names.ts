import type { Lesson } from '../lesson.ts';

export const slowNames: Lesson = {
  name: 'slow-names',
  title: 'names are not found, every now and then',
  minutes: 20,
  scenario: 'dns-storm',
  cause: 'search-domains',
  report:
    'The apps on worker-1 can’t look up www.example.com half of the time: “Temporary failure in name resolution”. CoreDNS is ' +
    'bored, and its own tests pass. On other nodes it works.',
  place: 'worker-1',
  hints: [
    'A lookup is a datagram, and a datagram has an entry too. `conntrack -C`, `conntrack -S`: is there room on worker-1?',
    'How many datagrams is one lookup? In a pod (`s app-0`): `cat /etc/resolv.conf`. A name with fewer dots than ndots is tried with each search domain first, for A and for AAAA.',
    'With ndots:2 the name is looked up as it is: 2 queries instead of 8. The pods share the file /etc/resolv.conf. What is left, 500 lookups a second × 2 × 30 s, needs room as well: net.netfilter.nf_conntrack_max on worker-1.',
  ],
  explain: `\`ndots:5\` with three search domains makes eight queries of a name with two dots: four names, each for A and AAAA. Each query has a
port of its own and so an entry of its own, for 30 s. The table fills up, and queries are dropped: \`EAI_AGAIN\`.

\`ndots:2\` (\`dnsConfig\` in a pod’s spec), or a dot at the end of the name, leaves two queries. A quarter of the entries fill the
same table four times later: \`postponed\`. Rate × lifetime, here 500 × 2 × 30 s, says how much room the rest needs. A cache on
the node (NodeLocal DNSCache) with NOTRACK needs none.`,
  pages: ['dns-storm', 'ndots-2', 'node-local-dns', 'drop'],
  right: [
    {
      says: 'ask for the name itself, and make room for what is left',
      lines: [
        {
          place: 'app-0',
          line: `printf '%s\\n' "$(sed s/ndots:5/ndots:2/ /etc/resolv.conf)" > /etc/resolv.conf`,
        },
        {
          place: 'worker-1',
          line: 'sysctl -w net.netfilter.nf_conntrack_max=$(($(sysctl -n net.netfilter.nf_conntrack_max) + 60000))',
        },
      ],
      outcome: 'cured',
      why: 'the table settles below the new limit',
    },
  ],
  wrong: [
    {
      says: 'shorten the timeout',
      lines: [{ place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_udp_timeout=10' }],
      outcome: 'unchanged',
      why: 'the table is full before the first entry is 10 s old',
    },
    {
      says: 'ask for the name itself, and leave the limit',
      lines: [
        {
          place: 'app-0',
          line: `printf '%s\\n' "$(sed s/ndots:5/ndots:2/ /etc/resolv.conf)" > /etc/resolv.conf`,
        },
      ],
      outcome: 'postponed',
      why: 'a quarter of the entries fill the table four times later',
    },
  ],
};
