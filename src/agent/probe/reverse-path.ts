import { readNetstat } from '../../kernel/netstat.ts';
import type { Probe } from './probe.ts';

/** `packets.reversePath`: what rp_filter dropped on each node, of which conntrack's counters say nothing. */
export const reversePath: Probe = {
  name: 'reverse-path',
  totals: ({ namespace }, node) => {
    const { IPReversePathFilter: dropped } = readNetstat(namespace(node));
    return Promise.resolve(dropped === undefined ? {} : { 'packets.reversePath': dropped });
  },
};
