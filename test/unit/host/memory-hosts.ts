import type { Hosts } from '../../../src/agent/hosts.ts';
import { FakeHost } from '../../../src/host/fake-host.ts';

/** Hosts in memory, which a test can look into and have refuse. */
export class MemoryHosts implements Hosts {
  readonly #hosts = new Map<string, FakeHost>();

  get(name: string): FakeHost {
    let host = this.#hosts.get(name);
    if (host === undefined) this.#hosts.set(name, (host = new FakeHost(name)));
    return host;
  }
}

/** Has a host refuse what has this in it. */
export function refusing(host: FakeHost, part: string, why = 'Operation not permitted'): void {
  host.refuse = (what) => {
    if (what.includes(part)) throw new Error(why);
  };
}

/** Has a host do as it is told again. */
export function obeying(host: FakeHost): void {
  host.refuse = () => undefined;
}
