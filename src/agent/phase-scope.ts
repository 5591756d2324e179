import type { RunningChanges } from './scheduled-changes.ts';
import { orAborted } from '../util/or-aborted.ts';
import { everyStep, type Step } from '../util/settled.ts';

/**
 * What a phase starts on an agent and must end: the sampler, scheduled changes, and resources held by loads.
 */
export class PhaseScope {
  /** Aborted when a load fails or the phase is abandoned; ends the phase's loads. */
  readonly stop = new AbortController();
  #sampler: AsyncDisposable | undefined;
  #scheduled: RunningChanges | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Resources that loads keep open until the phase's entries are inspected. */
  readonly held = new DisposableStack();

  /** Resolves once all scheduled changes are made; rejects when one fails, or the phase is stopped. */
  get scheduled(): Promise<void> {
    return this.#scheduled === undefined
      ? Promise.resolve()
      : orAborted(this.#scheduled.made, this.stop.signal);
  }

  /** Resolves once the changes at 0 are made: the demand meets what is there from the start. */
  schedule(scheduled: RunningChanges): Promise<void> {
    this.#scheduled = scheduled;
    this.stop.signal.addEventListener('abort', scheduled.stop, { once: true });
    return scheduled.ready;
  }

  /** The demand begins: the time of the changes after 0 counts from now. */
  startScheduled(): void {
    this.#scheduled?.start();
  }

  /** @param sampler takes its last sample on disposal */
  sample(sampler: AsyncDisposable): void {
    this.#sampler = sampler;
  }

  /** Tracks the running step, which `abandon` waits for. */
  running(step: Promise<void>): Promise<void> {
    this.#running = step;
    return step;
  }

  /**
   * Ends everything that the phase began, even if a step fails.
   *
   * @param observe records the phase while its connections and scheduled changes still exist
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

  /** Stops the loads, waits for them, and ends the phase without recording it. */
  async abandon(): Promise<void> {
    this.stop.abort(new Error('the phase was abandoned'));
    // The caller of the step receives its error.
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
