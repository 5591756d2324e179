import { readNftCounters } from '../../kernel/nft.ts';
import type { Probe } from './probe.ts';

/** Counters are read again while packets are dropped meanwhile, so many times at the most. */
const ATTEMPTS = 5;

/**
 * The packets that every node's rules counted: `packets.offered`, … (src/agent/packet-rules.ts says which are which).
 * `packets.dropped` is the kernel's own `drop` at that moment: nft takes a while, and clients that have given up still
 * send. It is left out where packets were dropped during every reading.
 */
export const packets: Probe = {
  name: 'packets',
  totals: async ({ namespace, table }, node) => {
    const dropped = (): number => table(node).read().counters.drop;
    for (let attempt = 1; ; attempt++) {
      const before = dropped();
      const counters = await readNftCounters(namespace(node), 'tablefull');
      const still = dropped() === before;
      if (!still && attempt < ATTEMPTS) continue;
      const totals = Object.entries(counters).map(([name, count]) => [`packets.${name}`, count] as const);
      return { ...Object.fromEntries(totals), ...(still && { 'packets.dropped': before }) };
    }
  },
};
