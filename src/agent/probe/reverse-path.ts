import { readNetstat } from '../../kernel/netstat.ts';
import type { Probe } from './probe.ts';

/** `packets.reversePath`: packets that rp_filter dropped on each node, which conntrack's counters miss. */
export const reversePath: Probe = {
  name: 'reverse-path',
  totals: ({ namespace }, node) => {
    const { IPReversePathFilter: dropped } = readNetstat(namespace(node));
    return Promise.resolve(dropped === undefined ? {} : { 'packets.reversePath': dropped });
  },
};
