import { defineFigures, type FigureGroup } from './figure.ts';

const BEFORE = 'nft counter, priority -201';
const AFTER = 'nft counter, priority -199';

export const packets: FigureGroup = {
  title: 'Packets',
  intro:
    'Read at both edges of a phase: the figure is the difference. A packet that a rule in the raw hook leaves untracked (NOTRACK) asks for no entry and is counted as none of these.',
  figures: defineFigures(
    'node',
    { unit: 'packets', counter: true },
    {
      'packets.before': {
        doc: 'All that conntrack sees, right before it: prerouting and output.',
        source: BEFORE,
      },
      'packets.after': { doc: 'The same, right after conntrack.', source: AFTER },
      'packets.offered': {
        doc: 'Those that ask for an entry (a TCP SYN, any UDP datagram) from a pod or from the node itself, before conntrack.',
        source: BEFORE,
      },
      'packets.passed': { doc: 'The same, after conntrack.', source: AFTER },
      'packets.forwarded': {
        doc: 'The same, after the node’s routing and its forward rules.',
        source: 'nft counter, hook `forward`',
      },
      'packets.reversePath': {
        doc: 'Those that rp_filter dropped, in the routing between the two.',
        source: 'TcpExt in /proc/net/netstat',
      },
      'packets.entered': {
        unit: 'entries',
        doc: 'Entries that such packets made: the first packet of each, where conntrack confirms the entry. None is counted whose packet a rule has dropped.',
        source: 'nft counter, last of `postrouting` and `input`',
      },
      'packets.invalid': { doc: 'In state INVALID.', source: 'nft counter' },
      'packets.untranslated': {
        doc: 'INVALID ones that left for a pod, without un-NAT.',
        source: 'nft counter',
      },
      'packets.rst': {
        doc: 'Resets that a pod sent straight to another pod’s address.',
        source: 'nft counter',
      },
      'packets.escaped': {
        doc: 'Bound for outside the lab; 0, or the lab leaks and the phase is invalid.',
        source: 'nft counter',
      },
      'packets.dropped': {
        doc: 'The kernel’s `drop` at the moment at which the other packets were counted. Absent where it moved meanwhile.',
        source: '/proc/net/stat/nf_conntrack',
      },
    },
  ),
};
