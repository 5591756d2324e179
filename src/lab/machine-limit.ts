import { millisecondsSince } from '../util/clock.ts';
import { applyOnMachine, isGlobal, reachesOut, type Change, type Immediate } from '../change/index.ts';
import type { Done, Reading } from '../change/done.ts';
import type { Applied, LabOptions } from './lab.ts';
import { heldThroughout, LimitHold } from './limit-hold.ts';
import { LIMIT_LOCK, type LimitLock } from './machine-lock.ts';

/** A lab's use of the machine's limit: held, changed, recorded and restored. */
export class MachineLimit implements AsyncDisposable {
  readonly #options: LabOptions;
  readonly #lock: LimitLock;
  readonly #lost = new AbortController();
  /** Held for one cycle, or from first phase to last for the squeeze `sysctl` or a global fault. */
  #hold: LimitHold | undefined;

  private constructor(options: LabOptions, lock: LimitLock) {
    this.#options = options;
    this.#lock = lock;
  }

  /**
   * @param delegate the lowest maximum the scenario may set, where it is delegated
   * @param bridged whether the lab's packets pass a bridge of this machine
   * @param lock the kernel's, or one that only traces
   */
  static async open(
    options: LabOptions,
    {
      delegate,
      bridged = false,
      lock = LIMIT_LOCK,
    }: { delegate?: number | undefined; bridged?: boolean; lock?: LimitLock } = {},
  ): Promise<MachineLimit> {
    const limit = new MachineLimit(options, lock);
    if (!heldThroughout(options)) return limit;
    const { say, signal, waitMs } = options;
    limit.#take(await LimitHold.take({ exclusive: true, throughout: true, say, lock, waitMs }, signal));
    try {
      if (bridged) await limit.#held().ignoreBridged();
      if (delegate !== undefined) await limit.#held().delegateMax(delegate);
    } catch (error) {
      // Else the lock is held, and the next lab of this process waits for it for ever.
      await limit.#release();
      throw error;
    }
    return limit;
  }

  /** Aborts when the watchdog that restores the limit dies. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** See Lab.reserve. */
  async reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    const { say, waitMs } = this.#options;
    if (heldThroughout(this.#options)) return new AsyncDisposableStack();
    const exclusive = reachesOut(changes, this.#options);
    this.#take(await LimitHold.take({ exclusive, say, lock: this.#lock, waitMs }, signal));
    return { [Symbol.asyncDispose]: () => this.#release() };
  }

  /** Whether this change is made to the machine's limit. */
  concerns(change: Change): change is Immediate {
    const { squeeze, privileged } = this.#options;
    // Only root squeezes by `sysctl`; a dry run without root shows it all the same.
    return (privileged || squeeze === 'sysctl') && isGlobal(change, squeeze);
  }

  async apply(change: Immediate, cycle: string): Promise<Applied> {
    const hold = this.#held();
    const done = await applyOnMachine(change, {
      raiseMax: (add) => hold.raiseMax(add),
      multiplyBuckets: (times) => hold.multiplyBuckets(times),
      lowerMax: (max) => this.#squeeze(hold, max, cycle),
    });
    this.#record('apply', change, cycle, done.readings);
    return {
      undo: async () => {
        this.#record('undo', change, cycle, await done.undo());
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release();
  }

  async #squeeze(hold: LimitHold, max: number, cycle: string): Promise<Done> {
    const { report, readings } = await hold.squeeze(max);
    this.#options.sink({ type: 'squeeze', t: this.#now(), cycle, report });
    const undo = async (): Promise<readonly Reading[]> => {
      await this.#release();
      return [];
    };
    return { readings, undo };
  }

  #record(action: 'apply' | 'undo', change: Change, cycle: string, readings: readonly Reading[]): void {
    const t = this.#now();
    for (const reading of readings)
      this.#options.sink({ type: 'change', t, cycle, action, change, ...reading, emulated: false });
  }

  #held(): LimitHold {
    if (this.#hold === undefined)
      throw new Error('the conntrack limit must be reserved before it is changed');
    return this.#hold;
  }

  #take(hold: LimitHold): void {
    this.#hold = hold;
    for (const line of hold.leftovers) this.#options.say(`restored what a killed run had left: ${line}`);
    const { lost } = hold;
    const follow = (): void => {
      this.#lost.abort(lost?.reason);
    };
    if (lost?.aborted === true) follow();
    else lost?.addEventListener('abort', follow, { once: true });
  }

  async #release(): Promise<void> {
    const hold = this.#hold;
    this.#hold = undefined;
    for (const left of (await hold?.release()) ?? []) this.#options.onLeft(left);
  }

  #now(): number {
    return millisecondsSince(this.#options.epoch);
  }
}
