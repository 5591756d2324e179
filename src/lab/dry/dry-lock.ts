import type { Changed } from '../../guard/journaled-changes.ts';
import type { RestoreReport } from '../../guard/restore.ts';
import { LIMIT_FILE, sysctlName, type GlobalSysctl } from '../../guard/sysctls.ts';
import type { Trace } from '../../host/traced.ts';
import { BEFORE } from '../../host/fake-host.ts';
import { LIMIT_LOCK, type GlobalHold, type LimitLock } from '../machine-lock.ts';
import { MACHINE } from '../../change/places.ts';

const MAY = { entries: 0, namespaces: 0 } as const;
const NOTHING = { status: 'complete', restored: [], left: [] } satisfies RestoreReport;

/** A lock on the machine's limit that only traces itself and its changes. */
export function dryLock(trace: Trace): LimitLock {
  const values = new Map<GlobalSysctl, number>();
  const originals = new Map<GlobalSysctl, number>();
  const read = (name: GlobalSysctl): number => values.get(name) ?? foundOf(name);
  const write = (name: GlobalSysctl, value: number): Changed => {
    const before = read(name);
    if (!originals.has(name)) originals.set(name, before);
    values.set(name, value);
    trace(MACHINE, `sysctl -w ${sysctlName(name)}=${Number.isNaN(value) ? BEFORE : String(value)}`);
    return { before, after: value };
  };
  const undo = (name: GlobalSysctl): Changed => {
    const value = originals.get(name) ?? read(name);
    originals.delete(name);
    return write(name, value);
  };
  const unlock = (): void => {
    trace(MACHINE, `flock --unlock ${LIMIT_FILE}`);
  };
  const hold: GlobalHold = {
    set: (name, value) => Promise.resolve(write(name, value)),
    undo: (name) => {
      const undone = undo(name);
      originals.delete(name);
      return Promise.resolve(undone);
    },
    delegate: (name) => {
      originals.set(name, read(name));
      return Promise.resolve({ before: read(name), after: read(name) });
    },
    restore: () => {
      for (const name of [...originals.keys()].toReversed()) undo(name);
      originals.clear();
      unlock();
      return Promise.resolve(NOTHING);
    },
    leftovers: NOTHING,
    lost: new AbortController().signal,
  };
  return {
    exclusive: () => {
      trace(MACHINE, `flock --exclusive ${LIMIT_FILE}`);
      return Promise.resolve(hold);
    },
    shared: () => {
      trace(MACHINE, `flock --shared ${LIMIT_FILE}`);
      const released = new AsyncDisposableStack();
      released.defer(unlock);
      return Promise.resolve(released);
    },
    holders: () => [],
    guards: { squeeze: () => MAY, fewBuckets: () => MAY },
    read,
    hasBridges: () => true,
  };
}

/** NaN where this machine lacks the sysctl. */
function foundOf(name: GlobalSysctl): number {
  try {
    return LIMIT_LOCK.read(name);
  } catch {
    return NaN;
  }
}
