import { LONGEST_MEAN_CHAIN, meanChain, roundedBuckets, type TableSize } from '../../kernel/sizing.ts';

/**
 * Why the machine's one hash has no room for so many labs whose table is full, and the fix; undefined where it has. Beyond
 * it the kernel refuses entries (ENOSPC for ballast), and drops connections.
 */
export function tooManyTables(labs: number, { max, buckets }: TableSize): string | undefined {
  const mean = meanChain(labs * max, buckets);
  if (mean <= LONGEST_MEAN_CHAIN) return undefined;
  const enough = roundedBuckets((buckets * mean) / LONGEST_MEAN_CHAIN);
  const most = Math.floor((labs * LONGEST_MEAN_CHAIN) / mean);
  const instead = most > 0 ? `, or --seats ${String(most)}` : '';
  return `${String(labs)} labs with a full table put ${String(Math.round(mean))} entries into each chain of this machine’s hash, and the kernel cuts chains at 50: for the class, sudo sysctl -w net.netfilter.nf_conntrack_buckets=${String(enough)}${instead}`;
}
