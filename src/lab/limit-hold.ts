import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LockRefused, lockHolders } from '../guard/flock.ts';
import { GlobalChanges } from '../guard/global-change.ts';
import { kernelSysctls, type GlobalSysctl } from '../guard/sysctls.ts';
import { acquireShared } from '../guard/limit-lock.ts';
import { guardFewBuckets, guardSqueeze, type SqueezeGuard } from '../guard/squeeze-guard.ts';
import type { SqueezeReport } from '../schema/history.ts';
import { reachesOut } from '../change/index.ts';
import type { LabOptions } from './lab.ts';
import type { Done, Reading } from '../change/done.ts';
import { Turns } from './turns.ts';

const MAX = 'nf_conntrack_max';
const BUCKETS = 'nf_conntrack_buckets';
/** What a change of the machine's own is recorded as being of. */
const MACHINE = 'machine';
export const BRIDGED = 'bridge-nf-call-iptables';
/** Only where br_netfilter is loaded. */
const BRIDGED_FILE = `/proc/sys/net/bridge/${BRIDGED}`;

/** How long another process is waited for. The labs of this one wait for each other's turn, however long that takes. */
const WAIT_MS = 60_000;
/** After so long whoever follows the run is told what it waits for. */
const LONG_WAIT_MS = 2_000;
/** Others' entries are to be few by then, or the buckets stay as they are. */
const QUIET_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 100;
/** The 2019 post's relation of buckets to entries. */
export const ENTRIES_A_BUCKET = 4;

/** Is the machine's limit changed from the first phase to the last, and no other lab let in between? */
export function heldThroughout(options: Pick<LabOptions, 'protocol' | 'squeeze' | 'privileged'>): boolean {
  return options.squeeze === 'sysctl' || reachesOut([options.protocol.fault], options);
}

/** The exclusive lock, and what may be changed under it. */
export type GlobalHold = Pick<GlobalChanges, 'set' | 'undo' | 'delegate' | 'restore' | 'leftovers' | 'lost'>;

/** What a change of the limit must not do to others; see guard/squeeze-guard.ts. */
export interface Guards {
  readonly squeeze: typeof guardSqueeze;
  readonly fewBuckets: typeof guardFewBuckets;
}

/** The lock that other processes respect. A process must not ask for it while it holds it: it would wait for itself. */
export interface LimitLock {
  readonly exclusive: (signal: AbortSignal, wait: { waitMs: number }) => Promise<GlobalHold>;
  readonly shared: (signal: AbortSignal, wait: { waitMs: number }) => Promise<AsyncDisposable>;
  /** Who holds it now: `14278: tablefull run saturate`. */
  readonly holders: () => readonly string[];
  readonly guards: Guards;
  /** What a sysctl of the machine is now. */
  readonly read: (name: GlobalSysctl) => number;
  /** Whether packets on bridges of this machine can be kept out of its table. */
  readonly hasBridges: () => boolean;
}

/** Why a run waits for the lock, though it may change nothing of the machine's. */
const WHY = {
  exclusive: 'this run is to change it',
  shared:
    'this run changes nothing of the machine’s, but its tables have that limit and need it to stand still',
} as const;

/** The kernel's. */
export const LIMIT_LOCK: LimitLock = {
  exclusive: (signal, wait) => GlobalChanges.open(signal, wait),
  shared: acquireShared,
  holders: lockHolders,
  guards: { squeeze: guardSqueeze, fewBuckets: guardFewBuckets },
  read: (name) => kernelSysctls.read(name),
  hasBridges: () => existsSync(BRIDGED_FILE),
};

/** Among the labs of this process. */
const TURNS = new Turns();

interface Asking {
  /** Is the limit changed, or only relied on? */
  readonly exclusive: boolean;
  /** From the first phase to the last, and not for one cycle of them? */
  readonly throughout?: boolean;
  readonly say: (line: string) => void;
  readonly lock: LimitLock;
  readonly turns?: Turns;
}

/** One of the two locks. */
type Held =
  | { readonly global: GlobalHold; readonly shared?: undefined }
  | { readonly shared: AsyncDisposable; readonly global?: undefined };

/** What a lab does to the machine's conntrack limit, or relies on: one hold at a time. */
export class LimitHold implements AsyncDisposable {
  readonly #lock: LimitLock;
  readonly #hold: Held;
  readonly #turn: Disposable;
  readonly #changed = new Set<string>();
  #delegated = false;

  private constructor(lock: LimitLock, hold: Held, turn: Disposable) {
    this.#lock = lock;
    this.#hold = hold;
    this.#turn = turn;
  }

  /**
   * Nobody changes the limit while this is held; where it is exclusive, nobody relies on it either.
   *
   * @param signal ends the waiting
   * @throws Error in one line where another process held it for too long
   */
  static async take(
    { exclusive, throughout = false, say, lock, turns = TURNS }: Asking,
    signal: AbortSignal,
  ): Promise<LimitHold> {
    using taking = new DisposableStack();
    const turn = taking.use(await turns.take(exclusive, signal, throughout));
    const why = exclusive ? WHY.exclusive : WHY.shared;
    const notice = setTimeout(() => {
      const who = lock.holders().join(', ');
      say(
        `waiting for ${who === '' ? 'another run' : `process ${who}`}: it holds the conntrack limit, and ${why}`,
      );
    }, LONG_WAIT_MS);
    try {
      const wait = { waitMs: WAIT_MS };
      const hold: Held = exclusive
        ? { global: await lock.exclusive(signal, wait) }
        : { shared: await lock.shared(signal, wait) };
      taking.move();
      return new LimitHold(lock, hold, turn);
    } catch (error) {
      if (error instanceof LockRefused) throw new Error(`${error.message} (${why})`, { cause: error });
      throw error;
    } finally {
      clearTimeout(notice);
    }
  }

