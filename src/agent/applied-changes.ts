import type { Untimed } from '../schema/history.ts';
import type { Change, Immediate } from '../change/index.ts';
import type { Done, Reading } from '../change/done.ts';
import { ScheduledChanges, type ScheduledChange } from './scheduled-changes.ts';
import { retryOf } from '../util/not-restored.ts';
import { everyStep } from '../util/settled.ts';
import { UndoStack } from '../change/undo-stack.ts';

/** The changes that an agent has applied. Records each when it is applied and undone. */
export class AppliedChanges {
  readonly #apply: (change: Immediate) => Promise<Done>;
  readonly #record: (event: Untimed & { type: 'change' }) => void;
  readonly #standing = new Map<number, Pick<UndoStack, 'undo'>>();
  readonly #making = new Set<Promise<UndoStack>>();
  #made = 0;
  /** Changes made in the middle of every phase. */
  readonly scheduled: ScheduledChanges;
  /** Cycle recorded for events that carry none. */
  cycle = 'symptom';

  /** @param always scheduled changes of every phase, from the start */
  constructor(
    apply: (change: Immediate) => Promise<Done>,
    always: readonly ScheduledChange[],
    record: (event: Untimed & { type: 'change' }) => void,
  ) {
    this.#apply = apply;
    this.#record = record;
    this.scheduled = new ScheduledChanges(always, async (change: Immediate, cycle) => {
      const id = await this.apply(change, cycle);
      return { undo: () => this.undo(id) };
    });
  }

  /** @returns the change's number, for `undo` */
  async apply(change: Change, cycle: string): Promise<number> {
    const id = ++this.#made;
    const making = this.#make(change, cycle);
    this.#making.add(making);
    try {
      this.#standing.set(id, await making);
      return id;
    } catch (error) {
      const retry = retryOf(error);
      if (retry !== undefined) this.#standing.set(id, { undo: retry });
      throw error;
    } finally {
      this.#making.delete(making);
    }
  }

  /** @throws NotRestored where it can't be undone; the change stays applied and may be retried */
  async undo(id: number): Promise<void> {
    const made = this.#standing.get(id);
    if (made === undefined) throw new Error(`change ${String(id)} is not applied`);
    await made.undo();
    this.#standing.delete(id);
  }

  /**
   * Undoes all applied changes, latest first, after waiting for those in progress.
   *
   * @throws NotRestored naming those that failed
   */
  async undoAll(): Promise<void> {
    await Promise.allSettled(this.#making);
    await everyStep([...this.#standing.keys()].toReversed().map((id) => () => this.undo(id)));
  }

  async #make(change: Change, cycle: string): Promise<UndoStack> {
    this.cycle = cycle;
    const done = await (change.kind === 'event' ? this.scheduled.schedule(change) : this.#apply(change));
    const { emulated = false } = done;
    const record = (action: 'apply' | 'undo', readings: readonly Reading[]): void => {
      for (const reading of readings)
        this.#record({ type: 'change', cycle, action, change, ...reading, emulated });
    };
    record('apply', done.readings);
    const made = new UndoStack();
    made.defer(async () => {
      record('undo', await done.undo());
    });
    return made;
  }
}
