import { isDeepStrictEqual } from 'node:util';
import { failuresOf, settled } from '../util/settled.ts';
import { sayValue, undone, type Done, type Reading, type Value } from './done.ts';
import { allOrNone } from './undo-stack.ts';
import { messageOf } from '../util/error-text.ts';

/** One place where a change is made: a node, a pod, an nginx. */
export interface Site {
  readonly name: string;
  /** The current state; equal states are deeply equal. */
  readonly read: () => Value | Promise<Value>;
  readonly make: () => unknown;
  /** Restores the state from before. Called again after a failure. */
  readonly restore: (before: Value) => unknown;
}

/**
 * Makes a change at every site, or at none: if one refuses, the others are undone. Undoing reads every site
 * and fails where the state differs from before.
 *
 * @throws Error naming each site that refused; NotRestored where another site can't be undone
 */
export async function restorable(sites: readonly Site[]): Promise<Done> {
  const { made, undo } = await allOrNone(async (stack) => {
    const before = await settled(sites.map(async (site) => site.read()));
    const states = sites.map((site, i) => new SiteState(site, before[i] ?? ''));
    stack.defer(() => settled(states.map((state) => state.restore(sites.length > 1))));
    return settled(states.map((state) => state.make()));
  });
  return {
    readings: made,
    undo: async () => {
      await undo();
      return undone(made);
    },
  };
}

/** The progress at one site. */
class SiteState {
  readonly #site: Site;
  readonly #before: Value;
  #state: 'untouched' | 'refused' | 'made' = 'untouched';

  constructor(site: Site, before: Value) {
    this.#site = site;
    this.#before = before;
  }

  async make(): Promise<Reading> {
    this.#state = 'refused';
    await this.#site.make();
    this.#state = 'made';
    return { node: this.#site.name, before: this.#before, after: await this.#site.read() };
  }

  /**
   * After a refused change only the state counts: its undo may fail.
   *
   * @param named whether the message names the site
   */
  async restore(named: boolean): Promise<void> {
    if (this.#state === 'untouched') return;
    const [failure] = await failuresOf([() => this.#site.restore(this.#before)]);
    const now = await this.#read();
    const isBack = isDeepStrictEqual(now, this.#before);
    if (isBack && (failure === undefined || this.#state === 'refused')) {
      this.#state = 'untouched';
      return;
    }
    const [before, after] = [this.#before, now].map((value) => JSON.stringify(sayValue(value)));
    const why = failure === undefined ? '' : ` (${messageOf(failure)})`;
    throw new Error(`${named ? `${this.#site.name}: ` : ''}was ${before ?? ''}, now ${after ?? ''}${why}`);
  }

  async #read(): Promise<Value> {
    try {
      return await this.#site.read();
    } catch (error) {
      return messageOf(error);
    }
  }
}
