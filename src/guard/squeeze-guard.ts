import { readFileSync } from 'node:fs';
import { entriesInMemory, entriesOfAllNamespaces, SLABS } from './namespaces.ts';
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
}

export interface SqueezeGuard {
  /** How many network namespaces there are, and the entries they hold together. */
  readonly namespaces: number;
  readonly entries: number;
  /** Why the squeeze would hurt others, in one line; absent where it would not. */
  readonly refused?: string;
}

/**
 * May the machine's conntrack table be made this small? The maximum applies to every network namespace, and
 * all share one hash table. Ask immediately before squeezing. Root only.
 */
export function guardSqueeze(wanted: GlobalTable): SqueezeGuard {
  return judgeSqueeze(wanted, entriesOfAllNamespaces());
}

/** The same for a count taken before. */
export function judgeSqueeze(
  { max, buckets }: GlobalTable,
  counted: readonly NamespaceEntries[],
): SqueezeGuard {
  const entries = counted.reduce((sum, namespace) => sum + namespace.entries, 0);
  const counts = { namespaces: counted.length, entries };
  const tooFull = counted.find((namespace) => namespace.entries > max);
  if (tooFull !== undefined) {
    const { path, entries: held } = tooFull;
    return {
      ...counts,
      refused: `${path} holds ${held} entries: with a maximum of ${max} it could open no connection`,
    };
  }
  // Each entry is in two chains, once a direction; the table under test will fill to the maximum.
  const given = Math.ceil(buckets / BUCKETS_STEP) * BUCKETS_STEP;
  const chain = (2 * (entries + max)) / given;
  if (chain > LONGEST_MEAN_CHAIN) {
    const refused =
      `${entries} entries in ${counted.length} network namespaces and ${max} more would make chains of ${chain.toFixed(1)} ` +
      `in ${given} buckets, and above ${LONGEST_MEAN_CHAIN} connections fail in all of them: use more buckets`;
    return { ...counts, refused };
  }
  return counts;
}

/** With a mean chain this long the others' own entries would be what fills the chains. */
const OTHERS_MEAN_CHAIN = 5;

/**
 * May the hash be cut to so many buckets in order to fill its chains on purpose, for seconds at a time? New connections of
 * every namespace then fail; so nobody else may have much to do. Root only.
 */
export function guardFewBuckets(buckets: number): SqueezeGuard {
  return judgeFewBuckets(buckets, entriesOfAllNamespaces(), entriesInMemory(readFileSync(SLABS, 'utf8')));
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
