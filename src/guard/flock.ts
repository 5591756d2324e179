import { addAbortListener, once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { execa } from 'execa';
import { holderName } from './lock-holder.ts';
import { LIMIT_FILE } from './sysctls.ts';
import { messageOf } from '../util/error-text.ts';

/** Exit code of `flock` when others held the lock for too long (EX_TEMPFAIL of sysexits.h). */
export const LOCK_REFUSED = 75;

/** Others held the lock for too long; the message names them. */
export class LockRefused extends Error {
  /** @param waitMs how long the lock was awaited */
  constructor(waitMs: number) {
    super(lockRefusal(waitMs));
  }
}

export type LockMode = 'shared' | 'exclusive';

/** Arguments of flock(1) before the command that holds the lock, in flock's own process. */
export function flockArguments(mode: LockMode, waitMs: number, file = LIMIT_FILE): string[] {
  const timeout = ['--timeout', String(waitMs / 1000), '--conflict-exit-code', String(LOCK_REFUSED)];
  return [`--${mode}`, '--no-fork', ...timeout, file];
}

/**
 * Takes the machine-wide lock on the conntrack limit: flock(2) on the sysctl's own file. Everyone may read
 * that file, and it leaves nothing behind.
 *
 * A process that holds the lock in either mode must not ask for it exclusively: it would wait for itself.
 *
 * @param signal ends the wait, not the hold
 * @throws LockRefused in one line where others held it for `waitMs`
 */
export async function holdLock(
  mode: LockMode,
  signal: AbortSignal,
  waitMs: number,
): Promise<AsyncDisposable> {
  const held = await holdFile(LIMIT_FILE, mode, signal, waitMs).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(
      `the conntrack limit could not be locked (${messageOf(error)}): is nf_conntrack loaded?`,
      { cause: error },
    );
  });
  if (held === undefined) throw new LockRefused(waitMs);
  return held;
}

/**
 * Takes flock(2) on a file. The kernel unlocks it when the holder dies. Node has no flock, so a child holds it:
 * `cat`, which ends with its standard input, and by a signal if this process is killed.
 *
 * @param signal ends the wait, not the hold
 * @returns undefined where others held it for `waitMs`
 * @throws Error where the file can't be locked, or the signal's reason
 */
export async function holdFile(
  file: string,
  mode: LockMode,
  signal: AbortSignal,
  waitMs: number,
): Promise<AsyncDisposable | undefined> {
  signal.throwIfAborted();
  const flock = ['flock', ...flockArguments(mode, waitMs, file), 'cat'];
  const holder = execa('setpriv', ['--pdeathsig', 'KILL', ...flock], { reject: false });
  using _ = addAbortListener(signal, () => holder.kill('SIGKILL'));
  // `cat` runs, and so answers, once the lock is held.
  holder.stdin.write('\n');
  const refusal = await Promise.race([once(holder.stdout, 'data').then(() => undefined), holder]);
  signal.throwIfAborted();
  if (refusal?.exitCode === LOCK_REFUSED) return undefined;
  if (refusal !== undefined) throw new Error(refusal.stderr || refusal.message);
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await holder;
    },
  };
}

/** The message for a lock that others held for `waitMs`. */
export function lockRefusal(waitMs: number, holders: readonly string[] = lockHolders()): string {
  const who = holders.length === 0 ? '' : ` (process ${holders.join(', ')})`;
  return `the conntrack limit is locked by another run${who}; gave up after ${Math.round(waitMs / 100) / 10} s: try again when it has ended`;
}

/**
 * The runs that one waits for, each once: to change the limit, those that hold the lock; to rely on it, those that
 * change it or wait to.
 */
export function lockHolders(wanted: LockMode = 'exclusive'): string[] {
  const inFront = locks().filter(({ exclusive, waits }) => (wanted === 'shared' ? exclusive : !waits));
  // A run holds it once for each of its labs.
  return [...new Set(inFront.map(({ pid }) => holderName(pid)))];
}

/** Whether a run waits for the exclusive lock. */
export function changeAwaited(): boolean {
  return locks().some(({ waits, exclusive }) => waits && exclusive);
}

/** Who holds or awaits the lock, from /proc/locks (proc_locks(5)); empty where that is unreadable. */
function locks(): readonly { pid: number; exclusive: boolean; waits: boolean }[] {
  try {
    const inode = statSync(LIMIT_FILE).ino;
    const lock = new RegExp(
      String.raw`^\d+: *(-> )?FLOCK +ADVISORY +(\w+) (\d+) [0-9a-f]+:[0-9a-f]+:${inode} `,
    );
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [whole, waits, mode, pid] = lock.exec(line) ?? [];
        if (whole === undefined) return [];
        return [{ pid: Number(pid), exclusive: mode === 'WRITE', waits: waits !== undefined }];
      });
  } catch {
    return [];
  }
}
