import type { Untimed } from '../schema/history.ts';
import type { Change, Immediate } from '../change/index.ts';
import type { Done, Reading } from '../change/done.ts';
import { Events, type PhaseEvent } from './events.ts';
import { retryOf } from '../util/not-restored.ts';
import { everyStep } from '../util/settled.ts';
import { UndoStack } from '../change/undo-stack.ts';

/** The changes that an agent has made, each recorded when it is made and when it is undone. */
export class AppliedChanges {
  readonly #apply: (change: Immediate) => Promise<Done>;
  readonly #record: (event: Untimed & { type: 'change' }) => void;
  readonly #standing = new Map<number, Pick<UndoStack, 'undo'>>();
  readonly #making = new Set<Promise<UndoStack>>();
  #made = 0;
  /** What happens in the middle of every phase. */
  readonly events: Events;
  /** Under which a change is recorded that has not said so itself. */
  cycle = 'symptom';

  /** @param always what happens in the middle of every phase from the start */
  constructor(
    apply: (change: Immediate) => Promise<Done>,
    always: readonly PhaseEvent[],
    record: (event: Untimed & { type: 'change' }) => void,
  ) {
    this.#apply = apply;
    this.#record = record;
    this.events = new Events(always, async (change: Immediate, cycle) => {
      const id = await this.apply(change, cycle);
      return { undo: () => this.undo(id) };
    });
  }

  /** @returns the change's number, by which it is undone */
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

  /** @throws NotRestored where it can't be undone; it stands then, to be tried again */
  async undo(id: number): Promise<void> {
    const made = this.#standing.get(id);
    if (made === undefined) throw new Error(`no change ${String(id)} stands`);
    await made.undo();
    this.#standing.delete(id);
  }

  /** Undoes what stands or is being made, the latest first. @throws NotRestored naming what can't be undone */
  async undoAll(): Promise<void> {
    await Promise.allSettled(this.#making);
    await everyStep([...this.#standing.keys()].toReversed().map((id) => () => this.undo(id)));
  }

  async #make(change: Change, cycle: string): Promise<UndoStack> {
    this.cycle = cycle;
    const done = await (change.kind === 'event' ? this.events.arm(change) : this.#apply(change));
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
