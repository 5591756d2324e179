import { z } from 'zod';
import { readJournal, removeJournal, writeJournal } from './journal.ts';
import type { JournalEntry } from './journal.ts';
import { bootId } from './owner.ts';
import { sysctlName, type Sysctls } from './sysctls.ts';

/** What was restored and what was not, one line each. Lines of `left` say why and how to fix it. */
export const restoreReportSchema = z.strictObject({
  status: z.enum(['complete', 'incomplete']),
  restored: z.array(z.string()),
  left: z.array(z.string()),
});
export type RestoreReport = z.infer<typeof restoreReportSchema>;

export function restoreReport(restored: string[], left: string[]): RestoreReport {
  return { status: left.length === 0 ? 'complete' : 'incomplete', restored, left };
}

/** `changed-since`: somebody else's value now, so it is named and left alone. `failed`: worth retrying. */
interface PutBack {
  readonly outcome: 'restored' | 'changed-since' | 'failed';
  readonly line: string;
}

/**
 * Compare-and-set: restores the value from before if the current one is the one set. An entry without a
 * read-back value may or may not have been applied, so it is restored too.
 */
export function putBack({ name, before, set }: JournalEntry, sysctls: Sysctls): PutBack {
  const fix = `\`sysctl -w ${sysctlName(name)}=${before}\` restores it`;
  try {
    const current = sysctls.read(name);
    if (current !== before && set !== null && current !== set) {
      const line = `${name} is ${current}: it was ${before}, the run set ${set}, and somebody has changed it since, so it is left alone; ${fix}`;
      return { outcome: 'changed-since', line };
    }
    if (current !== before) sysctls.write(name, before);
    const after = sysctls.read(name);
    if (after !== before) throw new Error(`was ${before}, now ${after}`);
    return { outcome: 'restored', line: `${name} = ${before} (was ${current})` };
  } catch (error) {
    return { outcome: 'failed', line: `${name} could not be restored (${String(error)}); as root, ${fix}` };
  }
}

/** Restores every entry, the last change first. `failed` are those to retry, in the order of the changes. */
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
 * Undoes the journal's changes and removes it; failed entries stay for the next time. The caller holds the
 * exclusive lock on the limit.
 *
 * @throws Error where the file is not a journal
 */
export function restoreJournal(path: string, sysctls: Sysctls): RestoreReport {
  const journal = readJournal(path);
  if (journal === undefined) return restoreReport([], []);
  if (journal.boot !== bootId()) {
    removeJournal(path);
    return restoreReport([`nothing: ${path} is from before the last boot, and is removed`], []);
  }
  const { report, failed } = putBackAll(journal.entries, sysctls);
  if (failed.length === 0) removeJournal(path);
  else writeJournal(path, { ...journal, entries: failed });
  return report;
}
