import { undone, type Done } from '../change/done.ts';
import type { Target } from '../change/target.ts';
import { allOrNone } from '../change/undo-stack.ts';
import type { Ballast } from './ballast.ts';

/** The ballast of each of an agent's nodes, created on first use. */
export class Ballasts {
  readonly #make: (node: string) => Ballast;
  readonly #underTest: string;
  readonly #own: readonly string[];
  readonly #made = new Map<string, Ballast>();

  /** @param own the agent's nodes; other agents fill the others */
  constructor(underTest: string, own: readonly string[], make: (node: string) => Ballast) {
    this.#own = own;
    this.#underTest = underTest;
    this.#make = make;
  }

  /** Fills the table of each named node until `free` entries are left in it. */
  fill(change: Parameters<Target['ballasts']['fill']>[0]): Promise<Done> {
    const nodes = [change.node, ...(change.alike ?? [])].filter((node) => this.#own.includes(node));
    return eachOf(nodes, (node) => this.#of(node).fill(change));
  }

  /** Deletes `count` ballast entries on every filled node. */
  giveBack(count: number): Promise<Done> {
    const nodes = this.#made.size > 0 ? [...this.#made.keys()] : [this.#underTest];
    return eachOf(nodes, (node) => this.#of(node).giveBack(count));
  }

  /** How many ballast entries a node's table was given; the kernel may have evicted some. */
  entries(node: string): number {
    return this.#made.get(node)?.entries ?? 0;
  }

  /** Reinserts entries that the kernel has evicted. */
  async renew(): Promise<void> {
    for (const ballast of this.#made.values()) await ballast.renew();
  }

  #of(node: string): Ballast {
    let ballast = this.#made.get(node);
    if (ballast === undefined) this.#made.set(node, (ballast = this.#make(node)));
    return ballast;
  }
}

/** Sequential: filling by traffic uses the path through the node. */
async function eachOf(nodes: readonly string[], make: (node: string) => Promise<Done>): Promise<Done> {
  const { made, undo } = await allOrNone(async (stack) => {
    const done: Done[] = [];
    for (const node of nodes) {
      const one = await make(node);
      stack.defer(one.undo);
      done.push(one);
    }
    return done;
  });
  const readings = made.flatMap((done) => done.readings);
  return {
    readings,
    emulated: made.some(({ emulated }) => emulated === true),
    undo: async () => {
      await undo();
      return undone(readings);
    },
  };
}
