import { holdLock } from './flock.ts';
import { JOURNAL_PATH, readJournal } from './journal.ts';
import { bootId } from './owner.ts';
import { restoreLeftovers } from './leftovers.ts';

export interface WaitOptions {
  /** How long to wait for other runs, in milliseconds. */
  readonly waitMs: number;
  /** @default '/run/tablefull/journal.json' */
  readonly journal?: string;
}

/**
 * Holds the conntrack limit still: until it is disposed of, no other run can change it. For a cycle of phases
 * whose result depends on the limit; any user may, and any number of runs at once.
 *
 * @param signal ends the waiting, not the holding
 * @throws Error in one line where another run kept changing the limit for `waitMs`, or left it changed
 */
export async function acquireShared(signal: AbortSignal, options: WaitOptions): Promise<AsyncDisposable> {
  const { waitMs, journal = JOURNAL_PATH } = options;
  const deadline = performance.now() + waitMs;
  for (;;) {
    const remaining = Math.max(0, deadline - performance.now());
    const lock = await holdLock('shared', signal, remaining);
    // Whoever changes the limit does so under the exclusive lock and leaves no journal: one that is there while
    // we hold the lock means that its run was killed, and that the limit is not what it should be.
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
