import type { Untimed } from '../../run/history.ts';
import type { Change, Immediate } from '../../scenario/change.ts';
import { applyChange, type Target } from './changes.ts';
import type { Reading } from './done.ts';
import { Events, type PhaseEvent } from './events.ts';

interface Made {
  readonly undo: () => Promise<void>;
}

/** The changes that an agent has made, each recorded when it is made and when it is undone. */
export class AppliedChanges {
  readonly #target: Target;
  readonly #record: (event: Untimed & { type: 'change' }) => void;
  readonly #standing = new Map<number, Made>();
  #made = 0;
  /** What happens in the middle of every phase. */
  readonly events: Events;
  /** Under which a change is recorded that has not said so itself. */
  cycle = 'symptom';

  /** @param always what happens in the middle of every phase from the start */
  constructor(
    target: Target,
    always: readonly PhaseEvent[],
    record: (event: Untimed & { type: 'change' }) => void,
  ) {
    this.#target = target;
    this.#record = record;
    this.events = new Events(always, (change: Immediate, cycle) => this.#make(change, cycle));
  }

  /** @returns the change's number, by which it is undone */
  async apply(change: Change, cycle: string): Promise<number> {
    const id = ++this.#made;
    this.#standing.set(id, await this.#make(change, cycle));
    return id;
  }

  async undo(id: number): Promise<void> {
    const made = this.#standing.get(id);
    if (made === undefined) throw new Error(`no change ${String(id)} stands`);
    this.#standing.delete(id);
    await made.undo();
  }

  /** The latest first; one that can't be undone does not keep the others from it. @throws what went wrong */
  async undoAll(): Promise<void> {
    await using all = new AsyncDisposableStack();
    for (const id of this.#standing.keys()) all.defer(() => this.undo(id));
  }

  async #make(change: Change, cycle: string): Promise<Made> {
    this.cycle = cycle;
    const done = change.kind === 'event' ? this.events.arm(change) : await applyChange(change, this.#target);
    const { emulated } = done;
    const record = (action: 'apply' | 'undo', { found, readBack }: Reading): void => {
      this.#record({ type: 'change', cycle, action, change, found, readBack, emulated });
    };
    record('apply', done);
    return {
      undo: async () => {
        record('undo', await done.undo());
      },
    };
  }
}
