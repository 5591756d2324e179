import { entryBytes } from '../../kernel/slab.ts';
import type { Probe } from './probe.ts';

/** A bucket is the head of a list. */
const BUCKET_BYTES = 8;

/**
 * `table.bytes`: the memory that the entries and the hash hold when a phase is over. Only root may ask for the size of
 * an entry, and what extensions hold besides (128 bytes an entry where there is NAT) is not in it.
 */
export const memory: Probe = {
  name: 'memory',
  inspect: ({ node, nodes, table }) => {
    const bytes = nodes.includes(node) ? entryBytes() : undefined;
    if (bytes === undefined) return {};
    const { entries, buckets } = table(node).read();
    return { 'table.bytes': entries * bytes + buckets * BUCKET_BYTES };
  },
};
