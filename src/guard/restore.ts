import { z } from 'zod';
import { readJournal, removeJournal, writeJournal } from './journal.ts';
import type { JournalEntry } from './journal.ts';
import { bootId } from './owner.ts';
import { sysctlName, type Sysctls } from './sysctls.ts';

/** What was put back and what was not, a line each; a line of `left` says why and what to do. */
export const restoreReportSchema = z.strictObject({
  status: z.enum(['complete', 'incomplete']),
  restored: z.array(z.string()),
  left: z.array(z.string()),
});
export type RestoreReport = z.infer<typeof restoreReportSchema>;

export function restoreReport(restored: string[], left: string[]): RestoreReport {
  return { status: left.length === 0 ? 'complete' : 'incomplete', restored, left };
}

/** `changed-since`: somebody else's value now, so ours to name but not to touch. `failed`: worth trying again. */
export interface PutBack {
  readonly outcome: 'restored' | 'changed-since' | 'failed';
  readonly line: string;
}

/**
 * Compare-and-set: puts back what was found if the value is still the one that was set. An entry without a
 * value read back was written just before a change, which may or may not have been made: it is put back too.
 */
export function putBack({ name, found, set }: JournalEntry, sysctls: Sysctls): PutBack {
  const mend = `\`sysctl -w ${sysctlName(name)}=${found}\` puts it back`;
  try {
    const current = sysctls.read(name);
    if (current !== found && set !== null && current !== set) {
      const line = `${name} is ${current}: it was ${found}, the run set ${set}, and somebody has changed it since, so it is left alone; ${mend}`;
      return { outcome: 'changed-since', line };
    }
    if (current !== found) sysctls.write(name, found);
    const readBack = sysctls.read(name);
    if (readBack !== found) throw new Error(`reads ${readBack} after ${found} was written`);
    return { outcome: 'restored', line: `${name} = ${found} (was ${current})` };
  } catch (error) {
    return { outcome: 'failed', line: `${name} could not be put back (${String(error)}); as root, ${mend}` };
  }
}

/** Puts back every entry, the last change first. `failed` are those to try again, in the order of the changes. */
export function putBackAll(
  entries: readonly JournalEntry[],
  sysctls: Sysctls,
): { report: RestoreReport; failed: JournalEntry[] } {
  const results = entries.toReversed().map((entry) => ({ entry, ...putBack(entry, sysctls) }));
  const lines = (done: boolean): string[] =>
    results.filter(({ outcome }) => (outcome === 'restored') === done).map(({ line }) => line);
  return {
    report: restoreReport(lines(true), lines(false)),
    failed: results
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ entry }) => entry)
      .toReversed(),
  };
}

/**
 * Undoes what the journal says and removes it. Only what failed stays in it, for the next
 * time. The caller holds the lock on the limit exclusively.
 *
 * @throws Error where the file is not a journal
 */
export function restoreJournal(path: string, sysctls: Sysctls): RestoreReport {
  const journal = readJournal(path);
  if (journal === undefined) return restoreReport([], []);
  if (journal.boot !== bootId()) {
    removeJournal(path);
    return restoreReport([`nothing: ${path} was written before the machine was booted, and is removed`], []);
  }
  const { report, failed } = putBackAll(journal.entries, sysctls);
  if (failed.length === 0) removeJournal(path);
  else writeJournal(path, { ...journal, entries: failed });
  return report;
}
