import { readJournal, removeJournal, writeJournal } from './journal.ts';
import type { JournalEntry } from './journal.ts';
import { bootId } from './owner.ts';
import type { Owner } from './owner.ts';
import { putBack, putBackAll, restoreJournal, restoreReport } from './restore.ts';
import type { RestoreReport } from './restore.ts';
import type { GlobalSysctl, Sysctls } from './sysctls.ts';
import { messageOf } from '../util/error-text.ts';

/** The values before and after a change, as read: the kernel rounds buckets up. */
export interface Changed {
  readonly before: number;
  readonly after: number;
}

/**
 * Changes whose undo is on disk before they are made. The owner holds the exclusive lock on the limit, so a
 * journal found at its start was left by a dead run.
 */
export class JournaledChanges {
  readonly #path: string;
  readonly #owner: Owner;
  readonly #sysctls: Sysctls;
  readonly #left: string[] = [];
  #entries: readonly JournalEntry[] = [];

  constructor(path: string, owner: Owner, sysctls: Sysctls) {
    this.#path = path;
    this.#owner = owner;
    this.#sysctls = sysctls;
  }

  /**
   * Restores what a dead run left.
   *
   * @throws Error where that fails: its values must not become our originals
   */
  restoreLeftovers(): RestoreReport {
    const report = restoreJournal(this.#path, this.#sysctls);
    if (readJournal(this.#path) !== undefined) throw new Error(report.left.join('; '));
    return report;
  }

  /** @throws Error where somebody else has changed it since the last `set` */
  set(name: GlobalSysctl, value: number): Changed {
    const before = this.#sysctls.read(name);
    const earlier = this.#entries.find((entry) => entry.name === name);
    if (earlier?.set !== undefined && earlier.set !== null && earlier.set !== before) {
      throw new Error(
        `${name} is ${before}, not the ${earlier.set} that was set: somebody changed it since, so it is left alone`,
      );
    }
    const entry: JournalEntry = { what: 'sysctl', name, before: earlier?.before ?? before, set: null };
    this.#announce(entry);
    this.#sysctls.write(name, value);
    const after = this.#sysctls.read(name);
    this.#record([...this.#without(name), { ...entry, set: after }]);
    return { before, after };
  }

  /** Delegates the sysctl: others may set any value, and undoing restores the current one. */
  delegate(name: GlobalSysctl): Changed {
    const after = this.#sysctls.read(name);
    const before = this.#entries.find((entry) => entry.name === name)?.before ?? after;
    this.#announce({ what: 'sysctl', name, before, set: null });
    return { before, after };
  }

  /**
   * Restores the value before the first `set`.
   *
   * @throws Error where that failed, or somebody changed it since
   */
  undo(name: GlobalSysctl): Changed {
    const entry = this.#entries.find((each) => each.name === name);
    if (entry === undefined) throw new Error(`${name} has not been changed, so there is nothing to undo`);
    const before = this.#sysctls.read(name);
    const { outcome, line } = putBack(entry, this.#sysctls);
    if (outcome !== 'failed') this.#record(this.#without(name));
    if (outcome === 'changed-since') this.#left.push(line);
    if (outcome !== 'restored') throw new Error(line);
    return { before, after: this.#sysctls.read(name) };
  }

  /**
   * Undoes all changes, even if the journal is gone. The report includes what earlier calls of `undo` had to
   * leave.
   */
  restore(): RestoreReport {
    if (this.#entries.length === 0) return restoreReport([], [...this.#left]);
    const { report, failed } = putBackAll(this.#entries, this.#sysctls);
    const left = [...this.#left, ...report.left];
    try {
      this.#record(failed);
    } catch (error) {
      left.push(messageOf(error));
    }
    return restoreReport(report.restored, left);
  }

  /**
   * Writes the entry to disk before the change.
   *
   * @throws Error where that fails: then no change may be made
   */
  #announce(entry: JournalEntry): void {
    const { name } = entry;
    try {
      this.#record([...this.#without(name), entry]);
    } catch (error) {
      const why = messageOf(error);
      throw new Error(`${name} was not changed: ${why}`, { cause: error });
    }
  }

  #without(name: GlobalSysctl): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.name !== name);
  }

  #record(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) removeJournal(this.#path);
    else {
      const [boot, owner] = [bootId(), this.#owner];
      writeJournal(this.#path, { schema: 'tablefull/journal/v2', boot, owner, entries: [...entries] });
    }
    this.#entries = entries;
  }
}
