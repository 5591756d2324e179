import { LONGEST_MEAN_CHAIN, meanChain, roundedBuckets } from '../kernel/sizing.ts';
import { allocatedEntries, entriesOfAllNamespaces } from './namespaces.ts';
import type { NamespaceEntries } from './namespaces.ts';

interface GlobalTable {
  readonly max: number;
  readonly buckets: number;
  /** Growth of the table under test, entries; default: `max`. */
  readonly more?: number;
}

export interface SqueezeGuard {
  /** Network namespaces on the machine, and the entries in its shared hash. */
  readonly namespaces: number;
  readonly entries: number;
  /** Why the squeeze would hurt others, in one line; absent where it would not. */
  readonly refused?: string;
  /** Refused only for entries of ended namespaces, which the kernel frees within seconds. */
  readonly passing?: boolean;
}

/**
 * Whether the machine's conntrack table may become this small. The maximum applies to every network
 * namespace, and all share one hash. Call immediately before squeezing. Root only.
 */
export function guardSqueeze(wanted: GlobalTable): SqueezeGuard {
  return judgeSqueeze(wanted, entriesOfAllNamespaces(), allocatedOrNone());
}

/**
 * The same for given counts.
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
  // The table under test fills up to the maximum.
  const given = roundedBuckets(buckets);
  const chains = (others: number): number => meanChain(others + more, given);
  if (chains(entries) <= LONGEST_MEAN_CHAIN) return counts;
  const refused =
    `${entries} entries on this machine and ${more} more would make chains of ${chains(entries).toFixed(1)} ` +
    `in ${given} buckets, and above ${LONGEST_MEAN_CHAIN} connections fail in every network namespace (chaintoolong): ` +
    'wait until the machine is quieter, or use more buckets';
  return { ...counts, refused, ...(chains(held) <= LONGEST_MEAN_CHAIN && { passing: true }) };
}

/** 0 where the kernel does not tell; the counted entries then decide. */
function allocatedOrNone(): number {
  try {
    return allocatedEntries();
  } catch {
    return 0;
  }
}

/** With longer mean chains, others' entries would fill the chains. */
const OTHERS_MEAN_CHAIN = 5;

/**
 * Whether the hash may be cut to so few buckets that its chains fill, for seconds. New connections of every
 * namespace then fail, so others must be nearly idle. Root only.
 */
export function guardFewBuckets(buckets: number): SqueezeGuard {
  return judgeFewBuckets(buckets, entriesOfAllNamespaces(), allocatedEntries());
}

/**
 * The same for given counts.
 *
 * @param inMemory entries that the kernel has allocated. Ended namespaces can't be entered, yet their entries
 *   stay in the hash for seconds
 */
export function judgeFewBuckets(
  buckets: number,
  counted: readonly NamespaceEntries[],
  inMemory: number,
): SqueezeGuard {
  const held = counted.reduce((sum, namespace) => sum + namespace.entries, 0);
  const entries = Math.max(held, inMemory);
  const counts = { namespaces: counted.length, entries };
  const given = roundedBuckets(buckets);
  if ((2 * entries) / given <= OTHERS_MEAN_CHAIN) return counts;
  const refused =
    `${entries} entries on this machine are more than ${(OTHERS_MEAN_CHAIN * given) / 2}, ` +
    `and in ${given} buckets connections would fail in all of its namespaces: run on a quieter machine`;
  return { ...counts, refused };
}
