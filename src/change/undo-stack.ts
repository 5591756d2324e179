import { isNotRestored, notRestored } from '../util/not-restored.ts';
import { failuresOf, joined, type Step } from '../util/settled.ts';
import { messageOf } from '../util/error-text.ts';

/** Undoes steps, latest first. The only place that throws NotRestored. */
export class UndoStack {
  #undos: readonly Step[] = [];
  /** Serialises `undo`, so that no step is undone twice. */
  #undoing: Promise<void> = Promise.resolve();

  /** @param undo throws on failure; the next `undo` calls it again */
  defer(undo: Step): void {
    this.#undos = [...this.#undos, undo];
  }

  /**
   * Undoes everything left, continuing after failures.
   *
   * @throws NotRestored naming each undo that failed; those may be retried
   */
  undo(): Promise<void> {
    const undoing = this.#undoing.catch(() => undefined).then(() => this.#undo());
    this.#undoing = undoing;
    return undoing;
  }

  async #undo(): Promise<void> {
    const failed: unknown[] = [];
    for (const undo of this.#undos.toReversed()) {
      const failures = await failuresOf([undo]);
      failed.push(...failures);
      if (failures.length === 0) this.#undos = this.#undos.filter((each) => each !== undo);
    }
    if (failed.length > 0) throw joined(failed.map(asNotRestored));
  }
}

/**
 * Makes all parts of something, or none: if a part fails, those before it are undone.
 *
 * @param make defers the undo of each part
 * @throws what `make` threw; NotRestored, including that, where a part could not be undone
 */
export async function allOrNone<T>(
  make: (undo: UndoStack) => Promise<T>,
): Promise<{ readonly made: T; readonly undo: () => Promise<void> }> {
  const stack = new UndoStack();
  try {
    return { made: await make(stack), undo: () => stack.undo() };
  } catch (error) {
    const [left] = await failuresOf([() => stack.undo()]);
    if (left === undefined) throw error;
    throw notRestored(joined([error, left]).message, error, () => stack.undo());
  }
}

function asNotRestored(error: unknown): Error {
  return isNotRestored(error) ? error : notRestored(`not restored: ${messageOf(error)}`, error);
}
