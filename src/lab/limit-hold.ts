import { ENTRIES_A_BUCKET } from '../kernel/sizing.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { LockRefused } from '../guard/flock.ts';
import type { SqueezeGuard } from '../guard/squeeze-guard.ts';
import type { SqueezeReport } from '../schema/history.ts';
import { reachesOut } from '../change/index.ts';
import { formatDuration } from '../util/duration.ts';
import type { LabOptions } from './lab.ts';
import type { Done, Reading } from '../change/done.ts';
import { Turns } from './turns.ts';
import { BRIDGED, type GlobalHold, type LimitLock } from './machine-lock.ts';
import { MACHINE } from '../change/places.ts';

const MAX = 'nf_conntrack_max';
const BUCKETS = 'nf_conntrack_buckets';

/** Default of the maximum wait for another process, ms. Labs of this process wait for each other without limit. */
export const WAIT_MS = 60_000;
/** After this wait the user is told what the run waits for, ms. */
const LONG_WAIT_MS = 2_000;
/** Others must have few entries within this time, or the buckets stay, ms. */
const QUIET_WITHIN_MS = 15_000;
/**
 * The kernel frees the entries of a lab that has ended within this time, ms: it walks the whole hash for each of its
 * namespaces, and a busy machine takes a minute for that.
 */
const FREED_WITHIN_MS = 90_000;
const LOOK_AGAIN_MS = 100;

/**
 * Whether the machine's limit is changed from first phase to last, so that no other lab may run meanwhile.
 */
export function heldThroughout(options: Pick<LabOptions, 'protocol' | 'squeeze' | 'privileged'>): boolean {
  return options.squeeze === 'sysctl' || reachesOut([options.protocol.fault], options);
}

/** Why a run waits for the lock, even if it changes nothing of the machine. */
const WHY = {
  exclusive: 'this run will change it',
  shared: 'this run changes nothing on the machine, but its tables depend on that limit',
} as const;

/** Shared by the labs of this process. */
const TURNS = new Turns();

interface Asking {
  /** Whether the limit is changed, or only relied on. */
  readonly exclusive: boolean;
  /** From first phase to last, instead of one cycle. */
  readonly throughout?: boolean;
  readonly say: (line: string) => void;
  readonly lock: LimitLock;
  readonly turns?: Turns;
  readonly waitMs?: number | undefined;
}

/** One of the two locks. */
type Held =
  | { readonly global: GlobalHold; readonly shared?: undefined }
  | { readonly shared: AsyncDisposable; readonly global?: undefined };

/** A lab's lock on the machine's conntrack limit, and its changes of it. One hold at a time. */
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
   * While held, nobody changes the limit; while exclusive, nobody relies on it either.
   *
   * @param signal ends the wait
   * @throws Error in one line where another process held the limit for too long
   */
  static async take(
    { exclusive, throughout = false, say, lock, turns = TURNS, waitMs = WAIT_MS }: Asking,
    signal: AbortSignal,
  ): Promise<LimitHold> {
    using taking = new DisposableStack();
    const turn = taking.use(await turns.take(exclusive, signal, throughout));
    const why = exclusive ? WHY.exclusive : WHY.shared;
    const notice = setTimeout(() => {
      const who = lock.holders(exclusive ? 'exclusive' : 'shared').join(', ');
      say(
        `waiting for ${who === '' ? 'another run' : `process ${who}`}: it ${exclusive ? 'holds' : 'changes'} the conntrack limit, and ${why}; for at most ${formatDuration(waitMs)}`,
      );
    }, LONG_WAIT_MS);
    try {
      const wait = { waitMs };
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

  /** Changes of a dead run that were restored before this hold began. */
  get leftovers(): readonly string[] {
    return this.#hold.global?.leftovers.restored ?? [];
  }

  /** Aborts when the watchdog that undoes the changes dies. */
  get lost(): AbortSignal | undefined {
    return this.#hold.global?.lost;
  }

  async raiseMax(add: number): Promise<Done> {
    const [limit, buckets] = [this.#lock.read(MAX), this.#lock.read(BUCKETS)];
    // Buckets that this hold has cut were checked already.
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

  /** Keeps bridged packets out of the machine's own table, which has the same maximum. */
  async ignoreBridged(): Promise<void> {
    if (this.#lock.hasBridges()) await this.#changes(BRIDGED).set(BRIDGED, 0);
  }

  /** Delegates the maximum to a lab, which may lower it to `least`. The value from before is restored. */
  async delegateMax(least: number): Promise<void> {
    const buckets = this.#lock.read(BUCKETS);
    guarded('--squeeze sysctl', await settled(() => this.#lock.guards.squeeze({ max: least, buckets })));
    await this.#changes(MAX).delegate(MAX);
    this.#delegated = true;
  }

  /**
   * The squeeze of the 2019 post: the maximum of every namespace of the machine, with a quarter as many
   * buckets.
   */
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

  /** Undoing the first change restores the machine's value; undoing a later one, the value before it. */
  async #set(name: typeof MAX | typeof BUCKETS, value: number): Promise<Done> {
    const changes = this.#changes(name);
    if (this.#delegated) throw new Error(`${name} is this scenario’s demand, so no remedy may change it`);
    const first = !this.#changed.has(name);
    this.#changed.add(name);
    const { before, after } = await changes.set(name, value);
    return {
      readings: [{ node: MACHINE, before, after }],
      undo: async () => {
        if (first) this.#changed.delete(name);
        const undone = await (first ? changes.undo(name) : changes.set(name, before));
        return [{ node: MACHINE, before: after, after: undone.after }];
      },
    };
  }

  #changes(name: string): GlobalHold {
    if (this.#hold.global !== undefined) return this.#hold.global;
    throw new Error(`${name} can be changed only under the exclusive lock`);
  }

  /** Restores everything. @returns what could not be restored, in words */
  async release(): Promise<readonly string[]> {
    // Released last, so that this process's next lab finds the lock free.
    using _ = this.#turn;
    const { global, shared } = this.#hold;
    await shared?.[Symbol.asyncDispose]();
    return (await global?.restore())?.left ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

/** @throws Error where this table would hurt other namespaces, which share its hash and limit */
function guarded(what: string, { refused, entries, namespaces }: SqueezeGuard): void {
  if (refused === undefined) return;
  const counted = `${String(entries)} entries, ${String(namespaces)} network namespaces`;
  throw new Error(`${what} refused: ${refused} (${counted}); use --squeeze ballast`);
}

/** Waits for the kernel to free the entries of labs that have just ended. */
function settled(look: () => SqueezeGuard): Promise<SqueezeGuard> {
  return quiet(look, FREED_WITHIN_MS, ({ passing }) => passing === true);
}

/** Polls until nothing is refused, as long as waiting may help. */
async function quiet(
  look: () => SqueezeGuard,
  withinMs = QUIET_WITHIN_MS,
  mayHelp: (guard: SqueezeGuard) => boolean = () => true,
): Promise<SqueezeGuard> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const guard = look();
    if (guard.refused === undefined || !mayHelp(guard) || performance.now() > deadline) return guard;
    await delay(LOOK_AGAIN_MS);
  }
}
