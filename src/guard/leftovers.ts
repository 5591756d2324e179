import { holdLock } from './flock.ts';
import { JOURNAL_PATH, readJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { bootId } from './owner.ts';
import { restoreJournal, restoreReport } from './restore.ts';
import type { RestoreReport } from './restore.ts';
import { hasLivingOwner, whyLeftAlone } from './stray.ts';
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
    if (journal === undefined) return nothing();
    if (hasLivingOwner(journal)) return await ofLivingOwner(path, signal, options);
    if (!mayChangeLimit()) return restoreReport([], unprivileged(path, journal));
    await using lock = await holdLock('exclusive', signal, waitMs).catch((error: unknown) => {
      // The run that got the lock before us has put it back: each does so first.
      const now = readJournal(path);
      if (now === undefined || hasLivingOwner(now)) return undefined;
      throw error;
    });
    return lock === undefined ? nothing() : await restoreLocked(path);
  } catch (error) {
    signal.throwIfAborted();
    return restoreReport([], [error instanceof Error ? error.message : String(error)]);
  }
}

function nothing(): RestoreReport {
  return restoreReport([], []);
}

/** A run that holds the lock puts back what it changes. Where nobody holds it, the journal is not a living run's. */
async function ofLivingOwner(
  path: string,
  signal: AbortSignal,
  options: LeftoversOptions,
): Promise<RestoreReport> {
  {
    await using lock = await holdLock('shared', signal, 0).catch(() => undefined);
    signal.throwIfAborted();
    const journal = readJournal(path);
    if (lock === undefined || journal === undefined) return nothing();
    const why = await whyLeftAlone(path, journal);
    if (why !== undefined) return restoreReport([], [why]);
  }
  return restoreLeftovers(options);
}

/** The caller holds the lock exclusively. */
async function restoreLocked(path: string): Promise<RestoreReport> {
  const journal = readJournal(path);
  if (journal === undefined) return nothing();
  const why = await whyLeftAlone(path, journal);
  return why === undefined ? restoreJournal(path, kernelSysctls) : restoreReport([], [why]);
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
