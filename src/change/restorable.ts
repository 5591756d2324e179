import type { Done } from './done.ts';
import { failuresOf, messageOf, settled } from './settled.ts';
import { allOrNone } from './undo-stack.ts';

/** One of the places where a change is made: a node, a pod, an nginx. */
export interface Site {
  /** For what is said of it where there are several. */
  readonly name: string;
  /** What is there now, in words that are equal where it is the same. */
  readonly read: () => string | Promise<string>;
  readonly make: () => unknown;
  /** Puts back what was there before. Called again where it failed. */
  readonly restore: (found: string) => unknown;
}

/**
 * Makes a change at every site, or at none: where one refuses, it is undone at the others. Undoing reads every site
 * again, and fails where it does not find what was there before.
 *
 * @param say renders what was read at the sites, in their order
 * @throws Error that names each site that refused; NotRestored where what was made at another can't be undone
 */
export async function restorable(
  sites: readonly Site[],
  say: (values: readonly string[]) => string = each,
): Promise<Done> {
  const { made, undo } = await allOrNone(async (stack) => {
    const found = await settled(sites.map(async (site) => site.read()));
    const states = sites.map((site, i) => new SiteState(site, found[i] ?? '', sites.length > 1));
    stack.defer(() => settled(states.map((state) => state.restore())));
    const readBack = await settled(states.map((state) => state.make()));
    return { found: say(found), readBack: say(readBack) };
  });
  return {
    ...made,
    emulated: false,
    undo: async () => {
      await undo();
      return { found: made.found, readBack: made.found };
    },
  };
}

/** What has been done at one site. */
class SiteState {
  readonly #site: Site;
  readonly #found: string;
  readonly #named: boolean;
  #state: 'untouched' | 'refused' | 'made' = 'untouched';

  constructor(site: Site, found: string, named: boolean) {
    this.#site = site;
    this.#found = found;
    this.#named = named;
  }

  async make(): Promise<string> {
    this.#state = 'refused';
    await this.#site.make();
    this.#state = 'made';
    return this.#site.read();
  }

  /** Only what is there counts where the change was refused: what it did not do can't be undone. */
  async restore(): Promise<void> {
    if (this.#state === 'untouched') return;
    const [failure] = await failuresOf([() => this.#site.restore(this.#found)]);
    const now = await this.#read();
    if (now === this.#found && (failure === undefined || this.#state === 'refused')) {
      this.#state = 'untouched';
      return;
    }
    const [before, after] = [this.#found, now].map((value) => JSON.stringify(value));
    const why = failure === undefined ? '' : ` (${messageOf(failure)})`;
    throw new Error(`${this.#named ? `${this.#site.name}: ` : ''}found ${before}, now ${after}${why}`);
  }

  async #read(): Promise<string> {
    try {
      return await this.#site.read();
    } catch (error) {
      return messageOf(error);
    }
  }
}

/** Each value once, where all sites are the same. */
function each(values: readonly string[]): string {
  return [...new Set(values)].join(' ');
}
