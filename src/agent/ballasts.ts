import type { ChangeOf } from '../schema/change.ts';
import type { Ballast } from './ballast.ts';
import type { Done, Reading } from '../change/done.ts';
import { allOrNone } from '../change/undo-stack.ts';

/** What takes the room of several nodes' tables: each has a ballast of its own, made when it is first wanted. */
export class Ballasts {
  readonly #make: (node: string) => Ballast;
  /** The node under test: its readings stand for all, and every other must come back just as well. */
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
  fill(change: ChangeOf<'squeeze'>): Promise<Done> {
    const nodes = [change.node, ...(change.alike ?? [])].filter((node) => this.#own.includes(node));
    return eachOf(nodes, (node) => this.#of(node).fill(change));
  }

  /** More room in every table that was filled. */
  giveBack(count: number): Promise<Done> {
    const nodes = this.#made.size > 0 ? [...this.#made.keys()] : [this.#underTest];
    return eachOf(nodes, (node) => Promise.resolve(this.#of(node).giveBack(count)));
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
  const readings: Reading[] = [];
  const { made, undo } = await allOrNone(async (stack) => {
    const done: Done[] = [];
    for (const [i, node] of nodes.entries()) {
      const one = await make(node);
      stack.defer(async () => {
        readings[i] = await one.undo();
      });
      done.push(one);
    }
    return done;
  });
  const [first] = made;
  if (first === undefined) throw new Error('a squeeze names a node');
  return {
    ...first,
    undo: async () => {
      await undo();
      return readings[0] ?? first;
    },
  };
}
