import { readNftCounters } from '../../kernel/nft.ts';
import type { Probe } from './probe.ts';
import { COUNTER_TABLE } from '../packet-rules.ts';

/** Maximum readings while packets are being dropped. */
const ATTEMPTS = 5;

/**
 * Packets that each node's rules counted: `packets.offered`, … (defined in packet-rules.ts).
 * `packets.dropped` is the kernel's `drop` at the same moment. nft takes a while, and clients that gave up
 * still send, so it is omitted if every reading saw drops.
 */
export const packets: Probe = {
  totals: async ({ namespace, table }, node) => {
    const dropped = (): number => table(node).read().counters.drop;
    for (let attempt = 1; ; attempt++) {
      const before = dropped();
      const counters = await readNftCounters(namespace(node), COUNTER_TABLE);
      const still = dropped() === before;
      if (!still && attempt < ATTEMPTS) continue;
      const totals = Object.entries(counters).map(([name, count]) => [`packets.${name}`, count] as const);
      return { ...Object.fromEntries(totals), ...(still && { 'packets.dropped': before }) };
    }
  },
};
