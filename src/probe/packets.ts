import { readNftCounters } from '../kernel/nft.ts';
import type { Probe } from './probe.ts';

/** The packets that every node's rules counted: `packets.offered`, … (lab/netns/rules.ts says which are which). */
export const packets: Probe = {
  name: 'packets',
  totals: async ({ namespace }, node) => {
    const counters = await readNftCounters(namespace(node), 'tablefull');
    return Object.fromEntries(Object.entries(counters).map(([name, count]) => [`packets.${name}`, count]));
  },
};
