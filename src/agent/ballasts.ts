import type { Done } from '../change/done.ts';
import type { Target } from '../change/target.ts';
import { allOrNone } from '../change/undo-stack.ts';
import type { Ballast } from './ballast.ts';

/** What takes the room of several nodes' tables: each has a ballast of its own, made when it is first wanted. */
export class Ballasts {
  readonly #make: (node: string) => Ballast;
  readonly #underTest: string;
  readonly #own: readonly string[];
  readonly #made = new Map<string, Ballast>();

  /** @param own the nodes that can be entered: others fill theirs themselves */
  constructor(underTest: string, own: readonly string[], make: (node: string) => Ballast) {
    this.#own = own;
    this.#underTest = underTest;
    this.#make = make;
  }

  /** Fills the table of each node that is named until `free` entries are left in it. */
  fill(change: Parameters<Target['ballasts']['fill']>[0]): Promise<Done> {
    const nodes = [change.node, ...(change.alike ?? [])].filter((node) => this.#own.includes(node));
    return eachOf(nodes, (node) => this.#of(node).fill(change));
  }

  /** More room in every table that was filled. */
  giveBack(count: number): Promise<Done> {
    const nodes = this.#made.size > 0 ? [...this.#made.keys()] : [this.#underTest];
    return eachOf(nodes, (node) => this.#of(node).giveBack(count));
  }

  /** Makes up for what the kernel has evicted of it. */
  renew(): void {
    for (const ballast of this.#made.values()) ballast.renew();
  }

  #of(node: string): Ballast {
    let ballast = this.#made.get(node);
    if (ballast === undefined) this.#made.set(node, (ballast = this.#make(node)));
    return ballast;
  }
}

/** One node after the other: filling a table for real takes the path through the node. */
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
      return readings.map(({ node, before, after }) => ({ node, before: after, after: before }));
    },
  };
}
