import { describe, expect, it } from 'vitest';
import { asChanges, difference, sayDifference } from '../../../src/workshop/difference.ts';
import { parseSnapshot } from '../../../src/workshop/snapshot.ts';

const BEFORE = parseSnapshot(`== worker-1
/proc/sys/net/netfilter/nf_conntrack_count:17
/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal:0
/proc/sys/net/ipv4/ip_local_port_range:32768\t60999
table ip tablefull {
== app-0
default via 10.244.0.1 dev eth0
== pods
options ndots:5
`);
const AFTER = parseSnapshot(`== worker-1
/proc/sys/net/netfilter/nf_conntrack_count:99
/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal:1
/proc/sys/net/ipv4/ip_local_port_range:1024\t60999
table ip tablefull {
table ip fix {
== app-0
== pods
options ndots:2
`);

describe('what a learner changed', () => {
  it('is found as sysctls, rules, routes and lines of files, without what only counts', () => {
    expect(sayDifference(difference(BEFORE, AFTER))).toEqual([
      'worker-1: net.netfilter.nf_conntrack_tcp_be_liberal: 0 → 1',
      'worker-1: net.ipv4.ip_local_port_range: 32768 60999 → 1024 60999',
      'worker-1: + table ip fix {',
      'app-0: - default via 10.244.0.1 dev eth0',
      'pods: + options ndots:2',
      'pods: - options ndots:5',
    ]);
  });

  it('is nothing where nothing changed', () => {
    expect(sayDifference(difference(AFTER, AFTER))).toEqual([]);
  });

  it('is told to the judge where it is a number of a node', () => {
    expect(asChanges(difference(BEFORE, AFTER), ['worker-1'])).toMatchObject([
      {
        change: {
          kind: 'sysctl',
          node: 'worker-1',
          name: 'net.netfilter.nf_conntrack_tcp_be_liberal',
          value: 1,
        },
        before: 0,
        after: 1,
        emulated: false,
      },
    ]);
  });

  it('is cut where it is long', () => {
    const many = parseSnapshot(
      `== worker-1\n${Array.from({ length: 20 }, (_, i) => `rule ${String(i)}`).join('\n')}`,
    );
    expect(sayDifference(difference(new Map(), many)).at(-1)).toBe('worker-1: and 14 lines more');
  });
});
