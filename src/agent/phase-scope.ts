import type { Happening } from './events.ts';
import { everyStep, type Step } from '../util/settled.ts';

/** What a phase begins on an agent, and must end with it: the sampler, scheduled changes, and what loads keep open. */
export class PhaseScope {
  /** Ends the loads of the phase; aborted where one of them fails, and where the phase is abandoned. */
  readonly stop = new AbortController();
  #sampler: AsyncDisposable | undefined;
  #scheduled: Happening | undefined;
  #running: Promise<void> = Promise.resolve();
  /** What loads keep open until the entries of the phase have been inspected. */
  readonly held = new DisposableStack();

  /** Until all scheduled changes have been made; rejects once one can't be. */
  get scheduled(): Promise<void> {
    return this.#scheduled?.made ?? Promise.resolve();
  }

  schedule(scheduled: Happening): void {
    this.#scheduled = scheduled;
  }

  /** @param sampler takes its last sample when it is disposed of */
  sample(sampler: AsyncDisposable): void {
    this.#sampler = sampler;
  }

  /** The step of the phase that is under way, which `abandon` waits for. */
  running(step: Promise<void>): Promise<void> {
    this.#running = step;
    return step;
  }

  /**
   * Ends everything that the phase began, also where a step before fails.
   *
   * @param observe what is recorded of the phase, while its connections and scheduled changes still stand
   * @throws one error that names every failure
   */
  async end(observe: readonly Step[]): Promise<void> {
    await everyStep([
      () => this.stopSampling(),
      ...observe,
      () => {
        this.held.dispose();
      },
      () => this.undoScheduled(),
    ]);
  }

  /** Stops the loads, waits until they have ended, and ends the phase without a record of it. */
  async abandon(): Promise<void> {
    this.stop.abort(new Error('the phase was abandoned'));
    // Whoever asked for the step is told how it failed.
    await this.#running.catch(() => undefined);
    await this.end([]);
  }

  async stopSampling(): Promise<void> {
    const sampler = this.#sampler;
    this.#sampler = undefined;
    await sampler?.[Symbol.asyncDispose]();
  }

  async undoScheduled(): Promise<void> {
    const scheduled = this.#scheduled;
    this.#scheduled = undefined;
    await scheduled?.[Symbol.asyncDispose]();
  }
}
