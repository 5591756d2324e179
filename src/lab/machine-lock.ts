import { existsSync } from 'node:fs';
import { lockHolders, type LockMode } from '../guard/flock.ts';
import { GlobalChanges } from '../guard/global-change.ts';
import { acquireShared } from '../guard/limit-lock.ts';
import { guardFewBuckets, guardSqueeze } from '../guard/squeeze-guard.ts';
import { kernelSysctls, type GlobalSysctl } from '../guard/sysctls.ts';

export const BRIDGED = 'bridge-nf-call-iptables';
/** Exists only where br_netfilter is loaded. */
const BRIDGED_FILE = `/proc/sys/net/bridge/${BRIDGED}`;

/** The exclusive lock, and the changes allowed under it. */
export type GlobalHold = Pick<GlobalChanges, 'set' | 'undo' | 'delegate' | 'restore' | 'leftovers' | 'lost'>;

/** Checks that protect other users of the table; see guard/squeeze-guard.ts. */
interface Guards {
  readonly squeeze: typeof guardSqueeze;
  readonly fewBuckets: typeof guardFewBuckets;
}

/** The lock that other processes respect. A holder that asks for it again waits for itself. */
export interface LimitLock {
  readonly exclusive: (signal: AbortSignal, wait: { waitMs: number }) => Promise<GlobalHold>;
  readonly shared: (signal: AbortSignal, wait: { waitMs: number }) => Promise<AsyncDisposable>;
  /** The runs that one waits for which wants this lock: `14278: tablefull run saturate`. */
  readonly holders: (wanted: LockMode) => readonly string[];
  readonly guards: Guards;
  /** The current value of a machine sysctl. */
  readonly read: (name: GlobalSysctl) => number;
  /** Whether this machine can keep bridged packets out of its table. */
  readonly hasBridges: () => boolean;
}

/** The kernel's lock. */
export const LIMIT_LOCK: LimitLock = {
  exclusive: (signal, wait) => GlobalChanges.open(signal, wait),
  shared: acquireShared,
  holders: lockHolders,
  guards: { squeeze: guardSqueeze, fewBuckets: guardFewBuckets },
  read: (name) => kernelSysctls.read(name),
  hasBridges: () => existsSync(BRIDGED_FILE),
};