  /** What a dead run had left, and was put back before this hold began. */
  get leftovers(): readonly string[] {
    return this.#hold.global?.leftovers.restored ?? [];
  }

  /** Aborts when the watchdog that would undo the changes is gone. */
  get lost(): AbortSignal | undefined {
    return this.#hold.global?.lost;
  }

  async raiseMax(add: number): Promise<Done> {
    const [limit, buckets] = [this.#lock.read(MAX), this.#lock.read(BUCKETS)];
    // Where the buckets are few because this hold has cut them, the guard over that has been asked.
    if (!this.#changed.has(BUCKETS))
      guarded(
        'raise-max',
        await settled(() => this.#lock.guards.squeeze({ max: limit + add, buckets, more: add })),
      );
    return this.#set(MAX, limit + add);
  }

  async multiplyBuckets(times: number): Promise<Done> {
    const wanted = Math.round(this.#lock.read(BUCKETS) * times);
    if (times < 1) guarded('fewer buckets', await quiet(() => this.#lock.guards.fewBuckets(wanted)));
    return this.#set(BUCKETS, wanted);
  }

  /** Keeps what passes a bridge out of the machine's own table, which has the same maximum. */
  async ignoreBridged(): Promise<void> {
    if (this.#lock.hasBridges()) await this.#changes(BRIDGED).set(BRIDGED, 0);
  }

  /** Lends the maximum to a lab, which may make it as small as this; it is put back whatever it is by then. */
  async delegateMax(least: number): Promise<void> {
    const buckets = this.#lock.read(BUCKETS);
    guarded('--squeeze sysctl', await settled(() => this.#lock.guards.squeeze({ max: least, buckets })));
    await this.#changes(MAX).delegate(MAX);
    this.#delegated = true;
  }

  /** The squeeze of the 2019 post: the maximum itself, for every namespace of the machine, and a quarter of it in buckets. */
  async squeeze(max: number): Promise<{ report: SqueezeReport; readings: readonly Reading[] }> {
    const buckets = Math.ceil(max / ENTRIES_A_BUCKET);
    guarded('--squeeze sysctl', await settled(() => this.#lock.guards.squeeze({ max, buckets })));
    const done = [await this.#set(MAX, max), await this.#set(BUCKETS, buckets)];
    const readings = done.flatMap((each) => each.readings);
    const [gotMax, gotBuckets] = readings.map(({ after }) => Number(after));
    return {
      report: {
        kind: 'sysctl',
        asked: { nf_conntrack_max: max, nf_conntrack_buckets: buckets },
        got: { nf_conntrack_max: gotMax ?? 0, nf_conntrack_buckets: gotBuckets ?? 0 },
      },
      readings,
    };
  }

  /** Undoing the first change of a hold goes back to the machine's own value, undoing a later one to what it changed. */
  async #set(name: typeof MAX | typeof BUCKETS, value: number): Promise<Done> {
    const changes = this.#changes(name);
    if (this.#delegated) throw new Error(`${name} is what this scenario is about, so no remedy may change it`);
    const first = !this.#changed.has(name);
    this.#changed.add(name);
    const { found, readBack } = await changes.set(name, value);
    return {
      readings: [{ node: MACHINE, before: found, after: readBack }],
      undo: async () => {
        if (first) this.#changed.delete(name);
        const undone = await (first ? changes.undo(name) : changes.set(name, found));
        return [{ node: MACHINE, before: readBack, after: undone.readBack }];
      },
    };
  }

  #changes(name: string): GlobalHold {
    if (this.#hold.global !== undefined) return this.#hold.global;
    throw new Error(`${name} can be changed only under the exclusive lock`);
  }

  /** Puts everything back. @returns what could not be, in words */
  async release(): Promise<readonly string[]> {
    // The next lab of this process asks for the lock only once it is free.
    using _ = this.#turn;
    const { global, shared } = this.#hold;
    await shared?.[Symbol.asyncDispose]();
    return (await global?.restore())?.left ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

/** @throws Error where a table like this would hurt other namespaces, which share its hash and its limit */
function guarded(what: string, { refused, entries, namespaces }: SqueezeGuard): void {
  if (refused === undefined) return;
  const counted = `${String(entries)} entries, ${String(namespaces)} network namespaces`;
  throw new Error(`${what} refused: ${refused} (${counted}); use --squeeze ballast`);
}

/** What a lab that has just ended held is taken from the hash within seconds: that is waited for. */
function settled(look: () => SqueezeGuard): Promise<SqueezeGuard> {
  return quiet(look, ({ passing }) => passing === true);
}

/** Looks until nothing is refused, as long as waiting may help. */
async function quiet(
  look: () => SqueezeGuard,
  mayHelp: (guard: SqueezeGuard) => boolean = () => true,
): Promise<SqueezeGuard> {
  const deadline = performance.now() + QUIET_WITHIN_MS;
  for (;;) {
    const guard = look();
    if (guard.refused === undefined || !mayHelp(guard) || performance.now() > deadline) return guard;
    await delay(LOOK_AGAIN_MS);
  }
}
