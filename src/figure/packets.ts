import { defineFigures, type FigureGroup } from './figure.ts';

const BEFORE = 'nft counter, priority -201';
const AFTER = 'nft counter, priority -199';

export const packets: FigureGroup = {
  title: 'Packets',
  intro:
    'Read at both ends of a phase: the figure is the difference. Excludes packets that a rule in the raw hook leaves untracked (NOTRACK): they need no entry.',
  figures: defineFigures(
    'node',
    { unit: 'packets', counter: true },
    {
      'packets.before': {
        doc: 'All packets right before conntrack: prerouting and output.',
        source: BEFORE,
      },
      'packets.after': { doc: 'The same, right after conntrack.', source: AFTER },
      'packets.offered': {
        doc: 'Packets that need an entry (a TCP SYN, any UDP datagram), from a pod or the node, before conntrack.',
        source: BEFORE,
      },
      'packets.passed': { doc: 'The same, after conntrack.', source: AFTER },
      'packets.forwarded': {
        doc: 'The same, after the node’s routing and its forward rules.',
        source: 'nft counter, hook `forward`',
      },
      'packets.reversePath': {
        doc: 'Packets that rp_filter dropped, in the routing between passed and forwarded.',
        source: 'TcpExt in /proc/net/netstat',
      },
      'packets.noRoute': {
        doc: 'Packets that the node had no route for: to a pod that is gone.',
        source: 'InNoRoutes of IpExt in /proc/net/netstat',
      },
      'packets.entered': {
        unit: 'entries',
        doc: 'Entries that such packets created: the first packet of each, where conntrack confirms the entry. Excludes packets that a rule dropped.',
        source: 'nft counter, last of `postrouting` and `input`',
      },
      'packets.invalid': { doc: 'In state INVALID.', source: 'nft counter' },
      'packets.untranslated': {
        doc: 'INVALID packets that left for a pod without un-NAT.',
        source: 'nft counter',
      },
      'packets.rst': {
        doc: 'Resets that a pod sent straight to another pod’s address.',
        source: 'nft counter',
      },
      'packets.escaped': {
        doc: 'Packets bound for outside the lab. Not 0: the lab leaks, and the phase is invalid.',
        source: 'nft counter',
      },
      'packets.dropped': {
        doc: 'The kernel’s `drop`, read together with the other packets. Absent where it moved meanwhile.',
        source: '/proc/net/stat/nf_conntrack',
      },
    },
  ),
};
