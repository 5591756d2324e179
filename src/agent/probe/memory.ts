import { BUCKET_BYTES } from '../../kernel/sizing.ts';
import { entryBytes } from '../../kernel/slab.ts';
import type { Probe } from './probe.ts';

/**
 * `table.bytes`: memory of the entries and the hash when a phase is over. Only root may read an entry's size.
 * Excludes extensions (128 bytes an entry with NAT).
 */
export const memory: Probe = {
  inspect: ({ node, nodes, table }) => {
    const bytes = nodes.includes(node) ? entryBytes() : undefined;
    if (bytes === undefined) return {};
    const { entries, buckets } = table(node).read();
    return { 'table.bytes': entries * bytes + buckets * BUCKET_BYTES };
  },
};
