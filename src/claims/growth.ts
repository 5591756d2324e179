import type { Claim } from './claim.ts';

/** Claims about how DNS, closed connections and clients fill a table. */
export const GROWTH_CLAIMS: readonly Claim[] = [
  {
    ids: ['1a'],
    title: 'ndots:5 makes many queries of one name',
    says: 'Under ndots:5 a lookup of one name becomes many queries, A and AAAA at once.',
    parts: [
      {
        cell: 'dns-storm × symptom',
        where: ['baseline.queries.perLookup.two-dots >= 8'],
        otherwise: 'A lookup was {baseline.queries.perLookup.two-dots} queries.',
      },
    ],
  },
  {
    ids: ['1b'],
    title: 'a closed connection stays for 120 s',
    says: 'The entry of a DNS exchange stays for 30 s, that of a closed TCP connection for 120 s.',
    parts: [
      {
        cell: 'time-wait × symptom',
        is: 'reproduced',
        where: ['timeout.TIME_WAIT > 100', 'timeout.TIME_WAIT <= 120'],
        show: ['state.TIME_WAIT'],
        otherwise: 'An entry in TIME_WAIT had {timeout.TIME_WAIT} s left.',
      },
      {
        cell: 'dns-storm × symptom',
        // Of the baseline: a lookup that goes on for 2 s, or has the port of one before, counts as a stream, of 120 s.
        where: ['baseline.timeout.UDP > 20', 'baseline.timeout.UDP <= 30'],
        show: ['baseline.state.UDP'],
        otherwise: 'An entry of a lookup had {baseline.timeout.UDP} s left.',
      },
    ],
    note: 'So there are rate × lifetime entries.',
  },
  {
    ids: ['1c'],
    title: 'A and AAAA race, and one is lost',
    says: 'A and AAAA from one socket race for an entry, and one of the two is lost.',
    parts: [
      {
        cell: 'dns-race × symptom',
        is: 'reproduced',
        show: ['clash_resolve.delta', 'insert_failed.delta'],
        otherwise: 'The kernel resolves the race ({clash_resolve.delta} times) and loses nothing.',
      },
    ],
  },
  {
    ids: ['1m'],
    title: 'clients cache DNS answers for 30 s',
    says: 'Answers stay in the client’s cache for 30 s, the TTL, so that only the first lookup asks.',
    parts: [
      {
        cell: 'dns-storm × symptom',
        where: ['baseline.queries.perLookup.two-dots < 1'],
        otherwise:
          'The C library has no cache: each lookup of the same name was {baseline.queries.perLookup.two-dots} queries.',
      },
    ],
  },
  {
    ids: ['1n'],
    title: 'an entry goes at once when its flow is over',
    says: 'An entry is removed as soon as nothing happens in its flow.',
    parts: [
      {
        cell: 'time-wait × symptom',
        where: ['state.TIME_WAIT == 0'],
        show: ['timeout.TIME_WAIT'],
        otherwise:
          'It stays for its timeout: {state.TIME_WAIT} closed connections stood, with up to {timeout.TIME_WAIT} s left.',
      },
    ],
  },
  {
    ids: ['2c'],
    title: 'a bucket holds four entries',
    says: 'A bucket has room for max / buckets entries, usually 4.',
    parts: [
      {
        cell: 'hash-collisions × symptom',
        is: 'not-reproduced',
        show: ['bucket.size', 'chain.mean', 'chaintoolong.delta'],
        otherwise:
          'That is an average, and each flow is in two buckets; what ends is a chain’s length, at 50 to 80 entries.',
      },
    ],
  },
  {
    ids: ['2a'],
    title: 'a restart’s reconnects fill the table',
    says: 'When a backend restarts, hundreds of thousands of clients reconnect and fill the table.',
    parts: [
      {
        cell: 'reconnect-storm × symptom',
        is: 'reproduced',
        show: ['clients.offered', 'drop.delta', 'back.all'],
        otherwise: '{clients.answered} of {clients.offered} clients were back at once.',
      },
    ],
  },
  {
    ids: ['0a'],
    title: 'one node of six, because of one pod',
    says: 'Of six nodes one was affected, because of one of its pods.',
    parts: [
      {
        cell: 'noisy-neighbour × symptom',
        is: 'reproduced',
        show: ['pod.noisy-0.entries', 'drop.delta'],
        otherwise: 'The other nodes were affected too, or the one was not.',
      },
    ],
  },
  {
    ids: ['0b'],
    title: 'kube-proxy overwrites what was set at boot',
    says: 'A conntrack sysctl that was set at boot is gone, because kube-proxy overwrote it.',
    parts: [
      {
        cell: 'kube-proxy-revert × symptom',
        is: 'reproduced',
        show: ['settings.outcome[(reverted)]'],
        otherwise: 'kube-proxy left what it found.',
      },
    ],
    note: 'It does so when it starts, in both directions, and not again until it is restarted.',
  },
  {
    ids: ['0c'],
    title: 'the kernel log says “table full”',
    says: 'The kernel’s log has lines that the table is full, and that callbacks were suppressed.',
    parts: [],
    unjudged:
      'the matrix has no figure of the log, which only root may read: `sudo tablefull run saturate` counts its lines',
  },
];
