import type { Change } from '../../scenario/change.ts';
import type { Ballast } from './ballast.ts';
import type { Done } from './done.ts';

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
  fill(change: Extract<Change, { kind: 'squeeze' }>): Promise<Done> {
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

async function eachOf(nodes: readonly string[], make: (node: string) => Promise<Done>): Promise<Done> {
  const done: Done[] = [];
  for (const node of nodes) done.push(await make(node));
  const [first] = done;
  if (first === undefined) throw new Error('a squeeze names a node');
  const undo = async (): ReturnType<Done['undo']> => {
    const readings = [];
    for (const each of done) readings.push(await each.undo());
    return readings[0] ?? first;
  };
  return { ...first, undo };
}
