import { NetNamespace } from '../kernel/netns.ts';
import { hasVeth, type Network } from './network.ts';

/** The network namespaces of a lab by name, each opened on first use. */
export class Namespaces {
  readonly #open = new Map<string, NetNamespace>();
  /** The node of each pod on its node's network. */
  readonly #nodeOf: ReadonlyMap<string, string>;

  constructor({ pods }: Pick<Network, 'pods'>) {
    this.#nodeOf = new Map(pods.filter((pod) => !hasVeth(pod)).map(({ name, node }) => [name, node]));
  }

  get(name: string): NetNamespace {
    const path = `/run/netns/${this.#nodeOf.get(name) ?? name}`;
    let space = this.#open.get(path);
    if (space === undefined) this.#open.set(path, (space = NetNamespace.open(path)));
    return space;
  }

  /** The numbers by which the kernel's log names these namespaces. */
  inodes(names: readonly string[]): Readonly<Record<string, number>> {
    return Object.fromEntries(names.map((name) => [name, this.get(name).inode]));
  }
}
