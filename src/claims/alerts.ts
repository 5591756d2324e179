import type { Claim } from './claim.ts';

/** Claims about alerts. */
export const ALERT_CLAIMS: readonly Claim[] = [
  {
    ids: ['0h', '4r'],
    title: 'an alert at 75 % for 5 minutes',
    says: 'An alert at 75 % of the limit for 5 minutes, and one at 90 % for 2, give warning.',
    parts: [
      {
        cell: 'saturate × symptom',
        where: ['requests.firstFailure > 300'],
        otherwise: 'A burst is quicker: requests failed {requests.firstFailure} s after it began.',
      },
      {
        cell: 'time-wait table=real × symptom',
        where: ['warning.75 > 300', 'warning.90 > 120'],
        otherwise: 'From 75 % to a full table it took {warning.75} s, from 90 % {warning.90} s.',
      },
    ],
  },
  {
    ids: ['1l'],
    title: 'an alert at 95 %',
    says: 'count / max × 100 ≥ 95 is the alert to have.',
    parts: [
      {
        cell: 'time-wait table=real × symptom',
        where: ['warning.95 > 60'],
        otherwise:
          'From 95 % to a full table it took {warning.95} s; and from 95 % on the kernel’s collector evicts already.',
      },
    ],
  },
  {
    ids: ['4s'],
    title: 'rate() over the number of entries',
    says: 'rate(node_nf_conntrack_entries[5m]) above 1,000 warns of fast growth.',
    parts: [
      {
        cell: 'time-wait table=real × symptom',
        where: ['entries.rate <= 1.2 * entries.deriv'],
        otherwise:
          'By rate() it were {entries.rate} entries a second, where the table grew by {entries.deriv}: rate() takes each fall of a gauge for a counter’s reset.',
      },
    ],
    note: 'The number of entries is a gauge, of which deriv() tells the growth.',
  },
  {
    ids: ['4t'],
    title: 'four panels',
    says: 'Usage, entries, their rate and the room left are the panels to have.',
    parts: [],
    unjudged: 'a dashboard has no verdict',
    note: 'None of the four tells that a packet was dropped: drop, early_drop and insert_failed do.',
  },
  {
    ids: ['4u'],
    title: 'the states by awk’s fourth field',
    says: 'awk ’{print $4}’ over /proc/net/nf_conntrack counts the entries by state.',
    parts: [
      {
        cell: 'noisy-neighbour × symptom',
        where: ['baseline.procfs.$4.6 == 0'],
        show: ['baseline.procfs.$6.ESTABLISHED'],
        otherwise:
          'There the fourth field is the protocol’s number; the state is the sixth, and only TCP has one.',
      },
    ],
  },
  {
    ids: ['0i'],
    title: 'container_sockets finds the pod',
    says: 'The number of sockets of each container names the pod that fills the table.',
    parts: [
      {
        cell: 'noisy-neighbour × symptom',
        where: ['pod.noisy-0.sockets > 100'],
        show: ['pod.noisy-0.entries', 'pod.idle-0.sockets', 'pod.idle-0.entries'],
        otherwise:
          'The pod that filled the table had {pod.noisy-0.sockets} sockets and {pod.noisy-0.entries} entries; an idle one had {pod.idle-0.sockets} sockets.',
      },
    ],
  },
];
