import { KUBECTL, type Fix, type Lesson } from '../lesson.ts';
import { daemonSet } from './daemon-set.ts';

/** The image that the lab brings to the nodes. */
const IMAGE = 'tablefull/agent:local';
const APPLIED: Fix['lines'] = [
  { place: KUBECTL, line: 'kubectl apply -f fix.yaml' },
  { place: KUBECTL, line: 'kubectl -n kube-system rollout status daemonset tuner' },
];

export const resetByPeer: Lesson = {
  name: 'reset-by-peer',
  title: 'long downloads break off: connection reset by peer',
  minutes: 15,
  scenario: 'boom',
  cause: 'invalid-segments',
  report:
    'Long downloads from http://boom-server break off. The server logs “connection reset by peer” and so do some clients; ' +
    'others hang. Short calls are fine. The table has room: somebody has looked.',
  place: 'worker-1',
  hints: [
    'Nobody closes these connections, so who sends the reset? Count in `conntrack -S`: which column rises with each broken download?',
    'A packet that conntrack calls INVALID does not get its service address translated back. The client does not know the sender, and answers RST to the pod itself.',
    'Two ways: conntrack does not call it INVALID (a sysctl, nf_conntrack_tcp_be_liberal), or the packet does not get through (a rule of nft on ct state invalid in the forward hook).',
  ],
  explain: `A segment far outside the TCP window is INVALID to conntrack. An INVALID packet is forwarded, but it is not translated: it
arrives from the pod’s own address, which the client never spoke to. The client’s kernel answers RST, to the pod. The pod takes
it for its client’s, and the connection ends for both.

\`nf_conntrack_tcp_be_liberal=1\` makes conntrack accept and translate such segments; the client’s TCP then drops them itself.
A rule that drops INVALID packets does the same at the price of a rule for each packet. Room in the table has nothing to do with
it.`,
  pages: ['boom', 'be-liberal', 'drop-invalid', 'invalid'],
  right: [
    {
      says: 'accept segments outside the window',
      lines: [{ place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1' }],
      outcome: 'cured',
      why: 'the segment is translated, and the client’s TCP drops it',
    },
    {
      says: 'drop what is INVALID',
      lines: [
        { place: 'worker-1', line: 'nft add table ip fix' },
        {
          place: 'worker-1',
          line: `nft add chain ip fix forward '{ type filter hook forward priority 0; }'`,
        },
        { place: 'worker-1', line: 'nft add rule ip fix forward ct state invalid drop' },
      ],
      outcome: 'cured',
      why: 'the client never sees the segment that it would answer by a reset',
    },
  ],
  wrong: [
    {
      says: 'raise the limit',
      lines: [
        {
          place: 'worker-1',
          line: 'sysctl -w net.netfilter.nf_conntrack_max=$(($(sysctl -n net.netfilter.nf_conntrack_max) + 100000))',
        },
      ],
      outcome: 'unchanged',
      why: 'the table has room; what is INVALID stays INVALID',
    },
  ],
  onCluster: {
    hints: [
      'Nobody closes these connections, so who sends the reset? Count on the client’s node: `conntrack -S`, the column invalid, before and after a check. A node is entered with `kubectl debug node/NAME -it --profile=sysadmin --image=tablefull/agent:local -- bash`.',
      'A packet that conntrack calls INVALID does not get its service address translated back. The client does not know the sender, and answers RST to the pod itself.',
      'nf_conntrack_tcp_be_liberal makes conntrack accept and translate it. Set it on the nodes: by a DaemonSet with hostNetwork, whose privileged init container calls `sysctl -w`; the nodes have the image tablefull/agent:local.',
    ],
    right: [
      {
        says: 'accept segments outside the window, on every node',
        lines: APPLIED,
        file: daemonSet(IMAGE, 'net.netfilter.nf_conntrack_tcp_be_liberal=1'),
        outcome: 'cured',
        why: 'the segment is translated, and the client’s TCP drops it',
      },
    ],
    wrong: [
      {
        says: 'shorter timeouts, on every node',
        lines: APPLIED,
        file: daemonSet(IMAGE, 'net.netfilter.nf_conntrack_tcp_timeout_time_wait=30'),
        outcome: 'unchanged',
        why: 'the table has room; what is INVALID stays INVALID',
      },
    ],
  },
};
