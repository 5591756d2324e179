import type { Claim } from './claim.ts';

/** Claims about cures. */
export const CURE_CLAIMS: readonly Claim[] = [
  {
    ids: ['3e'],
    title: 'be_liberal fixes everything',
    says: 'nf_conntrack_tcp_be_liberal=1 makes everything work smoothly again, after saturating and after depleting the table.',
    parts: [
      {
        cell: 'boom × be-liberal',
        is: 'cured',
        show: ['connections.failed.rate', 'confirm.connections.failed.rate'],
        otherwise: 'It does not keep connections from being reset.',
      },
      {
        cell: 'saturate × be-liberal',
        is: 'cured',
        show: ['requests.failed.rate', 'confirm.requests.failed.rate'],
        otherwise: 'In a saturated table it changes nothing: {requests.failed} requests failed.',
      },
      {
        cell: 'deplete × be-liberal',
        is: 'cured',
        show: ['heartbeats.failed.rate', 'confirm.heartbeats.failed.rate'],
        otherwise: 'In a depleted table it changes nothing: {heartbeats.failed} heartbeats failed.',
      },
    ],
  },
  {
    ids: ['3f'],
    title: 'a rule that drops INVALID is the alternative',
    says: 'A rule that drops INVALID packets fixes the same.',
    parts: [
      {
        cell: 'boom × drop-invalid',
        is: 'cured',
        show: ['connections.failed.rate', 'confirm.connections.failed.rate'],
        otherwise: 'It does not keep connections from being reset.',
      },
      {
        cell: 'saturate × drop-invalid',
        is: 'cured',
        show: ['requests.failed.rate', 'confirm.requests.failed.rate'],
        otherwise: 'In a full table it changes nothing: {requests.failed} requests failed.',
      },
    ],
  },
  {
    ids: ['3g'],
    title: 'a larger table is viable',
    says: 'A larger table is a way out, at a cost.',
    parts: [
      {
        cell: 'saturate × raise-max',
        is: 'postponed',
        show: ['lasts', 'steady'],
        otherwise: 'With more room {requests.failed} requests still failed.',
      },
    ],
    note: 'The maximum is what counts; more buckets alone make no room. For good it takes rate × lifetime: remedy `raise-max-for-good`.',
  },
  {
    ids: ['3h', '4h'],
    title: 'IPVS uses less conntrack',
    says: 'kube-proxy in IPVS mode needs fewer entries.',
    parts: [
      {
        cell: 'saturate × proxy-mode-ipvs',
        lab: 'kind',
        where: ['entries.perAnswered < 0.9'],
        otherwise: 'An answered request took {entries.perAnswered} entries.',
      },
    ],
    note: 'In nftables mode an answered request takes one entry as well, as in iptables mode (remedy `proxy-mode`).',
  },
  {
    ids: ['0d'],
    title: 'max = RAM / 16384 / (bits / 32)',
    says: 'The right maximum is RAM / 16384 / (bits / 32), with a quarter of it in buckets.',
    parts: [],
    unjudged:
      'a rule of thumb has no verdict; the remedy raise-max says what it comes to beside the kernel’s and kube-proxy’s own',
  },
  {
    ids: ['0e'],
    title: 'the fix belongs in kube-proxy’s configuration',
    says: 'The value belongs in kube-proxy’s ConfigMap, and kube-proxy is then to be restarted.',
    parts: [
      {
        cell: 'kube-proxy-revert × kube-proxy-config',
        is: 'cured',
        show: ['settings.failed.rate'],
        otherwise: 'A restarted kube-proxy overwrote it all the same.',
      },
    ],
  },
  {
    ids: ['0f'],
    title: 'a larger table costs CPU and memory',
    says: 'A larger table costs CPU time and memory.',
    parts: [],
    unjudged:
      'a few seconds in a lab tell no price; measured beside it on 6.18: 384 bytes an entry with NAT and 8 a bucket, 1.7 µs an insert with as many buckets as entries and 3.4 with an eighth of them, 120 ms to rehash 250,000',
  },
  {
    ids: ['0g', '1d'],
    title: 'shorter timeouts free the table',
    says: 'Shorter timeouts empty the table and fix a full one.',
    parts: [
      {
        cell: 'saturate × shorter-timeouts',
        is: 'cured',
        show: ['requests.failed.rate', 'confirm.requests.failed.rate'],
        otherwise: 'A table that fills in seconds is full before even the shorter time is over.',
      },
      {
        cell: 'saturate fill=held × shorter-timeouts',
        is: 'cured',
        show: ['requests.failed.rate', 'confirm.requests.failed.rate'],
        otherwise: 'Connections that are held are not idle, and keep their entries.',
      },
      {
        cell: 'time-wait table=real × shorter-timeouts',
        is: 'cured',
        show: ['flows.failed.rate', 'confirm.flows.failed.rate'],
        otherwise: 'Nor does it lower rate × lifetime far enough.',
      },
    ],
    note: 'Entries that exist keep the time that they got; only new ones get the shorter.',
  },
  {
    ids: ['1e'],
    title: 'more RAM',
    says: 'A node with more memory fixes it.',
    parts: [
      {
        cell: 'saturate × raise-max',
        is: 'cured',
        show: ['lasts', 'steady'],
        otherwise: 'It buys time: at this rate the table lasts {lasts} s.',
      },
    ],
    note: 'By way of a larger maximum, which the kernel and kube-proxy set by memory and cores when they start. It does for good only where it is as large as rate × lifetime.',
  },
];
