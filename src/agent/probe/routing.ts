import { readNetstat } from '../../kernel/netstat.ts';
import type { Probe } from './probe.ts';

/**
 * Packets that a node's routing dropped, which conntrack's counters miss: `packets.reversePath` by rp_filter,
 * `packets.noRoute` for want of a route, as to a pod that is gone.
 */
export const routing: Probe = {
  totals: ({ namespace }, node) => {
    const { IPReversePathFilter: filtered, InNoRoutes: unrouted } = readNetstat(namespace(node));
    return Promise.resolve({
      ...(filtered !== undefined && { 'packets.reversePath': filtered }),
      ...(unrouted !== undefined && { 'packets.noRoute': unrouted }),
    });
  },
};
