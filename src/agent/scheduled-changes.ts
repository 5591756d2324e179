import type { Immediate } from '../change/index.ts';
import type { Done } from '../change/done.ts';
import { restorable } from '../change/restorable.ts';
import { everyStep } from '../util/settled.ts';

/** A change in the middle of a phase. */
export interface ScheduledChange {
  /** Seconds since the phase began. */
  readonly at: number;
  readonly change: Immediate;
}

/** Applies and records a change; `undo` records its undoing. */
export type Make = (change: Immediate, cycle: string) => Promise<{ undo: () => Promise<unknown> }>;

/** The scheduled changes of one phase in progress. Disposing undoes those made, in reverse. */
export interface RunningChanges extends AsyncDisposable {
  /** Resolves once all are made; rejects when one fails. */
  readonly made: Promise<void>;
}

/** Changes made in the middle of every phase, such as removing a backend or emptying a table. */
export class ScheduledChanges {
  readonly #scheduled: ScheduledChange[];
  readonly #make: Make;

  constructor(always: readonly ScheduledChange[], make: Make) {
    this.#scheduled = [...always];
    this.#make = make;
  }

  /** Adds a change to every later phase, until undone. */
  schedule(change: ScheduledChange): Promise<Done> {
    return restorable([
      {
        name: 'lab',
        read: () => (this.#scheduled.includes(change) ? { scheduled: change.at } : 'not scheduled'),
        make: () => this.#scheduled.push(change),
        restore: () => this.#scheduled.splice(this.#scheduled.indexOf(change), 1),
      },
    ]);
  }

  /**
   * Makes the changes in order without waiting for their time, then undoes them.
   *
   * @param before called with the time at which each is due, s since the phase began
   */
  async rehearse(cycle: string, before: (at: number) => void): Promise<void> {
    const made: { undo: () => Promise<unknown> }[] = [];
    for (const { at, change } of this.#scheduled.toSorted((one, other) => one.at - other.at)) {
      before(at);
      made.push(await this.#make(change, cycle));
    }
    await everyStep(made.toReversed().map((each) => each.undo));
  }

  /**
   * Starts the timers of one phase.
   *
   * @param cycle recorded with the changes
   * @param pace factor by which the phase is stretched
   */
  begin(cycle: string, pace = 1): RunningChanges {
    const made: Promise<{ undo: () => Promise<unknown> }>[] = [];
    const inOrder = this.#scheduled.toSorted((one, other) => one.at - other.at);
    const all = Promise.withResolvers<undefined>();
    // Avoid an unhandled rejection when nobody awaits `made`.
    all.promise.catch(() => undefined);
    let pending = inOrder.length;
    if (pending === 0) all.resolve(undefined);
    const timers = inOrder.map(({ at, change }) =>
      setTimeout(
        () => {
          // Sequential, because a change may build on the one before.
          const before = made.at(-1)?.catch(() => undefined);
          const making = Promise.resolve(before).then(() => this.#make(change, cycle));
          making.then(() => {
            if (--pending === 0) all.resolve(undefined);
          }, all.reject);
          made.push(making);
        },
        at * pace * 1000,
      ),
    );
    return {
      made: all.promise,
      [Symbol.asyncDispose]: async () => {
        timers.forEach(clearTimeout);
        await everyStep(
          made.toReversed().map((making) => async () => {
            const done = await making.catch(() => undefined);
            await done?.undo();
          }),
        );
      },
    };
  }
}
