import type { Journal } from './journal.ts';
import { bootId, isAlive } from './owner.ts';
import { waitWhile } from '../util/wait-while.ts';

/** A killed process releases its locks up to this long before it is gone, ms. */
const GONE_WITHIN_MS = 1000;
const LOOK_AGAIN_MS = 10;

/** Whether the journal's process is running. */
export function hasLivingOwner({ boot, owner }: Journal): boolean {
  return boot === bootId() && isAlive(owner);
}

/**
 * Why a journal stays although the caller holds the lock: its owner still runs. The owner's lock may be on
 * another mount of /proc (container, chroot), which the kernel keeps apart.
 *
 * @returns one line with the fix; undefined where the owner is dead
 */
export async function whyLeftAlone(path: string, journal: Journal): Promise<string | undefined> {
  const isThere = (): boolean => hasLivingOwner(journal);
  if (await waitWhile(isThere, { withinMs: GONE_WITHIN_MS, everyMs: LOOK_AGAIN_MS })) return undefined;
  return (
    `process ${String(journal.owner.pid)} has changed the conntrack limit (${path}); it still runs, and its lock ` +
    'is not visible here: wait until it has ended or, if it is not a tablefull process, delete the file'
  );
}
