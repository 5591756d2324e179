import type { Figures } from '../schema/verdict.ts';

/**
 * Packets lost to an insert race: two that would make the same entry, of which the second finds the first's. The kernel
 * counts such a loss as `insert_failed` and as `drop`; a chain at its limit as `insert_failed` alone
 * (__nf_conntrack_confirm and nf_ct_resolve_clash in nf_conntrack_core.c).
 */
export function lostRaces({
  'insert_failed.delta': failed = 0,
  'chaintoolong.delta': chains = 0,
}: Figures): number {
  return Math.max(0, failed - chains);
}

/** The figure `clashes.perOffered`: insert races, lost or resolved, for each of the demand. */
export function clashes(figures: Figures, offered: number | undefined): Figures {
  const resolved = figures['clash_resolve.delta'];
  if (resolved === undefined || !offered) return {};
  return { 'clashes.perOffered': (resolved + lostRaces(figures)) / offered };
}
