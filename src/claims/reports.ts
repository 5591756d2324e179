import type { Claim } from './claim.ts';

/** Statements that circulate in reports and on other pages; `docs/reference/sources.md` names where. */
export const REPORT_CLAIMS: readonly Claim[] = [
  {
    ids: ['5a'],
    title: 'replies through stale entries are INVALID, then reset',
    says: 'After a rolling update replies through stale entries become INVALID, and the connections are reset.',
    parts: [
      {
        cell: 'ghost-connections protocol=tcp × symptom',
        where: ['invalid.delta > 0'],
        show: ['exchanges.failed'],
        otherwise:
          'Nobody replies: the pod is gone. {exchanges.failed} exchanges failed, with {invalid.delta} packets INVALID.',
      },
    ],
    note: 'INVALID and resets come of a segment outside the window, which needs no rolling update: claim 3d.',
  },
  {
    ids: ['5b'],
    title: 'exactly two minutes of 503 at every deploy',
    says: 'At every deploy requests fail for exactly two minutes, the lifetime of an entry.',
    parts: [
      {
        cell: 'ghost-connections protocol=tcp × symptom',
        where: ['newcomers.failed > 0'],
        show: ['exchanges.failed'],
        otherwise:
          'New connections go to the new pods at once ({newcomers.failed} of them failed). A kept one to the old pod fails until its client gives up: that is the client’s time, not an entry’s.',
      },
    ],
    note: 'The 120 s are those of SYN_SENT and TIME_WAIT. An unanswered SYN leads retries from its own port to the old address for that long (`syn-sent-reuse`).',
  },
  {
    ids: ['5c'],
    title: 'existing connections go on, DNS fails first',
    says: 'In a full table existing connections go on, and DNS is the first to fail.',
    parts: [
      {
        cell: 'saturate × symptom',
        where: ['canaries.failed <= 0'],
        show: ['canaries.answered'],
        otherwise: '{canaries.failed} exchanges on existing connections failed.',
      },
      {
        cell: 'dns-storm × symptom',
        where: ['lookups.failed > 0'],
        otherwise: 'No lookup failed.',
      },
      {
        cell: 'saturate × symptom',
        where: ['requests.failed <= 0'],
        show: ['requests.firstFailure'],
        otherwise:
          'New TCP connections fail as soon as the table is full: {requests.failed}, the first {requests.firstFailure} s after the burst began.',
      },
    ],
    note: 'DNS is noticed first, because each lookup is a new flow. The kernel prefers none.',
  },
  {
    ids: ['5d'],
    title: '80 % for 10 minutes leads',
    says: 'A table that is 80 % full for 10 minutes is a leading indicator.',
    parts: [
      {
        cell: 'time-wait table=real × symptom',
        where: ['warning.75 > 600'],
        otherwise: 'From 75 % to a full table it took {warning.75} s, and 80 % comes later still.',
      },
    ],
    note: 'It warns of a table that fills over hours.',
  },
  {
    ids: ['5e'],
    title: 'insert_failed is the counter to watch',
    says: 'insert_failed tells that a table is full.',
    parts: [
      {
        cell: 'saturate × symptom',
        where: ['insert_failed.delta > 0'],
        show: ['drop.delta'],
        otherwise: 'A full table raised drop by {drop.delta}, and insert_failed by {insert_failed.delta}.',
      },
      {
        cell: 'snat-race × symptom',
        where: ['free.min <= 0'],
        show: ['insert_failed.delta', 'drop.delta'],
        otherwise:
          'insert_failed rose by {insert_failed.delta} with {free.min} entries free: two flows raced for one port.',
      },
    ],
    note: 'drop tells of a full table; drop and insert_failed together tell of a race for a port; early_drop, of a table that makes room.',
  },
  {
    ids: ['5f'],
    title: 'Cilium and eBPF have no such table',
    says: 'With Cilium there is no conntrack table that could be full.',
    parts: [],
    unjudged: 'the labs have no Cilium',
    note: 'Cilium keeps tables of its own, BPF maps beyond whose limit an insertion fails (512k TCP, 256k UDP by default: <https://docs.cilium.io/en/latest/network/ebpf/maps/>). The kernel’s table remains for what iptables or nftables rules still track on the node: masquerading without BPF, kube-proxy beside it, hostPort by portmap.',
  },
];
