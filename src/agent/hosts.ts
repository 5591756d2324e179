import { NetHost } from '../host/net-host.ts';
import type { Host } from '../host/host.ts';
import { traced, type Trace } from '../host/traced.ts';
import type { Namespaces } from './namespaces.ts';

/** The nodes and pods of a lab as hosts, by name. */
export interface Hosts {
  get(name: string): Host;
}

/** Hosts of this machine's namespaces. Commands to them are traced. */
export class NetHosts implements Hosts {
  readonly #namespaces: Namespaces;
  readonly #trace: Trace;
  readonly #hosts = new Map<string, Host>();

  constructor(namespaces: Namespaces, trace: Trace) {
    this.#namespaces = namespaces;
    this.#trace = trace;
  }

  get(name: string): Host {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = traced(new NetHost(name, this.#namespaces.get(name)), this.#trace);
      this.#hosts.set(name, host);
    }
    return host;
  }
}
