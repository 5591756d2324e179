import type { Lesson } from '../lesson.ts';

export const oneOfSix: Lesson = {
  name: 'one-of-six',
  title: 'one call in twelve fails, and every team blames another',
  minutes: 20,
  scenario: 'noisy-neighbour',
  cause: 'noisy-neighbour',
  report:
    'One call in twelve to http://web times out, in every app. Each app runs on all six nodes, and each team says that its own ' +
    'release changed nothing. A retry mostly works.',
  place: 'worker-1',
  hints: [
    'Mostly a retry works: so which calls fail? Sum the column drop of `conntrack -S` on each of worker-1 … worker-6.',
    'On that node, count entries by source: `conntrack -L 2>/dev/null | grep -o "src=10[^ ]*" | sort | uniq -c | sort -n | tail`. Do `ss` or the number of sockets tell the same?',
    'Make room on that one node (net.netfilter.nf_conntrack_max there), or keep the pod that fills it from doing so. On another node it changes nothing.',
  ],
  explain: `One node’s table is full, and each app has a sixth of its pods there. One pod on that node made hundreds of short connections; they are
closed, and their entries stay for 120 s. Sockets name another pod, which keeps many connections: \`ss\` misleads, entries by source
address tell.

More room on that node cures this burst. A pod that never stops wants a limit of its own, or kept connections.`,
  pages: ['noisy-neighbour', 'raise-max', 'keepalive', 'drop'],
  mayDisturb: ['noisy'],
  right: [
    {
      says: 'make room on the node whose table is full',
      lines: [
        {
          place: 'worker-2',
          line: 'sysctl -w net.netfilter.nf_conntrack_max=$(($(sysctl -n net.netfilter.nf_conntrack_max) + 100000))',
        },
      ],
      outcome: 'cured',
      why: 'the burst and the apps fit',
    },
  ],
  wrong: [
    {
      says: 'make room on the node that one happens to be on',
      lines: [
        {
          place: 'worker-1',
          line: 'sysctl -w net.netfilter.nf_conntrack_max=$(($(sysctl -n net.netfilter.nf_conntrack_max) + 100000))',
        },
      ],
      outcome: 'unchanged',
      why: 'each node has a table of its own',
    },
  ],
};
