import type { Change } from '../change/index.ts';
import { isNotRestored, retryOf } from '../util/not-restored.ts';
import { messageOf } from '../util/settled.ts';
import type { Applied, LabOptions } from './lab.ts';

interface Failed {
  readonly change: Change;
  readonly cycle: string;
}

/**
 * What undos could not put back. One that fails is tried once more when the lab is closed, and what then remains is
 * told. Nothing is told of changes that the lab takes along when it goes.
 */
export class LeftBehind implements AsyncDisposable {
  readonly #onLeft: LabOptions['onLeft'];
  readonly #outlives: (change: Change) => boolean;
  readonly #failed = new Map<Applied, Failed>();

  /** @param outlives whether what a change did is still there once the lab is gone */
  constructor(onLeft: LabOptions['onLeft'], outlives: (change: Change) => boolean) {
    this.#onLeft = onLeft;
    this.#outlives = outlives;
  }

  /** The same change, whose undo is followed. */
  async follow(change: Change, cycle: string, applying: Promise<Applied>): Promise<Applied> {
    const applied = await applying.catch((error: unknown) => {
      const undo = retryOf(error);
      if (undo !== undefined) this.#failed.set({ undo }, { change, cycle });
      else if (isNotRestored(error) && this.#outlives(change)) this.#tell(cycle, error);
      throw error;
    });
    return {
      undo: async () => {
        this.#failed.set(applied, { change, cycle });
        await applied.undo();
        this.#failed.delete(applied);
      },
    };
  }

  /** A phase of a lab that is kept: its scheduled changes are undone within it. */
  async phase(cycle: string, phase: Promise<void>): Promise<void> {
    await phase.catch((error: unknown) => {
      if (isNotRestored(error)) this.#tell(cycle, error);
      throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [applied, { change, cycle }] of [...this.#failed].toReversed()) {
      if (!this.#outlives(change)) continue;
      await applied.undo().catch((error: unknown) => {
        this.#tell(cycle, error);
      });
    }
    this.#failed.clear();
  }

  #tell(cycle: string, error: unknown): void {
    this.#onLeft(`${cycle}: ${messageOf(error)}`);
  }
}
