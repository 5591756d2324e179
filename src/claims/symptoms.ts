import type { Claim } from './claim.ts';

/** Claims about the symptoms of conntrack exhaustion. */
export const SYMPTOM_CLAIMS: readonly Claim[] = [
  {
    ids: ['3a'],
    title: 'a curl loop fills a small table',
    says: '50 pods in a curl loop fill a table of 1,200 entries in 300 buckets, and the count then stays at the maximum.',
    parts: [
      {
        cell: 'saturate × symptom',
        is: 'reproduced',
        where: ['free.min <= 0', 'drop.delta > 0'],
        show: ['entries.max', 'limit'],
        otherwise: 'The table did not fill: at least {free.min} entries were free.',
      },
    ],
    note: 'The kernel rounds buckets up to a multiple of 512: 300 asked for become 512 (`--squeeze sysctl` prints both).',
  },
  {
    ids: ['3b'],
    title: 'curl is reset, and the boom-server crashes',
    says: 'Once the table is full, curl reports “connection reset by peer” and the boom-server crashes again and again.',
    parts: [
      {
        cell: 'saturate × symptom',
        where: ['requests.outcome[(56)] > 0'],
        show: ['requests.outcome[(28)]', 'drop.delta'],
        otherwise:
          'A full table drops packets: {requests.outcome[(28)]} connections timed out, and none was reset.',
      },
      {
        cell: 'boom × symptom',
        is: 'reproduced',
        where: ['server.resets > 0'],
        otherwise: 'The boom-server saw {server.resets} resets.',
      },
    ],
    note: 'What resets a connection is an INVALID segment, with a table that has room.',
  },
  {
    ids: ['3c'],
    title: 'a depleted table takes the control plane along',
    says: 'With 600 entries in 150 buckets the control plane can’t be reached, and almost all pods crash.',
    parts: [
      {
        cell: 'deplete × symptom',
        is: 'reproduced',
        where: ['heartbeats.failed.rate > 0.2'],
        show: ['heartbeats.failed.inARow', 'drop.delta'],
        otherwise: '{heartbeats.answered} of {heartbeats.offered} of the node’s heartbeats came through.',
      },
      {
        cell: 'deplete × symptom',
        lab: 'kind',
        is: 'reproduced',
        where: ['heartbeats.failed.rate > 0.2'],
        show: ['heartbeats.failed.inARow', 'heartbeats.recovery', 'drop.delta'],
        otherwise: '{heartbeats.answered} of {heartbeats.offered} requests to the API server were answered.',
      },
      {
        cell: 'crash-loop × raise-max',
        lab: 'kind',
        is: 'cured',
        show: ['pods.restarts', 'pods.CrashLoopBackOff'],
        otherwise: 'Pods crash by resets, {pods.restarts} times with room in the table as well.',
      },
    ],
    note: 'A full table drops, and resets nothing: what ends pods that a reset ends is claims 3d and 3e.',
  },
  {
    ids: ['3d'],
    title: 'a packet outside the window resets a connection',
    says: 'A packet outside the TCP window makes a connection through a service be reset (kubernetes issue 74839).',
    parts: [
      {
        cell: 'boom segment=below × symptom',
        is: 'reproduced',
        show: ['packets.invalid', 'server.resets'],
        otherwise:
          'Below the window, where the issue had it, nothing is reset any more ({packets.invalid} packets INVALID): since 6.1 such a segment is taken for a late one.',
      },
      {
        cell: 'boom × symptom',
        is: 'reproduced',
        show: ['packets.invalid', 'server.resets'],
        otherwise: 'Above the window nothing is reset either.',
      },
    ],
  },
  {
    ids: ['4a'],
    title: 'a full table: new connections fail, old ones live',
    says: 'In a full table new connections are dropped and DNS times out, while existing connections go on.',
    parts: [
      {
        cell: 'saturate × symptom',
        is: 'reproduced',
        where: ['drop.delta > 0', 'canaries.failed == 0'],
        show: ['requests.failed', 'canaries.answered'],
        otherwise: 'Of the connections that stood, {canaries.failed} beats failed.',
      },
      {
        cell: 'dns-storm × symptom',
        is: 'reproduced',
        where: ['drop.delta > 0'],
        show: ['lookups.failed', 'early_drop.delta'],
        otherwise: 'Lookups go on: the table evicts old queries for new ones ({early_drop.delta} times).',
      },
    ],
  },
  {
    ids: ['4b'],
    title: 'set-up latency rises as the table fills',
    says: 'The latency of new connections rises sharply while the table fills.',
    parts: [
      {
        cell: 'saturate × symptom',
        where: ['requests.p(95) > 10 * baseline.requests.p(95)'],
        otherwise:
          'In a table that stays full, what gets an entry is as quick as before (95 %: {requests.p(95)} ms), and the others get nothing.',
      },
      {
        cell: 'deplete × symptom',
        where: ['kubectl.max > 900'],
        show: ['kubectl.stragglers'],
        otherwise:
          'Nor is there a retransmitted SYN that gets through later: the slowest took {kubectl.max} ms.',
      },
    ],
    note: 'A late answer is a SYN sent again after 1 s or 3 s, and that takes room that has come free in between.',
  },
  {
    ids: ['4c'],
    title: 'one user request is four entries',
    says: 'A request that passes a few services makes 4 entries, so 10,000 requests a second are 40,000 entries in the table.',
    parts: [
      {
        cell: 'request-fanout × symptom',
        where: ['baseline.entries.perOffered > 3.5', 'baseline.entries.perOffered < 4.5'],
        otherwise:
          'A request that needs three more, and a lookup, left {baseline.entries.perOffered} entries.',
      },
    ],
    note: 'They are 40,000 new entries a second: the table holds rate × lifetime of them, for closed TCP 120 s.',
  },
  {
    ids: ['4d'],
    title: 'updates of UDP services make kube-proxy scan the table',
    says: 'Each update of a UDP service makes kube-proxy scan the whole table, at the cost of CPU and memory.',
    parts: [
      {
        cell: 'udp-cleanup-storm × symptom',
        lab: 'kind',
        is: 'reproduced',
        where: ['kubeproxy.scans > 0'],
        show: ['updates.offered', 'kubeproxy.cpu', 'baseline.kubeproxy.cpu', 'kubeproxy.rss', 'entries.max'],
        otherwise: 'Its scans took {kubeproxy.cpu} s of processor time.',
      },
    ],
    note: 'The updates of a TCP service scan nothing (`udp-cleanup-storm --param protocol=tcp`).',
  },
  {
    ids: ['4e'],
    title: 'stale entries lead to pods that are gone',
    says: 'Entries that translate to a deleted pod keep sending traffic to it.',
    parts: [
      {
        cell: 'ghost-connections × symptom',
        is: 'reproduced',
        show: ['exchanges.failed', 'newcomers.failed'],
        otherwise: 'UDP flows found the new pod: {exchanges.failed} exchanges failed.',
      },
      {
        cell: 'ghost-connections protocol=tcp × symptom',
        is: 'reproduced',
        show: ['exchanges.failed', 'newcomers.failed'],
        otherwise: 'Connections over TCP found out: {exchanges.failed} exchanges failed.',
      },
    ],
  },
  {
    ids: ['4f'],
    title: 'rp_filter drops packets without a word',
    says: 'A strict rp_filter drops packets before iptables sees them, and nothing is logged.',
    parts: [
      {
        cell: 'rp-filter × symptom',
        is: 'reproduced',
        where: ['drop.delta == 0', 'insert_failed.delta == 0'],
        show: ['packets.reversePath'],
        otherwise: 'The filter dropped nothing.',
      },
    ],
    note: 'conntrack’s counters stay flat: it looks like exhaustion and is not.',
  },
  {
    ids: ['4g'],
    title: 'headless DNS answers outlive their pods',
    says: 'Clients of a headless service go on to addresses of pods that are gone.',
    parts: [
      {
        cell: 'stale-headless-dns × symptom',
        is: 'reproduced',
        show: ['requests.failed', 'requests.lastFailure'],
        otherwise: 'Clients found the new pods at once.',
      },
    ],
    note: 'For as long as a client keeps the answer: the record’s TTL.',
  },
];
