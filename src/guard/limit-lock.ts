import { holdLock } from './flock.ts';
import { JOURNAL_PATH, readJournal } from './journal.ts';
import { bootId } from './owner.ts';
import { restoreLeftovers } from './leftovers.ts';

export interface WaitOptions {
  /** Maximum wait for other runs, ms. */
  readonly waitMs: number;
  /** @default '/run/tablefull/journal.json' */
  readonly journal?: string;
}

/**
 * Prevents changes of the conntrack limit by other runs until disposed, for a cycle of phases that depends on
 * it. Any user may hold it, and any number of runs at once.
 *
 * @param signal ends the wait, not the hold
 * @throws Error in one line where another run kept changing the limit for `waitMs`, or left it changed
 */
export async function acquireShared(signal: AbortSignal, options: WaitOptions): Promise<AsyncDisposable> {
  const { waitMs, journal = JOURNAL_PATH } = options;
  const deadline = performance.now() + waitMs;
  for (;;) {
    const remaining = Math.max(0, deadline - performance.now());
    const lock = await holdLock('shared', signal, remaining);
    // Changing the limit takes the exclusive lock and leaves no journal. A journal under our lock means that
    // its run was killed and left the limit changed.
    try {
      if (readJournal(journal)?.boot !== bootId()) return lock;
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
    await lock[Symbol.asyncDispose]();
    const { left } = await restoreLeftovers({ signal, waitMs: remaining, journal });
    if (left.length > 0) throw new Error(left.join('; '));
  }
}
