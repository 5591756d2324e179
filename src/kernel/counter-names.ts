/** The per-CPU counters of /proc/net/stat/nf_conntrack, summed over the CPUs (nf_conntrack_standalone.c). */
export const CONNTRACK_COUNTERS = [
  'found',
  'invalid',
  'insert',
  'insert_failed',
  'drop',
  'early_drop',
  'error',
  'search_restart',
  'clash_resolve',
  'chaintoolong',
] as const;
export type ConntrackCounter = (typeof CONNTRACK_COUNTERS)[number];
