import { isNotRestored, notRestored } from '../util/not-restored.ts';
import { failuresOf, joined, messageOf, type Step } from '../util/settled.ts';

/** How what has been made is undone, the latest first. The one place that says "not restored". */
export class UndoStack {
  #undos: readonly Step[] = [];
  /** One at a time: what is being undone is not undone twice. */
  #undoing: Promise<void> = Promise.resolve();

  /** @param undo throws where it could not; it is then called again by the next `undo` */
  defer(undo: Step): void {
    this.#undos = [...this.#undos, undo];
  }

  /**
   * Undoes all that still stands, also after an undo that fails.
   *
   * @throws NotRestored naming each undo that failed; those stand, to be tried again
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
 * Makes something of several parts: all of them, or none. Where a part can't be made those before it are undone.
 *
 * @param make defers the undo of each part
 * @throws what `make` threw; NotRestored, with that in it, where a part could not be undone
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
