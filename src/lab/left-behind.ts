import { immediateOf, outlivesLab, type Change } from '../change/index.ts';
import { isNotRestored, retryOf } from '../util/not-restored.ts';
import type { Applied, LabOptions } from './lab.ts';
import { messageOf } from '../util/error-text.ts';

/**
 * Ends the wait for a change. What may outlive the lab is awaited despite an abort, so that it can be undone;
 * it has a time limit.
 */
export function untilMade(change: Change, signal: AbortSignal): AbortSignal {
  return outlivesLab(immediateOf(change)) ? new AbortController().signal : signal;
}

interface Failed {
  readonly change: Change;
  readonly cycle: string;
}

/**
 * Tracks undos that failed. Closing the lab retries each once and reports those that still fail. Changes that
 * end with the lab are not reported.
 */
export class LeftBehind implements AsyncDisposable {
  readonly #onLeft: LabOptions['onLeft'];
  readonly #outlives: (change: Change) => boolean;
  readonly #lost: AbortSignal;
  readonly #failed = new Map<Applied, Failed>();

  /**
   * @param outlives whether a change's effect remains once the lab is gone
   * @param lost aborts when an agent is gone, with the error of the requests that it did not answer
   */
  constructor(onLeft: LabOptions['onLeft'], outlives: (change: Change) => boolean, lost: AbortSignal) {
    this.#onLeft = onLeft;
    this.#outlives = outlives;
    this.#lost = lost;
  }

  /** Returns the change with its undo tracked. */
  async follow(change: Change, cycle: string, applying: Promise<Applied>): Promise<Applied> {
    const asked = !this.#lost.aborted;
    const applied = await applying.catch((error: unknown) => {
      const undo = retryOf(error);
      // How far the agent got is not known.
      if (asked && error === this.#lost.reason && this.#outlives(change))
        this.#onLeft(`${cycle}: not restored: ${messageOf(error)}`);
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

  /** Reports scheduled changes that a kept lab could not undo within a phase. */
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
