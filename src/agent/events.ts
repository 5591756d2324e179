import type { Immediate } from '../change/index.ts';
import type { Done } from '../change/done.ts';
import { restorable } from '../change/restorable.ts';
import { everyStep } from '../util/settled.ts';

/** A change in the middle of a phase. */
export interface PhaseEvent {
  /** Seconds since the phase began. */
  readonly at: number;
  readonly change: Immediate;
}

/** Makes a change, and records it and its undoing. */
export type Make = (change: Immediate, cycle: string) => Promise<{ undo: () => Promise<unknown> }>;

/** What happens in one phase, under way. Disposing undoes what was made, in reverse. */
export interface Happening extends AsyncDisposable {
  /** Until all of it has happened; rejects once one can't be made. */
  readonly made: Promise<void>;
}

/** What happens in the middle of every phase: a backend goes, a table is emptied. */
export class Events {
  readonly #events: PhaseEvent[];
  readonly #make: Make;

  constructor(always: readonly PhaseEvent[], make: Make) {
    this.#events = [...always];
    this.#make = make;
  }

  /** From now on it happens in every phase, until undone. */
  arm(event: PhaseEvent): Promise<Done> {
    return restorable([
      {
        name: 'lab',
        read: () => (this.#events.includes(event) ? { scheduled: event.at } : 'not scheduled'),
        make: () => this.#events.push(event),
        restore: () => this.#events.splice(this.#events.indexOf(event), 1),
      },
    ]);
  }

  /**
   * Makes them in order without waiting for their time, then undoes them.
   *
   * @param before told when each is due, s since the phase began
   */
  async rehearse(cycle: string, before: (at: number) => void): Promise<void> {
    const made: { undo: () => Promise<unknown> }[] = [];
    for (const { at, change } of this.#events.toSorted((one, other) => one.at - other.at)) {
      before(at);
      made.push(await this.#make(change, cycle));
    }
    await everyStep(made.toReversed().map((each) => each.undo));
  }

  /**
   * Lets them happen, counted from now.
   *
   * @param cycle the phase's, under which the changes are recorded
   * @param pace the phase takes so many times as long as the scenario says
   */
  begin(cycle: string, pace = 1): Happening {
    const made: Promise<{ undo: () => Promise<unknown> }>[] = [];
    const inOrder = this.#events.toSorted((one, other) => one.at - other.at);
    const all = Promise.withResolvers<undefined>();
    // Who waits hears of it; a phase that is broken off before has nobody who waits.
    all.promise.catch(() => undefined);
    let toCome = inOrder.length;
    if (toCome === 0) all.resolve(undefined);
    const timers = inOrder.map(({ at, change }) =>
      setTimeout(
        () => {
          // One after the other: what follows may build on what came before, however long that takes.
          const before = made.at(-1)?.catch(() => undefined);
          const making = Promise.resolve(before).then(() => this.#make(change, cycle));
          making.then(() => {
            if (--toCome === 0) all.resolve(undefined);
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
