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
    const journal = readJournal(path);
    if (journal === undefined || (journal.boot === bootId() && isAlive(journal.owner)))
      return restoreReport([], []);
    if (!mayChangeLimit()) return restoreReport([], unprivileged(path, journal));
    await using _ = await holdLock('exclusive', signal, waitMs);
    return restoreJournal(path, kernelSysctls);
  } catch (error) {
    signal.throwIfAborted();
    return restoreReport([], [error instanceof Error ? error.message : String(error)]);
  }
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
