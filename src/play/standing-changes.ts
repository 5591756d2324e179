import type { Change } from '../change/index.ts';
import { allOrNone } from '../change/undo-stack.ts';
import type { Lab } from '../lab/lab.ts';
import type { HistoryEvent } from '../schema/history.ts';
import { HANDS } from './view.ts';
import { raiseOf } from '../change/kinds/limit.ts';

/** Changes that were made under one name, and what the lab recorded of them. */
interface Standing {
  readonly changes: readonly Change[];
  readonly undo: () => Promise<void>;
  readonly events: readonly HistoryEvent[];
}

/** The changes that stand in a lab, by name, oldest first. */
export class StandingChanges {
  readonly #lab: Lab;
  readonly #taken: () => readonly HistoryEvent[];
  readonly #applied = new Map<string, Standing>();

  /** @param taken the lab's events since its last call */
  constructor(lab: Lab, taken: () => readonly HistoryEvent[]) {
    this.#lab = lab;
    this.#taken = taken;
  }

  get names(): readonly string[] {
    return [...this.#applied.keys()];
  }

  get events(): readonly HistoryEvent[] {
    return [...this.#applied.values()].flatMap(({ events }) => events);
  }

  /** Names of those that raised the limit, with their changes. */
  get raised(): readonly (readonly [name: string, changes: readonly Change[]])[] {
    return [...this.#applied].flatMap(([name, { changes }]) =>
      changes.some(raiseOf) ? [[name, changes] as const] : [],
    );
  }

  /** Makes changes under a name, all or none. @throws Error where the lab can't */
  async apply(name: string, changes: readonly Change[], signal: AbortSignal): Promise<void> {
    this.#taken();
    const { undo } = await allOrNone(async (made) => {
      for (const change of changes) {
        const applied = await this.#lab.apply(change, HANDS, signal);
        made.defer(applied.undo);
      }
    });
    this.#applied.set(name, { changes, undo, events: this.#taken() });
  }

  /** @throws NotRestored where it can't be undone; the next call tries again */
  async undo(name: string): Promise<void> {
    const standing = this.#applied.get(name);
    if (standing === undefined) return;
    await standing.undo();
    this.#applied.delete(name);
    this.#taken();
  }
}
