import { holdLock } from './flock.ts';
import { JOURNAL_PATH, readJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { bootId, isAlive } from './owner.ts';
import { restoreJournal, restoreReport } from './restore.ts';
import type { RestoreReport } from './restore.ts';
import { kernelSysctls, mayChangeLimit } from './sysctls.ts';

export interface LeftoversOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for other runs, in milliseconds. @default 10_000 */
  readonly waitMs?: number;
  /** @default '/run/tablefull/journal.json' */
  readonly journal?: string;
}

/**
 * Puts back what a run left that was killed together with its watchdog: what every command does first. What
 * a living run has changed is left to it. It never fails for the state that it finds: the report tells.
 *
 * @throws the signal's reason
 */
export async function restoreLeftovers(options: LeftoversOptions = {}): Promise<RestoreReport> {
  const { signal = new AbortController().signal, waitMs = 10_000, journal: path = JOURNAL_PATH } = options;
  try {
    const journal = leftBehind(path);
    if (journal === undefined) return restoreReport([], []);
    if (!mayChangeLimit()) return restoreReport([], unprivileged(path, journal));
    await using lock = await holdLock('exclusive', signal, waitMs).catch((error: unknown) => {
      // The run that got the lock before us has put it back: each does so first.
      if (leftBehind(path) === undefined) return undefined;
      throw error;
    });
    return lock === undefined ? restoreReport([], []) : restoreJournal(path, kernelSysctls);
  } catch (error) {
    signal.throwIfAborted();
    return restoreReport([], [error instanceof Error ? error.message : String(error)]);
  }
}

/** The journal of a run that is dead, or of an earlier boot. */
function leftBehind(path: string): Journal | undefined {
  const journal = readJournal(path);
  return journal?.boot === bootId() && isAlive(journal.owner) ? undefined : journal;
}

/** An earlier boot's journal tells of nothing that still stands, so only root need ever hear of it. */
function unprivileged(path: string, journal: Journal): string[] {
  if (journal.boot !== bootId()) return [];
  const changes = journal.entries.map(({ name, found }) => `${name} (${found} before)`).join(' and ');
  const command = ['sudo', process.execPath, process.argv[1] ?? 'tablefull', 'restore'].join(' ');
  return [
    `a run that was killed left ${changes} changed, says ${path}; only root can put it back: ${command}`,
  ];
}
