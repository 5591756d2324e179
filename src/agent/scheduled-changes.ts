import type { Immediate } from '../change/index.ts';
import type { Done } from '../change/done.ts';
import { restorable } from '../change/restorable.ts';
import { everyStep } from '../util/settled.ts';

/** A change in the middle of a phase. */
export interface ScheduledChange {
  /** Seconds since the phase began. */
  readonly at: number;
  /** Seconds since the phase began; absent: until it is over. */
  readonly until?: number | undefined;
  readonly change: Immediate;
}

/** A change made, or undone. */
interface Step {
  readonly at: number;
  readonly take: () => Promise<void>;
}

interface Made {
  readonly undo: () => Promise<unknown>;
}

/** Applies and records a change; `undo` records its undoing. */
export type Make = (change: Immediate, cycle: string) => Promise<Made>;

/** The scheduled changes of one phase in progress. Disposing undoes those made, in reverse. */
export interface RunningChanges extends AsyncDisposable {
  /** Resolves once those at 0 are made; rejects when one fails. */
  readonly ready: Promise<void>;
  /** The demand begins: the others’ time counts from now, or from `ready` if that is later. */
  readonly start: () => void;
  /** Begins no further change; those made stand until this is disposed. `made` may then never settle. */
  readonly stop: () => void;
  /** Resolves once all are made, and undone that have an `until`; rejects when one fails. */
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
   * Takes the steps in order without waiting for their time, then undoes what stands.
   *
   * @param before called with the time at which each is due, s since the phase began
   */
  async rehearse(cycle: string, before: (at: number) => void): Promise<void> {
    const standing = new Set<Made>();
    for (const { at, take } of this.#steps(cycle, standing)) {
      before(at);
      await take();
    }
    await undoAll(standing);
  }

  /**
   * Makes the changes at 0; those after it wait for `start`.
   *
   * @param cycle recorded with the changes
   * @param pace factor by which the phase is stretched
   */
  begin(cycle: string, pace = 1): RunningChanges {
    const standing = new Set<Made>();
    const steps = this.#steps(cycle, standing);
    const all = Promise.withResolvers<undefined>();
    // Avoid an unhandled rejection when nobody awaits `made`.
    all.promise.catch(() => undefined);
    let pending = steps.length;
    if (pending === 0) all.resolve(undefined);
    let last: Promise<unknown> = Promise.resolve();
    let over = false;
    const next = ({ take }: Step): Promise<void> => {
      // Sequential, because a change may build on the one before.
      const taking = last.then(() => (over ? undefined : take()));
      last = taking.catch(() => undefined);
      taking.then(() => {
        if (--pending === 0) all.resolve(undefined);
      }, all.reject);
      return taking;
    };
    const timers: NodeJS.Timeout[] = [];
    const stop = (): void => {
      over = true;
      timers.forEach(clearTimeout);
    };
    const first = steps.filter(({ at }) => at === 0);
    const ready = Promise.all(first.map(next)).then(() => undefined);
    ready.catch(() => undefined);
    const startTimers = (): void => {
      if (over) return;
      for (const step of steps.slice(first.length))
        timers.push(setTimeout(() => void next(step), step.at * pace * 1000));
    };
    return {
      ready,
      start: () => void ready.then(startTimers, () => undefined),
      stop,
      made: all.promise,
      [Symbol.asyncDispose]: async () => {
        stop();
        await last;
        await undoAll(standing);
      },
    };
  }

  /**
   * The steps of a phase in order: changes are made, and those with an `until` undone.
   *
   * @param standing holds what is made and not undone
   */
  #steps(cycle: string, standing: Set<Made>): readonly Step[] {
    const steps = this.#scheduled.flatMap(({ at, until, change }) => {
      let made: Made | undefined;
      const make = async (): Promise<void> => {
        made = await this.#make(change, cycle);
        standing.add(made);
      };
      const undo = async (): Promise<void> => {
        // A change that failed has nothing to undo.
        if (made === undefined) return;
        await made.undo();
        standing.delete(made);
      };
      return [{ at, take: make }, ...(until === undefined ? [] : [{ at: until, take: undo }])];
    });
    return steps.toSorted((one, other) => one.at - other.at);
  }
}

/** Undoes changes, the last one first. */
function undoAll(made: ReadonlySet<Made>): Promise<void> {
  return everyStep([...made].toReversed().map((each) => each.undo));
}
