import type { Lesson } from '../lesson.ts';

export const afterRollout: Lesson = {
  name: 'after-rollout',
  title: 'after each rollout some clients get no answer any more',
  minutes: 15,
  scenario: 'ghost-connections',
  // Time for a loop on a busy machine.
  params: { grace: '2s' },
  cause: 'stale-entries',
  report:
    'Each time that we roll out the UDP service echo, clients that were there before get no answer any more. They send on, from ' +
    'the port that they have, for hours. A client that is started afterwards is fine, so the service is fine, says the platform ' +
    'team. A rollout happens in each check.',
  place: 'worker-1',
  hints: [
    'New clients reach the new pod, so the service’s rules are right: what do clients that send on have, and new ones lack? Ask for a check, and meanwhile in a second terminal: `tablefull shell worker-1`, `nft list ruleset`, `conntrack -L -p udp`.',
    'A flow is translated when its entry is made; later packets follow the entry, not the rules. Each packet gives the entry its full time again. `conntrack -L -p udp` during a check: which pod do the entries lead to (the second src=)?',
    'Who deletes entries that lead to a pod that is gone? `conntrack -D -p udp --reply-src ADDRESS`, with the old pod’s address. The next rollout makes new ones, so it has to be done after each: by a program that goes on, such as a loop in the background.',
  ],
  explain: `A service’s address is translated once, for the first packet of a flow. The result is in the conntrack entry, and all further packets
follow the entry. A rollout changes the rules; it does not change entries. A UDP client that keeps its port keeps its entry as well, for each packet
gives it its full time again: it sends to a pod that is gone, for ever. No counter of conntrack moves.

Deleting those entries is the cure: the next packet is translated by the rules of now. kube-proxy does it for UDP after each change of endpoints;
where it fails to, or something else programs the services, it is left undone. Emptying the table once helps until the next rollout.
A shorter timeout helps nobody who sends more often.`,
  pages: ['ghost-connections', 'conntrack-delete', 'shorter-timeouts'],
  right: [
    {
      says: 'delete the entries that lead to the old pod, over and over',
      lines: [
        {
          place: 'worker-1',
          line: 'setsid sh -c "while sleep 0.1; do conntrack -D -p udp --reply-src 10.244.1.2; done" > /dev/null 2>&1 &',
        },
      ],
      outcome: 'cured',
      why: 'the next packet is translated by the rules as they are',
    },
  ],
  wrong: [
    {
      says: 'empty the table once',
      lines: [{ place: 'worker-1', line: 'conntrack -F' }],
      outcome: 'unchanged',
      why: 'the next rollout leaves such entries again',
    },
    {
      says: 'shorten the timeouts',
      lines: [
        { place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_udp_timeout=5' },
        { place: 'worker-1', line: 'sysctl -w net.netfilter.nf_conntrack_udp_timeout_stream=5' },
      ],
      outcome: 'unchanged',
      why: 'each packet gives its entry the full time again',
    },
  ],
};
