import { addAbortListener } from 'node:events';
import { LOCK_REFUSED, LockRefused } from './flock.ts';
import type { Changed } from './journaled-changes.ts';
import { JOURNAL_PATH } from './journal.ts';
import { restoreLeftovers } from './leftovers.ts';
import type { WaitOptions } from './limit-lock.ts';
import type { RestoreReport } from './restore.ts';
import { mayChangeLimit } from './sysctls.ts';
import type { GlobalSysctl } from './sysctls.ts';
import { startWatchdog } from './start-watchdog.ts';
import type { WatchdogProcess } from './start-watchdog.ts';
import type { Request } from './watchdog-protocol.ts';

/** A watchdog that takes longer to restore is killed, and the harness restores instead. */
const RESTORE_BUDGET_MS = 10_000;

/**
 * Changes to the machine's conntrack limit, made by a watchdog that undoes them however this process ends.
 * While open, no other run can change or rely on the limit.
 *
 * To grow the table set the buckets first; to shrink it, the maximum. Few buckets with many entries break
 * connections in every namespace (nf_conntrack_core.c: chains are cut at 50 to 80). Undoing is in reverse.
 */
export class GlobalChanges implements AsyncDisposable {
  /** Aborts when the watchdog dies; this process then restores everything. */
  readonly lost: AbortSignal;
  /** What a dead run had left, restored on opening. */
  readonly leftovers: RestoreReport;
  readonly #watchdog: WatchdogProcess;
  /** Settles when the watchdog ends: undefined if normally, else what this process restored. */
  readonly #rescue: Promise<RestoreReport | undefined>;
  #restored: Promise<RestoreReport> | undefined;

  private constructor(watchdog: WatchdogProcess, leftovers: RestoreReport, journal: string) {
    const lost = new AbortController();
    this.lost = lost.signal;
    this.leftovers = leftovers;
    this.#watchdog = watchdog;
    this.#rescue = watchdog.ended.then((exitCode) => {
      if (exitCode === 0) return undefined;
      lost.abort(
        new Error('the watchdog of the conntrack limit died: the limit is restored and the run is over'),
      );
      return restoreLeftovers({ journal });
    });
  }

  /**
   * @param signal ends the wait for other runs; later it undoes nothing
   * @throws Error in one line where this process may not change the limit, or others hold it for `waitMs`
   */
  static async open(
    signal: AbortSignal,
    { waitMs, journal = JOURNAL_PATH }: WaitOptions,
  ): Promise<GlobalChanges> {
    signal.throwIfAborted();
    if (!mayChangeLimit()) {
      throw new Error(
        'the conntrack limit can be changed only by root, in the initial network namespace, with nf_conntrack loaded',
      );
    }
    const watchdog = startWatchdog(journal, waitMs);
    using _ = addAbortListener(signal, watchdog.kill);
    const ready = await watchdog.next();
    signal.throwIfAborted();
    if (ready?.type === 'ready') return new GlobalChanges(watchdog, ready.leftovers, journal);
    if (ready?.type === 'failed') throw new Error(ready.reason);
    const exitCode = await watchdog.ended;
    throw exitCode === LOCK_REFUSED
      ? new LockRefused(waitMs)
      : new Error(`the watchdog did not start (exit code ${exitCode})`);
  }

  /** @throws Error in one line where the kernel refuses the value */
  set(name: GlobalSysctl, value: number): Promise<Changed> {
    return this.#ask({ set: { name, value } });
  }

  /**
   * Lets a program change the sysctl itself; `restore` restores its current value, whatever it is by then.
   */
  delegate(name: GlobalSysctl): Promise<Changed> {
    return this.#ask({ delegate: name });
  }

  /** Restores the value before the first `set`. @throws Error where somebody else changed it since */
  undo(name: GlobalSysctl): Promise<Changed> {
    return this.#ask({ undo: name });
  }

  /** Undoes all changes and lets other runs go on. Idempotent: later calls return the same report. */
  restore(): Promise<RestoreReport> {
    return (this.#restored ??= this.#close());
  }

  /** @throws Error where something is left and `restore` has not been called */
  async [Symbol.asyncDispose](): Promise<void> {
    const reported = this.#restored !== undefined;
    const { left } = await this.restore();
    if (!reported && left.length > 0) throw new Error(left.join('; '));
  }

  async #close(): Promise<RestoreReport> {
    const overdue = setTimeout(this.#watchdog.kill, RESTORE_BUDGET_MS);
    this.#watchdog.end();
    const reply = await this.#watchdog.next();
    const rescued = await this.#rescue;
    clearTimeout(overdue);
    if (rescued !== undefined) return rescued;
    if (reply?.type === 'closed') return reply.report;
    const left = [
      reply?.type === 'failed'
        ? reply.reason
        : 'the watchdog ended without a report: run `tablefull restore`',
    ];
    return { status: 'incomplete', restored: [], left };
  }

  /** @throws Error where the watchdog failed, or the reason of `lost` where it is gone */
  async #ask(request: Request): Promise<Changed> {
    if (this.#restored !== undefined)
      throw new Error('the limit has been restored: it cannot be changed again');
    this.#watchdog.send(request);
    const reply = await this.#watchdog.next();
    if (reply?.type === 'changed') return { before: reply.before, after: reply.after };
    if (reply?.type === 'failed') throw new Error(reply.reason);
    await this.#rescue;
    throw this.lost.reason;
  }
}
