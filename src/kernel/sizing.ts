/** Inputs of a conntrack table's size. */
export interface Machine {
  readonly ramBytes: number;
  readonly cores: number;
  /** Word size of the kernel. */
  readonly bits: 32 | 64;
}

/** nf_conntrack_max and nf_conntrack_buckets. */
export interface TableSize {
  readonly max: number;
  readonly buckets: number;
}

const GIB = 2 ** 30;
/** Bytes of memory per word of the table, in the kernel and in the widespread formula. */
const PART = 16_384;

/**
 * The widespread formula: max = RAM / 16384 / (bits / 32). The kernel dropped it when it began to count
 * pages.
 */
export function byFormula({ ramBytes, bits }: Machine): number {
  return Math.floor(ramBytes / PART / (bits / 32));
}

/**
 * The kernel's default at boot or module load (nf_conntrack_init_start). From 5.15 on, as many entries as
 * buckets; before, four times as many, with the same maximum above 1 GiB.
 */
export function byKernel(
  { ramBytes, bits }: Machine,
  [major, minor]: readonly [major: number, minor: number],
): TableSize {
  const since515 = major > 5 || (major === 5 && minor >= 15);
  const times = since515 ? 1 : 4;
  const least = since515 ? 1024 : 32;
  const fixed = (max: number): TableSize => ({ max, buckets: max / times });
  if (ramBytes > 4 * GIB && (bits === 64 || !since515)) return fixed(262_144);
  if (ramBytes > GIB) return fixed(65_536);
  const buckets = Math.max(least, Math.floor(ramBytes / PART / (bits / 8)));
  return { max: buckets * times, buckets };
}

/** Entries per bucket where a squeeze sets both, as in the 2019 post. */
export const ENTRIES_A_BUCKET = 4;

/** The kernel rounds buckets up to a multiple of this (nf_conntrack_hash_resize). */
const BUCKETS_STEP = 512;

/**
 * Longest mean chain at which every entry finds room. The kernel cuts chains at 50 to 80 (MIN_CHAINLEN, MAX_CHAINLEN of
 * nf_conntrack_core.c), and chains vary around their mean.
 */
export const LONGEST_MEAN_CHAIN = 25;

/** Mean length of a hash chain: each entry is in two, one per direction. */
export function meanChain(entries: number, buckets: number): number {
  return (2 * entries) / buckets;
}

/** A bucket is the head of a list. */
export const BUCKET_BYTES = 8;

/** What the kernel makes of a number of buckets. */
export function roundedBuckets(buckets: number): number {
  return Math.ceil(buckets / BUCKETS_STEP) * BUCKETS_STEP;
}

export const KUBE_PROXY = { perCore: 32_768, min: 131_072, cap: 1_048_576, entriesABucket: 4 } as const;

/**
 * kube-proxy's default for conntrack.maxPerCore and conntrack.min (cmd/kube-proxy/app: getConntrackMax), with
 * the fewest buckets it accepts.
 *
 * @param capped as from Kubernetes 1.36 on
 */
export function byKubeProxy({ cores }: Machine, capped: boolean): TableSize {
  const { perCore, min, cap, entriesABucket } = KUBE_PROXY;
  const wanted = Math.max(perCore * cores, min);
  const max = capped ? Math.min(wanted, cap) : wanted;
  return { max, buckets: max / entriesABucket };
}
