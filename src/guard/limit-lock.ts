import { changeAwaited, holdLock, LockRefused } from './flock.ts';
import { JOURNAL_PATH, readJournal } from './journal.ts';
import { bootId } from './owner.ts';
import { restoreLeftovers } from './leftovers.ts';
import { waitWhile } from '../util/wait-while.ts';

export interface WaitOptions {
  /** Maximum wait for other runs, ms. */
  readonly waitMs: number;
  /** @default '/run/tablefull/journal.json' */
  readonly journal?: string;
}

/**
 * ms. How long a run that relies on the limit waits for one that waits to change it; flock(2) has no queue. The other
 * waits for the cycles that run now: where these take longer, the wait would gain nothing.
 */
const LET_PASS_MS = 20_000;
const LOOK_AGAIN_MS = 50;

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
  await letPass(Math.min(LET_PASS_MS, waitMs / 2), signal);
  for (;;) {
    const remaining = Math.max(0, deadline - performance.now());
    const lock = await holdLock('shared', signal, remaining).catch((error: unknown) => {
      throw error instanceof LockRefused ? new LockRefused(waitMs) : error;
    });
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

async function letPass(withinMs: number, signal: AbortSignal): Promise<void> {
  await waitWhile(changeAwaited, { withinMs, everyMs: LOOK_AGAIN_MS, signal });
}
