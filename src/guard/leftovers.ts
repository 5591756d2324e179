import { holdLock } from './flock.ts';
import { JOURNAL_PATH, readJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { bootId } from './owner.ts';
import { restoreJournal, restoreReport } from './restore.ts';
import type { RestoreReport } from './restore.ts';
import { hasLivingOwner, whyLeftAlone } from './stray.ts';
import { kernelSysctls, mayChangeLimit } from './sysctls.ts';
import { messageOf } from '../util/error-text.ts';

interface LeftoversOptions {
  readonly signal?: AbortSignal;
  /** Maximum wait for other runs, ms. @default 10_000 */
  readonly waitMs?: number;
  /** @default '/run/tablefull/journal.json' */
  readonly journal?: string;
}

/**
 * Restores what a run left that was killed with its watchdog; every command does so first. Changes of a
 * living run stay. Never fails for the state it finds, which the report describes.
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
      // Every run restores leftovers first, so the run that held the lock before has done it.
      const now = readJournal(path);
      if (now === undefined || hasLivingOwner(now)) return undefined;
      throw error;
    });
    return lock === undefined ? nothing() : await restoreLocked(path);
  } catch (error) {
    signal.throwIfAborted();
    return restoreReport([], [messageOf(error)]);
  }
}

function nothing(): RestoreReport {
  return restoreReport([], []);
}

/** A living run holds the lock and restores its own changes. Without a holder, the journal's run is dead. */
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

/** Changes of an earlier boot are gone, so only root need clear the journal. */
function unprivileged(path: string, journal: Journal): string[] {
  if (journal.boot !== bootId()) return [];
  const changes = journal.entries.map(({ name, before }) => `${name} (${before} before)`).join(' and ');
  const command = ['sudo', process.execPath, process.argv[1] ?? 'tablefull', 'restore'].join(' ');
  return [`a killed run left ${changes} changed (${path}); only root can restore it: ${command}`];
}
