import { ofNode, type FigureGroup } from './figure.ts';

const BEFORE = 'nft counter, priority -201';
const AFTER = 'nft counter, priority -199';

export const packets: FigureGroup = {
  title: 'Packets',
  intro:
    'Read at both edges of a phase: the figure is the difference. A packet that a rule in the raw hook leaves untracked (NOTRACK) asks for no entry and is counted as none of these.',
  figures: [
    ofNode({
      name: 'packets.before',
      unit: 'packets',
      doc: 'All that conntrack sees, right before it: prerouting and output.',
      source: BEFORE,
      counter: true,
    }),
    ofNode({
      name: 'packets.after',
      unit: 'packets',
      doc: 'The same, right after conntrack.',
      source: AFTER,
      counter: true,
    }),
    ofNode({
      name: 'packets.offered',
      unit: 'packets',
      doc: 'Those that ask for an entry (a TCP SYN, any UDP datagram) from a pod or from the node itself, before conntrack.',
      source: BEFORE,
      counter: true,
    }),
    ofNode({
      name: 'packets.passed',
      unit: 'packets',
      doc: 'The same, after conntrack.',
      source: AFTER,
      counter: true,
    }),
    ofNode({
      name: 'packets.forwarded',
      unit: 'packets',
      doc: 'The same, after the node’s routing and its forward rules.',
      source: 'nft counter, hook `forward`',
      counter: true,
    }),
    ofNode({
      name: 'packets.reversePath',
      unit: 'packets',
      doc: 'Those that rp_filter dropped, in the routing between the two.',
      source: 'TcpExt in /proc/net/netstat',
      counter: true,
    }),
    ofNode({
      name: 'packets.entered',
      unit: 'entries',
      doc: 'Entries that such packets made: the first packet of each, where conntrack confirms the entry. None is counted whose packet a rule has dropped.',
      source: 'nft counter, last of `postrouting` and `input`',
      counter: true,
    }),
    ofNode({
      name: 'packets.invalid',
      unit: 'packets',
      doc: 'In state INVALID.',
      source: 'nft counter',
      counter: true,
    }),
    ofNode({
      name: 'packets.untranslated',
      unit: 'packets',
      doc: 'INVALID ones that left for a pod, without un-NAT.',
      source: 'nft counter',
      counter: true,
    }),
    ofNode({
      name: 'packets.rst',
      unit: 'packets',
      doc: 'Resets that a pod sent straight to another pod’s address.',
      source: 'nft counter',
      counter: true,
    }),
    ofNode({
      name: 'packets.escaped',
      unit: 'packets',
      doc: 'Bound for outside the lab; 0, or the lab leaks and the phase is invalid.',
      source: 'nft counter',
      counter: true,
    }),
    ofNode({
      name: 'packets.dropped',
      unit: 'packets',
      doc: 'The kernel’s `drop` at the moment at which the other packets were counted. Absent where it moved meanwhile.',
      source: '/proc/net/stat/nf_conntrack',
      counter: true,
    }),
  ],
};
