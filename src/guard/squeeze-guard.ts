import { allocatedEntries, entriesOfAllNamespaces } from './namespaces.ts';
import type { NamespaceEntries } from './namespaces.ts';

/** The kernel rounds buckets up to whole pages of 8-byte heads (nf_ct_alloc_hashtable). */
const BUCKETS_STEP = 512;

/**
 * A mean chain this long is refused. The kernel cuts chains at 50 to 80 (MIN_CHAINLEN, MAX_CHAINLEN of
 * nf_conntrack_core.c), and chains scatter about their mean.
 */
const LONGEST_MEAN_CHAIN = 25;

export interface GlobalTable {
  readonly max: number;
  readonly buckets: number;
  /** How many entries the table under test will grow by; as many as it may hold unless said. */
  readonly more?: number;
}

export interface SqueezeGuard {
  /** How many network namespaces there are, and the entries that share the machine's hash. */
  readonly namespaces: number;
  readonly entries: number;
  /** Why the squeeze would hurt others, in one line; absent where it would not. */
  readonly refused?: string;
  /** It is refused for entries that stand in no namespace any more: the kernel frees them within seconds. */
  readonly passing?: boolean;
}

/**
 * May the machine's conntrack table be made this small? The maximum applies to every network namespace, and
 * all share one hash table. Ask immediately before squeezing. Root only.
 */
export function guardSqueeze(wanted: GlobalTable): SqueezeGuard {
  return judgeSqueeze(wanted, entriesOfAllNamespaces(), allocatedOrNone());
}

/**
 * The same for what was counted before.
 *
 * @param inMemory entries that the kernel has allocated, see judgeFewBuckets
 */
export function judgeSqueeze(
  { max, buckets, more = max }: GlobalTable,
  counted: readonly NamespaceEntries[],
  inMemory = 0,
): SqueezeGuard {
  const held = counted.reduce((sum, namespace) => sum + namespace.entries, 0);
  const entries = Math.max(held, inMemory);
  const counts = { namespaces: counted.length, entries };
  const tooFull = counted.find((namespace) => namespace.entries > max);
  if (tooFull !== undefined) {
    const { path, entries: own } = tooFull;
    return {
      ...counts,
      refused: `${path} holds ${own} entries: with a maximum of ${max} it could open no connection`,
    };
  }
  // Each entry is in two chains, once a direction; the table under test will fill to the maximum.
  const given = Math.ceil(buckets / BUCKETS_STEP) * BUCKETS_STEP;
  const chains = (others: number): number => (2 * (others + more)) / given;
  if (chains(entries) <= LONGEST_MEAN_CHAIN) return counts;
  const refused =
    `${entries} entries on this machine and ${more} more would make chains of ${chains(entries).toFixed(1)} ` +
    `in ${given} buckets, and above ${LONGEST_MEAN_CHAIN} connections fail in every network namespace (chaintoolong): ` +
    'wait until less is going on, or use more buckets';
  return { ...counts, refused, ...(chains(held) <= LONGEST_MEAN_CHAIN && { passing: true }) };
}

/** Where the kernel does not say, what can be counted has to do. */
function allocatedOrNone(): number {
  try {
    return allocatedEntries();
  } catch {
    return 0;
  }
}

/** With a mean chain this long the others' own entries would be what fills the chains. */
const OTHERS_MEAN_CHAIN = 5;

/**
 * May the hash be cut to so many buckets in order to fill its chains on purpose, for seconds at a time? New connections of
 * every namespace then fail; so nobody else may have much to do. Root only.
 */
export function guardFewBuckets(buckets: number): SqueezeGuard {
  return judgeFewBuckets(buckets, entriesOfAllNamespaces(), allocatedEntries());
}

/**
 * The same for what was counted before.
 *
 * @param inMemory entries that the kernel has allocated: a namespace that has ended is entered no more, and its entries
 *   stand in the hash until the kernel has come round to them, seconds later
 */
export function judgeFewBuckets(
  buckets: number,
  counted: readonly NamespaceEntries[],
  inMemory: number,
): SqueezeGuard {
  const held = counted.reduce((sum, namespace) => sum + namespace.entries, 0);
  const entries = Math.max(held, inMemory);
  const counts = { namespaces: counted.length, entries };
  const given = Math.ceil(buckets / BUCKETS_STEP) * BUCKETS_STEP;
  if ((2 * entries) / given <= OTHERS_MEAN_CHAIN) return counts;
  const refused =
    `${entries} entries on this machine are more than ${(OTHERS_MEAN_CHAIN * given) / 2}, ` +
    `and in ${given} buckets connections would fail in all of its namespaces: run where less is going on`;
  return { ...counts, refused };
}
