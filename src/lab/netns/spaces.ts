import { NetNamespace } from '../../kernel/netns.ts';

/** The network namespaces of a lab by name, each opened once, on first use. */
export class Spaces {
  readonly #open = new Map<string, NetNamespace>();

  get(name: string): NetNamespace {
    let space = this.#open.get(name);
    if (space === undefined) this.#open.set(name, (space = NetNamespace.open(`/run/netns/${name}`)));
    return space;
  }
}
