import type { Lesson } from '../lesson.ts';
import { daemonSet } from './daemon-set.ts';

export const shipAFix: Lesson = {
  name: 'ship-a-fix',
  title: 'long downloads break off, and nobody may log in to a node',
  minutes: 20,
  scenario: 'boom',
  cause: 'invalid-segments',
  report:
    'Long downloads from http://boom-server break off again, as before. It was fixed by hand then, and new nodes are as the old ' +
    'ones were. From now on a fix is a file that goes through review and to every node. Write it, and prove it here: `try FILE` ' +
    'gives it to this lab and checks.',
  place: 'worker-1',
  byFile: true,
  hints: [
    'What helps, you can find out by hand first, as in the lesson reset-by-peer: `s`, then `check`. Only a file solves this lesson.',
    'A file is a Kubernetes manifest, such as a DaemonSet whose privileged init container calls `sysctl -w NAME=VALUE`; or a remedy in tablefull’s own format. `tablefull explain be-liberal` ends with one.',
    'A DaemonSet with `sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1` in an init container. `try` says what it understood of the file, and what it did not.',
  ],
  explain: `What goes to production is a file, so the file is what has to be proved. \`try\` reads the manifest, says what it understood and what
it did not, makes the same changes in the lab and offers the demand. A typing error in a sysctl’s name, or a container that may not write it, shows
here and not in the cluster.

The same without a lesson: \`tablefull run boom --remedy ./fix.yaml\`. With \`tablefull init --ci github\` each change of the file, and each new
kernel, has to prove it again.`,
  pages: ['boom', 'be-liberal', 'sysctl-daemonset'],
  right: [
    {
      says: 'a DaemonSet that sets be_liberal',
      lines: [],
      file: daemonSet('busybox', 'net.netfilter.nf_conntrack_tcp_be_liberal=1'),
      outcome: 'cured',
      why: 'the segment is translated, and the client’s TCP drops it',
    },
  ],
  wrong: [
    {
      says: 'the DaemonSet of another cluster, with shorter timeouts',
      lines: [],
      file: daemonSet('busybox', 'net.netfilter.nf_conntrack_tcp_timeout_time_wait=30'),
      outcome: 'unchanged',
      why: 'no entry is missing room; what is INVALID stays INVALID',
    },
  ],
};
